import type { CommissioningReport } from "@intramuros/contracts/browser";
import { Link } from "react-router";
import { latency, percent } from "../../shared/format/time.ts";
import { useText, wordFor } from "../../shared/i18n/use-text.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { Facts, fact } from "../../shared/ui/parts.tsx";

const STAGES = ["setup", "greeting", "endpoint", "recognition", "dialogue", "synthesis", "response"] as const;

/** What one call showed, from the outside: the same figures that the command line prints. */
export function Report({ report }: { readonly report: CommissioningReport }) {
  const { t, language } = useText();
  const longest = Math.max(1, ...STAGES.map((stage) => report.latencyMs[stage]));
  const ms = (value: number) => latency(value, language);
  return (
    <>
      <div className={`verdict ${report.ok ? "verdict-good" : "verdict-bad"}`} role="status">
        <Icon name={report.ok ? "check" : "alert"} size={20} />
        <div>
          <strong>{t(report.ok ? "commissioning.ok" : "commissioning.notOk")}</strong>
          <p className="verdict-steps">
            {(["answered", "understood", "audited"] as const).map((step) => (
              <span key={step}>
                <Icon name={report[step] ? "check" : "close"} size={13} />
                {t(`commissioning.${step}`)}
                <span className="sr">: {t(report[step] ? "common.yes" : "common.no")}</span>
              </span>
            ))}
          </p>
        </div>
      </div>
      {report.problems.length > 0 && (
        <ul className="call-problems">
          {report.problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      )}
      <Facts
        items={[
          fact(t("commissioning.said"), report.spoken),
          fact(t("commissioning.heard"), report.heard === "" ? t("commissioning.nothingHeard") : report.heard),
          report.article === undefined
            ? null
            : fact(
                t("commissioning.article"),
                <>
                  <Link to={`/knowledge?article=${encodeURIComponent(report.article.id)}`}>{report.article.title}</Link>{" "}
                  <span className="num muted">{report.article.score.toFixed(2)}</span>
                </>,
              ),
          report.emotion === undefined
            ? null
            : fact(
                t("commissioning.emotion"),
                report.emotion.abstained
                  ? t("conversation.mood.unsure")
                  : `${wordFor(t, "conversation.mood", report.emotion.label)} ${percent(report.emotion.probability)}`,
              ),
          fact(
            t("commissioning.media"),
            t("commissioning.mediaLine", { ...report.media, jitter: ms(report.media.jitterMs) }),
          ),
        ]}
      />
      <section>
        <h3>{t("commissioning.latencies")}</h3>
        <dl className="stages">
          {STAGES.map((stage) => (
            <div key={stage} className={stage === "response" ? "stage-total" : ""}>
              <dt>{t(`commissioning.stage.${stage}`)}</dt>
              <dd>
                <span className="stage-bar" aria-hidden="true">
                  <span style={{ width: `${(Math.max(0, report.latencyMs[stage]) / longest) * 100}%` }} />
                </span>
                <span className="num">{ms(report.latencyMs[stage])}</span>
              </dd>
            </div>
          ))}
        </dl>
      </section>
      <section>
        <h3>{t("commissioning.transcripts")}</h3>
        <ol className="call-lines">
          {report.transcripts.map((line) => (
            <li key={`${line.atMs}${line.who}`}>
              <span className="num muted">{ms(line.atMs)}</span>
              <span className="muted">{t(`commissioning.who.${line.who}`)}</span>
              <span>{line.text}</span>
            </li>
          ))}
        </ol>
      </section>
      <section>
        <h3>{t("commissioning.ladder")}</h3>
        <ol className="call-lines call-ladder">
          {report.ladder.map((step, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a finished ladder never changes
            <li key={place}>
              <span className="num muted">{ms(step.atMs)}</span>
              <span className="ladder-arrow">{step.direction}</span>
              <code>{step.line}</code>
            </li>
          ))}
        </ol>
      </section>
      <p className="call-links">
        {report.conversationId !== undefined && (
          <Link to={`/conversations/${encodeURIComponent(report.conversationId)}`}>
            {t("commissioning.openConversation")}
          </Link>
        )}
        {report.auditSeq !== undefined && (
          <Link to={`/audit?entry=${report.auditSeq}`}>{t("commissioning.openAudit", { seq: report.auditSeq })}</Link>
        )}
        <code className="muted">{report.sipCallId}</code>
      </p>
    </>
  );
}
