import { PASSWORD_MAX, PASSWORD_MIN } from "@intramuros/contracts/browser";
import Button from "antd/es/button";
import Input from "antd/es/input";
import { type FormEvent, useState } from "react";
import { asFault } from "../../shared/api/fault.ts";
import { useText } from "../../shared/i18n/use-text.ts";
import { FaultNotice } from "../../shared/ui/fault-notice.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { useSetUp } from "./api/set-up.ts";
import { Door, DoorField } from "./door.tsx";
import { allGood, checkPassword } from "./password.ts";

/** The first administrator, with the one-time code from the terminal. */
export function SetupPage({ siteName }: { readonly siteName: string }) {
  const { t } = useText();
  const setUp = useSetUp();
  const [entry, setEntry] = useState({ code: "", username: "", displayName: "", password: "", repeat: "" });
  const set = (name: keyof typeof entry) => (event: { target: { value: string } }) =>
    setEntry({ ...entry, [name]: event.target.value });
  const check = checkPassword(entry);
  const ready = allGood(check) && entry.code !== "" && entry.username.length >= 2 && entry.displayName !== "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    const { repeat: _typedTwice, ...body } = entry;
    setUp.mutate({ ...body, code: body.code.trim() });
  };
  const fault = setUp.error ? asFault(setUp.error) : null;
  const lines = [
    [check.length, t("session.policyLength", { min: PASSWORD_MIN, max: PASSWORD_MAX })],
    [check.name, t("session.policyName")],
    [check.varied, t("session.policyVaried")],
    [check.repeat, t("session.policyRepeat")],
  ] as const;
  return (
    <Door siteName={siteName} title={t("session.setupTitle")}>
      <p className="door-intro">{t("session.setupIntro")}</p>
      {fault !== null && <FaultNotice error={fault} kept />}
      <form onSubmit={submit}>
        <DoorField id="code" label={t("session.code")} help={t("session.codeHelp")}>
          {(field) => (
            <Input {...field} autoFocus autoComplete="one-time-code" value={entry.code} onChange={set("code")} />
          )}
        </DoorField>
        <DoorField id="displayName" label={t("session.displayName")}>
          {(field) => (
            <Input
              {...field}
              autoComplete="name"
              maxLength={80}
              value={entry.displayName}
              onChange={set("displayName")}
            />
          )}
        </DoorField>
        <DoorField id="username" label={t("session.username")}>
          {(field) => (
            <Input
              {...field}
              autoComplete="username"
              maxLength={64}
              value={entry.username}
              onChange={set("username")}
            />
          )}
        </DoorField>
        <DoorField id="password" label={t("session.password")}>
          {(field) => (
            <Input.Password {...field} autoComplete="new-password" value={entry.password} onChange={set("password")} />
          )}
        </DoorField>
        <DoorField id="repeat" label={t("session.repeat")}>
          {(field) => (
            <Input.Password {...field} autoComplete="new-password" value={entry.repeat} onChange={set("repeat")} />
          )}
        </DoorField>
        <section className="policy">
          <h2>{t("session.policyTitle")}</h2>
          <ul>
            {lines.map(([done, words]) => (
              <li key={words} data-done={done}>
                <Icon name="check" />
                <span>
                  {words}
                  <span className="sr">{done ? " ✓" : ""}</span>
                </span>
              </li>
            ))}
          </ul>
        </section>
        <Button type="primary" size="large" block htmlType="submit" loading={setUp.isPending} disabled={!ready}>
          {t("session.setupSubmit")}
        </Button>
      </form>
    </Door>
  );
}
