import type { CallTrace } from "@intramuros/contracts/browser";
import Button from "antd/es/button";
import { Link, useParams } from "react-router";
import { useRole } from "../../shared/api/session.ts";
import { useTrunks } from "../../shared/api/trunks.ts";
import { Mos } from "../../shared/call/mos.tsx";
import { codesOf, useVerdictText, verdictTone } from "../../shared/call/verdict.tsx";
import { phoneFor } from "../../shared/format/phone.ts";
import { duration, latency } from "../../shared/format/time.ts";
import { useText } from "../../shared/i18n/use-text.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { Loaded } from "../../shared/ui/loaded.tsx";
import { Badge, Facts, fact, Panel, Status, Time } from "../../shared/ui/parts.tsx";
import { toast } from "../../shared/ui/toast.tsx";
import { useCallTrace } from "./api/call-trace.ts";
import { capturePath, capturesFor } from "./api/capture.ts";
import { Ladder } from "./ladder.tsx";
import { LegQuality } from "./leg-quality.tsx";
import { SdpTable } from "./sdp-table.tsx";
import "./calls.css";

/** One call as it went over the wire: why it ended, the ladder, what was agreed, how it sounded, and all of it to take away. */
export function CallPage() {
  const { t } = useText();
  const { id = "" } = useParams();
  const trace = useCallTrace(id);
  return (
    <>
      <Link to="/calls" className="back">
        <Icon name="back" size={14} />
        {t("calls.back")}
      </Link>
      <Loaded of={trace}>{(data) => <Call trace={data} />}</Loaded>
    </>
  );
}

function Call({ trace }: { readonly trace: CallTrace }) {
  const { t } = useText();
  const role = useRole();
  const { attempt } = trace;
  const shown = (address: string) => phoneFor(role, address);
  return (
    <>
      <header className="page-head">
        <div>
          <h1 className="num call-title">
            {t("calls.title", { from: shown(attempt.from) || "—", to: shown(attempt.to) || "—" })}
          </h1>
          <Verdict trace={trace} />
        </div>
        <Actions trace={trace} />
      </header>
      {!trace.complete && <p className="warn-words calls-problem">{t("calls.incomplete")}</p>}
      <div className="stack">
        <Ladder trace={trace} />
        <div className="call-grid">
          <div className="stack">
            {trace.sdp.length > 0 && <SdpTable rows={trace.sdp} />}
            <Panel title={t("calls.ticket")}>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long text is scrolled by keyboard */}
              <pre className="pre call-ticket" tabIndex={0}>
                {trace.ticket}
              </pre>
            </Panel>
          </div>
          <div className="stack">
            <CallFacts trace={trace} />
            {trace.legs.map((leg) => (
              <LegQuality key={`${leg.sipCallId} ${leg.legId}`} leg={leg} />
            ))}
          </div>
        </div>
      </div>
    </>
  );
}

/** Why it ended, in one line, and where to look. */
function Verdict({ trace }: { readonly trace: CallTrace }) {
  const { t } = useText();
  const text = useVerdictText();
  const { verdict, oneWay } = trace.attempt;
  if (verdict === undefined) return <Status tone="info">{t("calls.open")}</Status>;
  const { name, what, look } = text(verdict);
  return (
    <div className="call-verdict">
      <Status tone={verdictTone(verdict)}>
        <strong>{name}</strong>
      </Status>
      <span>{what}</span>
      <Badge tone={verdict.side === "us" ? "bad" : "quiet"}>{t(`calls.whoseSide.${verdict.side}`)}</Badge>
      {oneWay && <Badge tone="bad">{t("calls.oneWay")}</Badge>}
      {look !== "" && <span className="muted call-look">{t("calls.look", { look })}</span>}
    </div>
  );
}

function Actions({ trace }: { readonly trace: CallTrace }) {
  const { t } = useText();
  const role = useRole();
  const { attempt, ticket } = trace;
  const copy = () =>
    void navigator.clipboard.writeText(ticket).then(
      () => toast(t("common.copied")),
      () => toast(t("calls.copyFailed")),
    );
  return (
    <div className="page-actions">
      {attempt.conversationId !== undefined && (
        <Link className="action-link" to={`/conversations/${encodeURIComponent(attempt.conversationId)}`}>
          <Icon name="conversations" size={14} />
          {t("calls.openConversation")}
        </Link>
      )}
      {capturesFor(role).map((each) => (
        <a
          key={each}
          className="action-link"
          href={capturePath(attempt.sipCallId, each)}
          download
          title={each === "rtp" ? t("calls.pcapRtp") : t("calls.download")}
        >
          <Icon name="download" size={14} />
          <span className="sr">{t("calls.download")} </span>
          {t(`calls.pcap.${each}`)}
        </a>
      ))}
      <Button icon={<Icon name="copy" size={14} />} onClick={copy}>
        {t("calls.copyTicket")}
      </Button>
    </div>
  );
}

function CallFacts({ trace }: { readonly trace: CallTrace }) {
  const { t, language } = useText();
  const role = useRole();
  const trunks = useTrunks().data ?? [];
  const { attempt } = trace;
  const { verdict } = attempt;
  const trunk = trunks.find((each) => each.id === attempt.trunkId);
  const may = role === "administrator" || role === "telephony-engineer";
  const time = (ms: number | undefined) =>
    ms === undefined ? "—" : <span className="num">{latency(ms, language)}</span>;
  return (
    <Panel title={t("calls.facts")}>
      <Facts
        items={[
          fact(t("calls.fact.at"), <Time at={attempt.at} as="moment" />),
          fact(t("calls.col.who"), t(`calls.direction.${attempt.direction}`)),
          verdict === undefined ? null : fact(t("calls.fact.endedBy"), t(`calls.endedBy.${verdict.endedBy}`)),
          verdict === undefined || codesOf(verdict) === "" ? null : fact(t("calls.fact.sip"), codesOf(verdict)),
          trunk === undefined
            ? null
            : fact(
                t("calls.fact.trunk"),
                may ? <Link to={`/telephony/trunks/${encodeURIComponent(trunk.id)}`}>{trunk.name}</Link> : trunk.name,
              ),
          fact(t("calls.fact.peer"), <code>{attempt.peer}</code>),
          fact(t("calls.fact.pdd"), time(attempt.pddMs)),
          fact(t("calls.fact.setup"), time(attempt.setupMs)),
          attempt.durationMs === undefined
            ? null
            : fact(t("calls.fact.duration"), <span className="num">{duration(attempt.durationMs, language)}</span>),
          attempt.mos === undefined ? null : fact("MOS", <Mos value={attempt.mos} />),
          fact(t("calls.fact.callId"), <code>{attempt.sipCallId}</code>),
        ]}
      />
    </Panel>
  );
}
