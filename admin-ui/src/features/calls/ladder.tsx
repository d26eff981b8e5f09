import type { CallTrace } from "@intramuros/contracts/browser";
import { type KeyboardEvent, useState } from "react";
import { useText } from "../../shared/i18n/use-text.ts";
import { Badge, Empty, Panel } from "../../shared/ui/parts.tsx";
import { type Arrow, gridLines, layLadder, shortLine, toneOf } from "./ladder-layout.ts";
import { traceWords } from "./trace-words.ts";

/** The messages of a call between its lanes. One list for the keyboard and the screen reader; the chosen message stands beside it. */
export function Ladder({ trace }: { readonly trace: CallTrace }) {
  const { t } = useText();
  const [withRtcp, setWithRtcp] = useState(true);
  const [chosen, setChosen] = useState(0);
  const { lanes, arrows } = layLadder(trace, withRtcp);
  const entry = trace.ladder[chosen];
  const hasRtcp = trace.ladder.some((each) => each.kind === "rtcp");
  return (
    <Panel
      title={t("calls.ladder")}
      flush
      className="ladder-panel"
      extra={
        hasRtcp && (
          <label className="ladder-switch">
            <input type="checkbox" checked={withRtcp} onChange={(event) => setWithRtcp(event.target.checked)} />
            {t("calls.withRtcp")}
          </label>
        )
      }
    >
      {arrows.length === 0 ? (
        <Empty icon="calls" title={t("calls.noLadder")} hint={t("calls.noLadderHint")} />
      ) : (
        <div className="ladder-and-message">
          <div className="sip-ladder-scroll">
            <div className="sip-ladder" style={{ minWidth: 92 + lanes.length * 150 }}>
              <div className="sip-lanes" style={{ gridTemplateColumns: columnsFor(lanes.length) }}>
                {lanes.map((lane, place) => (
                  <div
                    key={lane.address}
                    className="sip-lane"
                    style={{ gridColumn: `${2 * place + 2} / ${2 * place + 4}` }}
                  >
                    <strong>{lane.name}</strong>
                    <code>{lane.name === lane.address ? "" : lane.address}</code>
                  </div>
                ))}
              </div>
              <ol className="sip-arrows" aria-label={t("calls.ladder")}>
                {arrows.map((arrow, place) => (
                  <Rung
                    key={arrow.index}
                    arrow={arrow}
                    lanes={lanes}
                    chosen={arrow.index === chosen}
                    first={place === 0 && !arrows.some((each) => each.index === chosen)}
                    choose={() => setChosen(arrow.index)}
                  />
                ))}
              </ol>
            </div>
            <p className="subtle ladder-help">{t("calls.ladderHelp")}</p>
          </div>
          <section className="sip-message" aria-live="polite" aria-label={t("calls.chooseMessage")}>
            {entry === undefined ? (
              <p className="muted">{t("calls.chooseMessage")}</p>
            ) : (
              <>
                <p className="sip-message-head">
                  <code>{entry.from}</code> → <code>{entry.to}</code>
                </p>
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long message is scrolled by keyboard */}
                <pre className="pre" tabIndex={0}>
                  {entry.text ?? `${entry.line}\n\n${entry.kind === "sip" ? t("calls.noText") : ""}`.trim()}
                </pre>
              </>
            )}
          </section>
        </div>
      )}
    </Panel>
  );
}

const columnsFor = (lanes: number): string => `84px repeat(${lanes * 2}, minmax(0, 1fr))`;

function Rung(props: {
  readonly arrow: Arrow;
  readonly lanes: CallTrace["lanes"];
  readonly chosen: boolean;
  readonly first: boolean;
  readonly choose: () => void;
}) {
  const { t, language } = useText();
  const { arrow, lanes } = props;
  const { entry } = arrow;
  const { start, end } = gridLines(arrow, lanes.length);
  const way = arrow.from === arrow.to ? "self" : arrow.from < arrow.to ? "right" : "left";
  const at = `${(arrow.sinceMs / 1000).toFixed(3)} s`;
  const nameOf = (place: number): string => lanes[place]?.name ?? "";
  const move = (event: KeyboardEvent<HTMLButtonElement>) => {
    const row = event.currentTarget.parentElement;
    const next =
      event.key === "ArrowDown"
        ? row?.nextElementSibling
        : event.key === "ArrowUp"
          ? row?.previousElementSibling
          : null;
    const button = next?.querySelector("button");
    if (button == null) return;
    event.preventDefault();
    button.focus();
    button.click();
  };
  return (
    <li>
      <button
        type="button"
        className={`sip-rung sip-${toneOf(entry)} ${entry.repeated ? "sip-repeated" : ""}`}
        style={{ gridTemplateColumns: columnsFor(lanes.length) }}
        aria-pressed={props.chosen}
        tabIndex={props.chosen || props.first ? 0 : -1}
        onClick={props.choose}
        onKeyDown={move}
      >
        <span className="sip-at num">{at}</span>
        <span className="sr">{t("calls.arrow", { from: nameOf(arrow.from), to: nameOf(arrow.to) })}</span>
        {lanes.map((lane, place) => (
          <span key={lane.address} className="sip-line" style={{ gridColumn: 2 * place + 2 }} />
        ))}
        <span className={`sip-arrow sip-arrow-${way}`} style={{ gridColumn: `${start} / ${end}` }}>
          <span className="sip-words">
            {entry.kind === "note" ? traceWords(entry.line, language) : shortLine(entry)}
            {entry.sdp !== undefined && <Badge>{t(`calls.${entry.sdp}`)}</Badge>}
            {entry.repeated && <Badge tone="warn">{t("calls.repeated")}</Badge>}
          </span>
        </span>
      </button>
    </li>
  );
}
