import { type DoctorFinding, type DoctorRequest, DoctorRequestSchema, type Trunk } from "@intramuros/contracts/browser";
import Button from "antd/es/button";
import Form from "antd/es/form";
import Input from "antd/es/input";
import { Link } from "react-router";
import { callPath } from "../../../shared/call/call-columns.tsx";
import { useCheckedForm } from "../../../shared/form/checked-form.ts";
import { latency } from "../../../shared/format/time.ts";
import { useText } from "../../../shared/i18n/use-text.ts";
import { FaultNotice } from "../../../shared/ui/fault-notice.tsx";
import { Icon } from "../../../shared/ui/icon.tsx";
import { Loading, Panel, Status, type Tone } from "../../../shared/ui/parts.tsx";
import { useUrlFilter } from "../../../shared/ui/url-filter.ts";
import { useDoctor, useStartDoctor } from "../api/trunk-doctor.ts";
import { countOf, type DoctorStep, doctorSteps } from "./doctor-steps.ts";
import { findingWords } from "./doctor-words.ts";
import { fieldWord } from "./trunk-field.tsx";
import { fieldOf } from "./trunk-fields.ts";

/** Tries the trunk out; steps appear as they are made, and a finding leads to the field that it is about. */
export function TrunkDoctor({ trunk }: { readonly trunk: Trunk }) {
  const { t } = useText();
  const [id, setId] = useUrlFilter("trial");
  const job = useDoctor(id === "" ? null : id);
  const running = job.data?.state === "running";
  return (
    <div className="stack doctor">
      <Ask trunk={trunk} started={setId} again={id !== ""} running={running} />
      {job.error && <FaultNotice error={job.error} />}
      {id !== "" && job.data === undefined && job.error === null && <Loading />}
      {job.data !== undefined && (
        <>
          <div role="status">
            {running && <p className="muted">{t("trunk.doctor.running")}</p>}
            {job.data.state === "failed" && (
              <div className="fault">
                <Icon name="alert" size={18} />
                <div className="fault-words">
                  <p className="fault-title">{t("trunk.doctor.failed")}</p>
                  <p>{job.data.problem}</p>
                </div>
              </div>
            )}
            {job.data.report !== undefined && (
              <Outcome findings={job.data.report.findings} ok={job.data.report.ok} tookMs={job.data.report.tookMs} />
            )}
          </div>
          <Panel flush>
            <ol className="doctor-steps">
              {doctorSteps(job.data).map((step) => (
                <Step key={step.step} step={step} trunk={trunk} />
              ))}
            </ol>
          </Panel>
          {(job.data.report?.sipCallIds.length ?? 0) > 0 && (
            <Panel title={t("trunk.doctor.ladders")}>
              <ul className="chips roomy">
                {job.data.report?.sipCallIds.map((sipCallId, place) => (
                  <li key={sipCallId}>
                    <Link to={callPath(sipCallId)}>{t("trunk.doctor.ladder", { n: place + 1 })}</Link>
                  </li>
                ))}
              </ul>
            </Panel>
          )}
        </>
      )}
    </div>
  );
}

function Ask(props: {
  readonly trunk: Trunk;
  readonly started: (id: string) => void;
  readonly again: boolean;
  readonly running: boolean;
}) {
  const { t } = useText();
  const start = useStartDoctor(props.trunk.id);
  const checked = useCheckedForm<DoctorRequest>({
    schema: DoctorRequestSchema,
    initial: { echoNumber: "", loopNumber: "", otherNumber: "", digits: "1234567890*#" },
    save: async (body) => props.started((await start.mutateAsync(body)).id),
  });
  return (
    <Panel>
      {checked.fault !== null && <FaultNotice error={checked.fault} kept />}
      <Form
        form={checked.form}
        layout="vertical"
        initialValues={{ echoNumber: "", loopNumber: "", otherNumber: "", digits: "1234567890*#" }}
        validateTrigger={[]}
        onFinish={() => void checked.submit()}
      >
        <div className="doctor-ask">
          <p>{t("trunk.doctor.lead")}</p>
          <Button type="primary" htmlType="submit" loading={checked.busy || props.running}>
            {t(props.again ? "trunk.doctor.again" : "trunk.doctor.start")}
          </Button>
        </div>
        <details className="doctor-options">
          <summary>{t("trunk.doctor.options")}</summary>
          <div className="trunk-fields">
            <Form.Item name="echoNumber" label={t("trunk.doctor.echoNumber")} extra={t("trunk.doctor.echoHelp")}>
              <Input maxLength={40} className="num" />
            </Form.Item>
            <Form.Item name="loopNumber" label={t("trunk.doctor.loopNumber")} extra={t("trunk.doctor.loopHelp")}>
              <Input maxLength={40} className="num" />
            </Form.Item>
            <Form.Item name="otherNumber" label={t("trunk.doctor.otherNumber")} extra={t("trunk.doctor.otherHelp")}>
              <Input maxLength={40} className="num" />
            </Form.Item>
            <Form.Item name="digits" label={t("trunk.doctor.digits")}>
              <Input maxLength={16} className="num" />
            </Form.Item>
          </div>
        </details>
      </Form>
    </Panel>
  );
}

function Outcome(props: {
  readonly findings: readonly DoctorFinding[];
  readonly ok: boolean;
  readonly tookMs: number;
}) {
  const { t, language } = useText();
  const warnings = countOf(props.findings, "warning");
  return (
    <p className={`doctor-outcome ${props.ok ? "doctor-good" : "doctor-bad"}`}>
      <Icon name={props.ok ? "check" : "alert"} size={18} />
      <strong>
        {props.ok ? t("trunk.doctor.ok") : t("trunk.doctor.notOk", { count: countOf(props.findings, "failed") })}
      </strong>
      {warnings > 0 && <span>{t("trunk.doctor.warnings", { count: warnings })}</span>}
      <span className="muted">{t("trunk.doctor.took", { ms: latency(props.tookMs, language) })}</span>
    </p>
  );
}

const TONES: Readonly<Record<DoctorStep["state"], Tone>> = {
  waiting: "quiet",
  trying: "info",
  "not-tried": "quiet",
  passed: "good",
  warning: "warn",
  failed: "bad",
  skipped: "quiet",
};

function Step({ step, trunk }: { readonly step: DoctorStep; readonly trunk: Trunk }) {
  const { t } = useText();
  const word =
    step.state === "waiting"
      ? t("trunk.doctor.waiting")
      : step.state === "trying"
        ? t("trunk.doctor.trying")
        : step.state === "not-tried"
          ? t("trunk.doctor.notTried")
          : t(`trunk.doctor.result.${step.state}`);
  return (
    <li className={`doctor-step doctor-${step.state}`}>
      <span className="doctor-step-name">{t(`trunk.doctor.step.${step.step}`)}</span>
      <Status tone={TONES[step.state]}>{word}</Status>
      <div className="doctor-findings">
        {step.findings.map((finding, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: findings of a step are only ever added at the end
          <Finding key={place} finding={finding} trunk={trunk} />
        ))}
      </div>
    </li>
  );
}

function Finding({ finding, trunk }: { readonly finding: DoctorFinding; readonly trunk: Trunk }) {
  const { t, language } = useText();
  const { what, change, detail } = findingWords(finding, language);
  const field = finding.field === "" ? null : fieldOf(finding.field);
  return (
    <div className="doctor-finding">
      <p>{what}</p>
      {change !== "" && (
        <p className="doctor-change">
          <strong>{t("trunk.doctor.change")}: </strong>
          {change}
        </p>
      )}
      {field !== null && finding.result !== "passed" && (
        <p>
          <Link to={`/telephony/trunks/${encodeURIComponent(trunk.id)}/form?field=${encodeURIComponent(field)}`}>
            {t("trunk.doctor.toField", { field: fieldWord(t, field) })}
          </Link>
        </p>
      )}
      {detail !== "" && (
        <p className="subtle">
          <span className="sr">{t("trunk.doctor.evidence")} </span>
          <code>{detail}</code>
        </p>
      )}
    </div>
  );
}
