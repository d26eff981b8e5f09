import type { ConversationDetail } from "@intramuros/contracts/browser";
import { Link } from "react-router";
import { useCustomer } from "../../shared/api/customer.ts";
import { useRole } from "../../shared/api/session.ts";
import { phoneFor } from "../../shared/format/phone.ts";
import { duration, latency, percent, stopwatch } from "../../shared/format/time.ts";
import { useText } from "../../shared/i18n/use-text.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { Address, Facts, fact, Panel, Time } from "../../shared/ui/parts.tsx";
import { prose, wordsOf } from "./mark-words.ts";
import { findBody, readTranscript, STAGES, stageFigures } from "./transcript.ts";

export function CustomerCard({ detail }: { readonly detail: ConversationDetail }) {
  const { t } = useText();
  const role = useRole();
  const may = role === "administrator" || role === "supervisor" || role === "agent";
  const customer = useCustomer(detail.conversation.customerId, may);
  const known = customer.data?.customer;
  return (
    <Panel
      title={t("conversation.customerCard")}
      extra={
        may && (
          <Link to={`/customers/${encodeURIComponent(detail.conversation.customerId)}`}>
            {t("conversation.openCustomer")}
          </Link>
        )
      }
    >
      <p className="customer-name">{detail.conversation.customerName || t("conversation.noName")}</p>
      <p className="muted">
        <Address value={detail.conversation.address} />
      </p>
      {known !== undefined && (
        <>
          {known.note !== "" && <p className="customer-note">{known.note}</p>}
          <Facts
            items={[
              fact(t("conversation.conversations"), <span className="num">{known.conversations}</span>),
              fact(t("conversation.firstSeen"), <Time at={known.firstSeenAt} />),
              fact(t("shell.language"), t(`common.lang.${known.language}`)),
            ]}
          />
        </>
      )}
    </Panel>
  );
}

/** The course of the call, as on a ladder: when since its start, what, on whose side. */
export function CoursePanel({ detail }: { readonly detail: ConversationDetail }) {
  const { t, language } = useText();
  const role = useRole();
  const start = detail.events[0]?.at ?? detail.conversation.startedAt;
  const items = readTranscript(detail.events);
  return (
    <Panel title={t(detail.conversation.medium === "phone" ? "conversation.facts" : "conversation.factsChat")} flush>
      <ol className="ladder">
        {items.map((item) => {
          const side =
            item.kind === "line"
              ? item.who === "customer"
                ? "in"
                : "out"
              : item.body.type === "contact-started"
                ? "in"
                : item.body.type === "contact-ended"
                  ? item.body.side === "us"
                    ? "out"
                    : "in"
                  : "none";
          const words =
            item.kind === "line"
              ? item.text
              : wordsOf(item.body, { t, language, address: (raw) => phoneFor(role, raw) }).text;
          return (
            <li key={item.seq} className={`rung rung-${side} ${item.kind === "line" ? "rung-line" : ""}`}>
              <span className="num rung-at">{stopwatch(item.at - start)}</span>
              <span className="rung-arrow" aria-hidden="true">
                {side === "in" ? "→" : side === "out" ? "←" : "·"}
              </span>
              <span className="clip" title={words}>
                {words}
              </span>
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}

export function LatencyPanel({ detail }: { readonly detail: ConversationDetail }) {
  const { t, language } = useText();
  const figures = stageFigures(detail.events);
  if (figures.size === 0) return null;
  return (
    <Panel title={t("conversation.tech.latencies")} flush>
      <table className="table compact">
        <thead>
          <tr>
            <th scope="col">
              <span className="sr">{t("conversation.technical")}</span>
            </th>
            <th scope="col" className="cell-end">
              {t("conversation.tech.median")}
            </th>
            <th scope="col" className="cell-end">
              {t("conversation.tech.worst")}
            </th>
          </tr>
        </thead>
        <tbody>
          {STAGES.map((stage) => {
            const figure = figures.get(stage);
            return figure === undefined ? null : (
              <tr key={stage}>
                <th scope="row">{t(`conversation.stage.${stage}`)}</th>
                <td className="cell-end num">{latency(figure.median, language)}</td>
                <td className="cell-end num">{latency(figure.worst, language)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Panel>
  );
}

export function TechnicalPanel({ detail }: { readonly detail: ConversationDetail }) {
  const { t, language } = useText();
  const role = useRole();
  const started = findBody(detail.events, "contact-started");
  const ended = findBody(detail.events, "contact-ended");
  const said = findBody(detail.events, "customer-said");
  const media = ended?.media;
  const { conversation } = detail;
  const mono = (text: string) => <code>{text}</code>;
  return (
    <Panel
      title={t("conversation.technical")}
      extra={
        (role === "administrator" || role === "auditor") && (
          <Link to={`/audit?object=${encodeURIComponent(`conversation:${conversation.id}`)}`}>
            {t("conversation.auditLink")}
          </Link>
        )
      }
    >
      {ended !== undefined && ended.side !== "customer" && (
        <p className="side-why">
          <Icon name="info" size={14} /> {t(`conversation.sideWhy.${ended.side}`)}
        </p>
      )}
      <Facts
        items={[
          fact(t("conversation.tech.medium"), t(`conversation.medium.${conversation.medium}`)),
          started === undefined
            ? null
            : fact(
                t(`conversation.tech.${started.medium === "phone" ? "from" : "visitor"}`),
                <Address value={started.from} />,
              ),
          started === undefined || started.medium !== "phone" || started.to === ""
            ? null
            : fact(t("conversation.tech.to"), <Address value={started.to} />),
          started?.trunkName ? fact(t("conversation.tech.trunk"), started.trunkName) : null,
          (media?.codec ?? started?.codec) ? fact(t("conversation.tech.codec"), media?.codec ?? started?.codec) : null,
          fact(t("conversation.tech.started"), <Time at={conversation.startedAt} />),
          conversation.endedAt === undefined
            ? null
            : fact(
                t("conversation.tech.duration"),
                <span className="num">{duration(conversation.endedAt - conversation.startedAt, language)}</span>,
              ),
          ended === undefined ? null : fact(t("conversation.tech.endReason"), prose(t, ended.reason)),
          ended?.sipCode === undefined ? null : fact(t("conversation.tech.sipCode"), ended.sipCode),
          ended?.q850 === undefined ? null : fact(t("conversation.tech.q850"), ended.q850),
          ...(media === undefined
            ? []
            : [
                fact(
                  t("conversation.tech.packets"),
                  <span className="num">{`${media.packetsIn} / ${media.packetsOut}`}</span>,
                ),
                fact(
                  t("conversation.tech.lost"),
                  <span className="num">
                    {`${media.lostIn} (${percent(media.lostIn / Math.max(1, media.packetsIn + media.lostIn))})`}
                  </span>,
                ),
                fact(t("conversation.tech.late"), <span className="num">{media.lateIn}</span>),
                fact(t("conversation.tech.stranger"), <span className="num">{media.strangerIn}</span>),
                fact(
                  t("conversation.tech.jitter"),
                  <span className="num">{`${latency(media.jitterInMs, language)} / ${latency(media.jitterOutMs, language)}`}</span>,
                ),
                fact(t("conversation.tech.rtt"), <span className="num">{latency(media.roundTripMs, language)}</span>),
                fact(
                  t("conversation.tech.concealed"),
                  <span className="num">{latency(media.concealedMs, language)}</span>,
                ),
              ]),
          said?.modelId
            ? fact(t("conversation.tech.asrModel"), mono(`${said.modelId} ${said.modelSha256?.slice(0, 8) ?? ""}`))
            : null,
          started?.sipCallId
            ? fact(
                t("conversation.tech.sipCallId"),
                role === "agent" ? (
                  mono(started.sipCallId)
                ) : (
                  <Link to={`/calls/${encodeURIComponent(started.sipCallId)}`} title={t("calls.toCall")}>
                    {mono(started.sipCallId)}
                  </Link>
                ),
              )
            : null,
          conversation.callId ? fact(t("conversation.tech.callId"), mono(conversation.callId)) : null,
          fact(t("conversation.tech.conversationId"), mono(conversation.id)),
        ]}
      />
    </Panel>
  );
}
