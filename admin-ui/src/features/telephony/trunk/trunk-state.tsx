import type { PeerStatus, Trunk, TrunkStatus } from "@intramuros/contracts/browser";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useCalls } from "../../../shared/api/calls.ts";
import { callPath, useCallColumns } from "../../../shared/call/call-columns.tsx";
import { codeWords } from "../../../shared/call/code-words.ts";
import { problemWords } from "../../../shared/call/problem-words.ts";
import { duration, latency, percent } from "../../../shared/format/time.ts";
import { useText } from "../../../shared/i18n/use-text.ts";
import { Loaded } from "../../../shared/ui/loaded.tsx";
import { useNow } from "../../../shared/ui/now.ts";
import { Empty, Facts, fact, Panel, Status, Time, type Tone } from "../../../shared/ui/parts.tsx";
import { Table } from "../../../shared/ui/table.tsx";
import { useTrunkStatus } from "../api/trunk-status.ts";
import { certificateLeft } from "./certificate-left.ts";

/** How a trunk does: each peer, the registration, calls now and over a day, why calls failed, and the latest of them. */
export function TrunkState({ trunk }: { readonly trunk: Trunk }) {
  const { t } = useText();
  const status = useTrunkStatus();
  return (
    <Loaded of={status}>
      {(list) => {
        const own = list.find((each) => each.trunkId === trunk.id);
        return (
          <div className="stack">
            {own !== undefined && <Figures status={own} />}
            <div className="trunk-state-grid">
              <div className="stack">
                <Panel title={t("trunk.status.peers")} extra={t("trunk.status.lead")} flush>
                  <Peers peers={own?.peers ?? []} />
                </Panel>
                {own?.registration !== undefined && <Registration registration={own.registration} />}
              </div>
              <Failures failures={own?.failures ?? []} />
            </div>
            <LastCalls trunkId={trunk.id} />
          </div>
        );
      }}
    </Loaded>
  );
}

function Figures({ status }: { readonly status: TrunkStatus }) {
  const { t, language } = useText();
  const limit = status.callsLimit === 0 ? t("trunk.status.unlimited") : String(status.callsLimit);
  const ratio = (value: number | undefined) => (value === undefined ? "—" : percent(value));
  const figures: readonly (readonly [string, ReactNode])[] = [
    [t("trunk.status.callsNow"), status.callsNow],
    [t("trunk.status.callsPeak"), status.callsPeak],
    [t("trunk.status.callsLimit"), limit],
    [t("trunk.status.attempts"), status.attempts],
    [t("trunk.status.asr"), ratio(status.asr)],
    [t("trunk.status.ner"), ratio(status.ner)],
    [
      t("trunk.status.acd"),
      status.acdSeconds === undefined ? "—" : duration(Math.round(status.acdSeconds) * 1000, language),
    ],
    [t("trunk.status.pdd"), status.pddMs === undefined ? "—" : latency(status.pddMs, language)],
  ];
  return (
    <dl className="trunk-figures">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="num">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const PEER_TONES: Readonly<Record<PeerStatus["state"], Tone>> = { up: "good", down: "bad", unknown: "quiet" };

function Peers({ peers }: { readonly peers: readonly PeerStatus[] }) {
  const { t, language } = useText();
  const now = useNow();
  if (peers.length === 0) return <p className="muted panel-note">{t("trunk.status.noPeers")}</p>;
  return (
    <Table
      label={t("trunk.status.peers")}
      rows={peers}
      rowKey={(peer) => `${peer.host} ${peer.transport} ${peer.address}`}
      columns={[
        {
          key: "host",
          title: t("trunk.status.peer"),
          render: (peer) => (
            <span className="two-lines">
              <span>{peer.host}</span>
              <code className="subtle">
                {peer.transport.toUpperCase()} {peer.address}
              </code>
            </span>
          ),
        },
        {
          key: "state",
          title: t("trunk.status.peerState"),
          render: (peer) => (
            <span className="two-lines">
              <Status tone={PEER_TONES[peer.state]}>{t(`trunk.state.${peer.state}`)}</Status>
              <span className="subtle">
                {problemWords(peer.problem, language) || <Time at={peer.sinceAt} as="ago" />}
              </span>
            </span>
          ),
        },
        {
          key: "options",
          title: t("trunk.status.options"),
          align: "end",
          render: (peer) => (
            <span className="num">
              {peer.roundTripMs === undefined
                ? peer.lastOptionsAt === undefined
                  ? t("trunk.status.never")
                  : "—"
                : latency(peer.roundTripMs, language)}
            </span>
          ),
        },
        {
          key: "code",
          title: t("trunk.status.code"),
          align: "end",
          render: (peer) => (
            <span
              className="num"
              title={peer.lastCode ? (codeWords(`sip-${peer.lastCode}`, language)?.what ?? "") : ""}
            >
              {peer.lastCode === undefined ? "—" : peer.lastCode === 0 ? t("trunk.status.noAnswer") : peer.lastCode}
            </span>
          ),
        },
        {
          key: "certificate",
          title: t("trunk.status.certificate"),
          align: "end",
          wide: true,
          render: (peer) => <Certificate expiresAt={peer.certificateExpiresAt} now={now} />,
        },
      ]}
    />
  );
}

function Certificate({ expiresAt, now }: { readonly expiresAt: number | undefined; readonly now: number }) {
  const { t } = useText();
  if (expiresAt === undefined) return <span className="muted">—</span>;
  const left = certificateLeft(expiresAt, now);
  return (
    <Status tone={left.tone}>
      <span className="num">
        {left.days < 0 ? t("trunk.status.expired") : t("trunk.status.days", { count: left.days })}
      </span>
    </Status>
  );
}

function Registration({ registration }: { readonly registration: NonNullable<TrunkStatus["registration"]> }) {
  const { t, language } = useText();
  const code = registration.lastCode;
  return (
    <Panel title={t("trunk.status.registration")} extra={t(`trunk.status.${registration.direction}`)}>
      <Facts
        items={[
          fact(
            t("trunk.status.peerState"),
            <Status tone={registration.registered ? "good" : "bad"}>
              {t(registration.registered ? "trunk.status.registered" : "trunk.status.unregistered")}
            </Status>,
          ),
          registration.problem === ""
            ? null
            : fact(t("trunk.status.problem"), problemWords(registration.problem, language)),
          registration.until === undefined ? null : fact(t("trunk.status.until"), <Time at={registration.until} />),
          registration.nextAt === undefined ? null : fact(t("trunk.status.next"), <Time at={registration.nextAt} />),
          code === undefined
            ? null
            : fact(t("trunk.status.code"), `${code || ""} ${codeWords(`sip-${code}`, language)?.what ?? ""}`),
          registration.contact === "" ? null : fact(t("trunk.status.contact"), <code>{registration.contact}</code>),
        ]}
      />
    </Panel>
  );
}

/** Why calls failed in the last day, in plain words, the most frequent first. */
function Failures({ failures }: { readonly failures: TrunkStatus["failures"] }) {
  const { t, language } = useText();
  return (
    <Panel title={t("trunk.status.failures")} extra={t("trunk.status.day")}>
      {failures.length === 0 ? (
        <p className="muted">{t("trunk.status.noFailures")}</p>
      ) : (
        <ul className="failures">
          {failures
            .toSorted((left, right) => right.count - left.count)
            .map(({ code, count, lastAt }) => {
              const words = codeWords(code === 0 ? "no-answer-to-invite" : `sip-${code}`, language);
              return (
                <li key={code}>
                  <span className="failure-head">
                    <strong className="num">{code === 0 ? "—" : code}</strong>
                    <strong>{words?.name}</strong>
                    <span className="subtle num">{t("trunk.status.times", { count })}</span>
                    <span className="subtle failure-last">
                      <Time at={lastAt} as="ago" />
                    </span>
                  </span>
                  {words !== null && <span>{words.what}</span>}
                  {words !== null && words.look !== "" && (
                    <span className="muted">{t("calls.look", { look: words.look })}</span>
                  )}
                </li>
              );
            })}
        </ul>
      )}
    </Panel>
  );
}

function LastCalls({ trunkId }: { readonly trunkId: string }) {
  const { t } = useText();
  const calls = useCalls({ trunkId, limit: 20 });
  const columns = useCallColumns(null);
  const first = calls.data?.pages[0];
  return (
    <Panel
      flush
      title={t("trunk.status.lastCalls")}
      extra={<Link to={`/calls?trunk=${encodeURIComponent(trunkId)}`}>{t("trunk.status.allCalls")}</Link>}
    >
      <Loaded of={{ data: first, error: calls.error, refetch: calls.refetch }}>
        {(page) => (
          <>
            {page.problem !== "" && (
              <p className="warn-words panel-note">{t("calls.problem", { problem: page.problem })}</p>
            )}
            <Table
              label={t("trunk.status.lastCalls")}
              rows={page.items}
              columns={columns}
              rowKey={(row) => row.sipCallId}
              to={(row) => callPath(row.sipCallId)}
              empty={<Empty icon="calls" title={t("calls.empty")} hint={t("calls.emptyHint")} />}
            />
          </>
        )}
      </Loaded>
    </Panel>
  );
}
