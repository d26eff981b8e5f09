import type { DirectionQuality, LegMediaReport } from "@intramuros/contracts/browser";
import { useMemo } from "react";
import { Mos } from "../../shared/call/mos.tsx";
import { problemWords } from "../../shared/call/problem-words.ts";
import { integer, latency } from "../../shared/format/time.ts";
import { useText } from "../../shared/i18n/use-text.ts";
import { useTheme } from "../../shared/theme/theme-context.tsx";
import { Chart } from "../../shared/ui/chart.tsx";
import { Facts, fact, Panel } from "../../shared/ui/parts.tsx";
import { qualityOption } from "./quality-option.ts";

/** How one leg sounded, each direction by itself, over time; and why a figure is missing. */
export function LegQuality({ leg }: { readonly leg: LegMediaReport }) {
  const { t } = useText();
  const oneWay = leg.oneWaySide === "in" ? "oneWayIn" : leg.oneWaySide === "out" ? "oneWayOut" : "oneWay";
  return (
    <Panel title={`${t("calls.media")} · ${t(leg.legId === "" ? "calls.leg.customer" : "calls.leg.other")}`}>
      {leg.oneWay && <p className="call-one-way">{t(`calls.quality.${oneWay}`)}</p>}
      <Facts
        items={[
          fact(t("calls.quality.codec"), `${leg.codec} · ${leg.ptimeMs} ms`),
          fact(t("calls.quality.srtp"), leg.srtp || t("calls.quality.plain")),
          fact(
            t("calls.quality.addresses"),
            <code>
              {leg.local} → {leg.remote}
            </code>,
          ),
          fact(
            t("calls.quality.dtmf"),
            leg.dtmfSeen.length === 0 ? (
              <span className="muted">{t("calls.quality.noDigits")}</span>
            ) : (
              <span className="num">{leg.dtmfSeen.map((each) => `${each.digit} (${each.via})`).join(" ")}</span>
            ),
          ),
          leg.strangers === 0 ? null : fact(t("calls.quality.strangers"), leg.strangers),
        ]}
      />
      <Direction of={leg.in} name={t("calls.inbound")} known={leg.in.packets > 0} />
      {/* what arrived there is told by the peer's reports only */}
      <Direction of={leg.out} name={t("calls.outbound")} known={leg.out.mos !== undefined} />
    </Panel>
  );
}

function Direction(props: {
  readonly of: DirectionQuality;
  readonly name: string;
  /** Whether loss and jitter were measured: a nought that nobody saw is not shown as one. */
  readonly known: boolean;
}) {
  const { of, name, known } = props;
  const { t, language } = useText();
  const { name: theme } = useTheme();
  const words = useMemo(
    () => ({
      jitter: t("calls.quality.jitterLine"),
      lost: t("calls.quality.lostLine"),
      mos: t("calls.quality.mosLine"),
    }),
    [t],
  );
  const option = useMemo(() => qualityOption(of, { theme, language, words }), [of, theme, language, words]);
  const lost = `${integer(of.lost, language)} (${(of.lossFraction * 100).toFixed(1)}%)`;
  const jitter = latency(of.jitterMs, language);
  return (
    <section className="call-direction">
      <h3>{name}</h3>
      <Facts
        items={[
          fact(t("calls.quality.packets"), <span className="num">{integer(of.packets, language)}</span>),
          fact(t("calls.quality.lost"), <span className="num">{known ? lost : "—"}</span>),
          fact(
            t("calls.quality.jitter"),
            <span className="num">{known ? `${jitter} / ${latency(of.maxJitterMs, language)}` : "—"}</span>,
          ),
          of.roundTripMs === undefined
            ? null
            : fact(t("calls.quality.roundTrip"), <span className="num">{latency(of.roundTripMs, language)}</span>),
          of.mos === undefined ? null : fact(t("calls.quality.mos"), <Mos value={of.mos} />),
        ]}
      />
      {of.unknownBecause !== "" && (
        <p className="subtle">{t("calls.quality.why", { why: problemWords(of.unknownBecause, language) })}</p>
      )}
      {known && of.samples.length > 1 && (
        <Chart option={option} height={120} label={t("calls.quality.chart", { direction: name, jitter, lost })} />
      )}
    </section>
  );
}
