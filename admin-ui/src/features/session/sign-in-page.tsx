import Button from "antd/es/button";
import Input from "antd/es/input";
import { type FormEvent, useState } from "react";
import { asFault } from "../../shared/api/fault.ts";
import { useText } from "../../shared/i18n/use-text.ts";
import { FaultNotice } from "../../shared/ui/fault-notice.tsx";
import { useSignIn } from "./api/sign-in.ts";
import { Door, DoorField } from "./door.tsx";

export function SignInPage({ siteName }: { readonly siteName: string }) {
  const { t } = useText();
  const signIn = useSignIn();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (username !== "" && password !== "") signIn.mutate({ username, password });
  };
  const fault = signIn.error ? asFault(signIn.error) : null;
  return (
    <Door siteName={siteName} title={t("session.signIn")}>
      {fault !== null &&
        (fault.status === 401 ? (
          <div className="fault" role="alert">
            <div className="fault-words">
              <p className="fault-title">{t("session.wrong")}</p>
              <p>{t("session.wrongHint")}</p>
            </div>
          </div>
        ) : (
          <FaultNotice error={fault} kept />
        ))}
      <form onSubmit={submit}>
        <DoorField id="username" label={t("session.username")}>
          {(field) => (
            <Input
              {...field}
              size="large"
              autoFocus
              autoComplete="username"
              value={username}
              onChange={(event) => setUsername(event.target.value)}
            />
          )}
        </DoorField>
        <DoorField id="password" label={t("session.password")}>
          {(field) => (
            <Input.Password
              {...field}
              size="large"
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </DoorField>
        <Button
          className="door-submit"
          type="primary"
          size="large"
          block
          htmlType="submit"
          loading={signIn.isPending}
          disabled={username === "" || password === ""}
        >
          {t("session.signIn")}
        </Button>
      </form>
    </Door>
  );
}
