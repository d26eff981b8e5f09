import Button from "antd/es/button";
import Input from "antd/es/input";
import Segmented from "antd/es/segmented";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { useModels } from "../../shared/api/models.ts";
import { TextArea } from "../../shared/form/text-area.tsx";
import { useText } from "../../shared/i18n/use-text.ts";
import { Dialog } from "../../shared/ui/dialog.tsx";
import { FaultNotice } from "../../shared/ui/fault-notice.tsx";
import { Loading } from "../../shared/ui/parts.tsx";
import { useCall, usePlaceCall } from "./api/commissioning-call.ts";
import { firstLanguage, hears } from "./ears.ts";
import { progressText } from "./progress-text.ts";
import { Report } from "./report.tsx";
import "./commissioning.css";

/** Opened by `?test-call=new`; the address then carries the call's id, so that a reload comes back to it. */
export function CommissioningDialog() {
  const { t } = useText();
  const [params, setParams] = useSearchParams();
  const id = params.get("test-call");
  const set = (value: string | null) =>
    setParams(
      (old) => {
        const next = new URLSearchParams(old);
        if (value === null) next.delete("test-call");
        else next.set("test-call", value);
        return next;
      },
      { replace: true },
    );
  if (id === null) return null;
  return (
    <Dialog label={t("commissioning.title")} onClose={() => set(null)} className="commissioning">
      {id === "new" ? <Ask started={set} /> : <Progress id={id} again={() => set("new")} />}
    </Dialog>
  );
}

function Ask({ started }: { readonly started: (id: string) => void }) {
  const { t, language: own } = useText();
  const models = useModels().data;
  const [chosen, setLanguage] = useState<"zh" | "en" | null>(null);
  const language = chosen ?? firstLanguage(models, own);
  const [say, setSay] = useState<string | null>(null);
  const [to, setTo] = useState("");
  const place = usePlaceCall();
  const words = say ?? t(`commissioning.sayDefault.${language}`);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const number = to.trim();
        place.mutate(
          { say: words.trim(), language, ...(number === "" ? {} : { to: number }) },
          { onSuccess: (job) => started(job.id) },
        );
      }}
    >
      <div className="dialog-body stack">
        <p className="muted">{t("commissioning.lead")}</p>
        {place.error && <FaultNotice error={place.error} kept />}
        <div className="ask-field">
          <span id="call-language">{t("commissioning.language")}</span>
          <Segmented
            aria-labelledby="call-language"
            value={language}
            onChange={setLanguage}
            options={[
              { value: "zh", label: t("common.lang.zh") },
              { value: "en", label: t("common.lang.en") },
            ]}
          />
        </div>
        {!hears(models, language) && <p className="warn-words">{t("commissioning.deaf")}</p>}
        <div className="ask-field">
          <label htmlFor="call-say">{t("commissioning.say")}</label>
          <TextArea
            id="call-say"
            lines={2}
            maxLength={300}
            value={words}
            onChange={(event) => setSay(event.target.value)}
          />
        </div>
        <div className="ask-field">
          <label htmlFor="call-to">{t("commissioning.to")}</label>
          <Input id="call-to" maxLength={40} value={to} onChange={(event) => setTo(event.target.value)} />
          <p className="subtle">{t("commissioning.toHelp")}</p>
        </div>
      </div>
      <footer className="dialog-foot">
        <Button type="primary" htmlType="submit" loading={place.isPending} disabled={words.trim() === ""}>
          {t("commissioning.start")}
        </Button>
      </footer>
    </form>
  );
}

function Progress({ id, again }: { readonly id: string; readonly again: () => void }) {
  const { t } = useText();
  const call = useCall(id);
  const job = call.data;
  if (job === undefined)
    return <div className="dialog-body">{call.error ? <FaultNotice error={call.error} /> : <Loading />}</div>;
  return (
    <>
      <div className="dialog-body stack">
        {call.error && <FaultNotice error={call.error} />}
        {job.state === "running" && (
          <div role="status">
            <p className="muted">{t("commissioning.running")}</p>
            <ol className="call-progress">
              {job.progress.map((line, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: lines are only ever added at the end
                <li key={place}>{progressText(t, line)}</li>
              ))}
            </ol>
            <Loading />
          </div>
        )}
        {job.state === "failed" && (
          <div className="fault" role="alert">
            <div className="fault-words">
              <p className="fault-title">{t("commissioning.notOk")}</p>
              <p>{job.problem}</p>
            </div>
          </div>
        )}
        {job.report !== undefined && <Report report={job.report} />}
      </div>
      {job.state !== "running" && (
        <footer className="dialog-foot">
          <Button onClick={again}>{t("commissioning.again")}</Button>
        </footer>
      )}
    </>
  );
}
