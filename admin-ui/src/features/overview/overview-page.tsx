import { EMOTIONS, type Overview } from "@intramuros/contracts/browser";
import Button from "antd/es/button";
import { useMemo } from "react";
import { Link, useSearchParams } from "react-router";
import { useOverview } from "../../shared/api/overview.ts";
import { useRole } from "../../shared/api/session.ts";
import { integer, latency, percent } from "../../shared/format/time.ts";
import { useText } from "../../shared/i18n/use-text.ts";
import { useTheme } from "../../shared/theme/theme-context.tsx";
import { AlarmLine } from "../../shared/ui/alarm.tsx";
import { Chart } from "../../shared/ui/chart.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { Loaded } from "../../shared/ui/loaded.tsx";
import { Panel } from "../../shared/ui/parts.tsx";
import { hourlyOption } from "./hourly-option.ts";
import { LatestLive } from "./latest-live.tsx";
import "./overview.css";

/** Is everything all right, and if not, what do I do? */
export function OverviewPage() {
  return <Loaded of={useOverview()}>{(overview) => <OverviewBody overview={overview} />}</Loaded>;
}

function OverviewBody({ overview }: { readonly overview: Overview }) {
  const { t, language } = useText();
  const { live, today } = overview;
  const ended = today.answered + today.handedOver + today.messages + today.abandoned;
  return (
    <>
      <Health overview={overview} />
      {overview.alarms.length > 0 && (
        <ul className="alarms" aria-label={t("overview.alarms")}>
          {overview.alarms.map((alarm) => (
            <AlarmLine key={`${alarm.code}${JSON.stringify(alarm.values)}`} alarm={alarm} />
          ))}
        </ul>
      )}
      <div className="tiles">
        <Link className="tile" to="/conversations">
          <span className="tile-name">{t("overview.calls")}</span>
          <span className="tile-value">
            {live.calls}
            <small>{t("overview.ofMax", { max: live.maxCalls })}</small>
          </span>
        </Link>
        <Link className="tile" to="/conversations">
          <span className="tile-name">{t("overview.chats")}</span>
          <span className="tile-value">{live.chats}</span>
        </Link>
        <Link className={`tile ${live.waiting > 0 ? "tile-attention" : ""}`} to="/conversations?handler=queue">
          <span className="tile-name">{t("overview.waiting")}</span>
          <span className="tile-value">
            {live.waiting}
            <small>
              {t("overview.withAgent")} {live.withAgent}
            </small>
          </span>
        </Link>
        <Link className={`tile ${overview.openTasks > 0 ? "tile-attention" : ""}`} to="/callbacks">
          <span className="tile-name">{t("overview.tasks")}</span>
          <span className="tile-value">{overview.openTasks}</span>
        </Link>
        <MoodTile mood={overview.mood} />
      </div>
      <div className="overview-grid">
        <LatestLive />
        <div className="stack">
          <Panel title={t("overview.today")}>
            <dl className="today">
              {(
                [
                  ["conversations", today.conversations],
                  ["answered", today.answered],
                  ["handedOver", today.handedOver],
                  ["messages", today.messages],
                  ["abandoned", today.abandoned],
                ] as const
              ).map(([name, value]) => (
                <div key={name}>
                  <dt>{t(`overview.${name}`)}</dt>
                  <dd>{integer(value, language)}</dd>
                </div>
              ))}
            </dl>
            <p className="response">
              <span>
                {t("overview.answeredShare")} <strong>{ended === 0 ? "—" : percent(today.answered / ended)}</strong>
              </span>
              <span>
                {t("overview.response")} · {t("overview.responseP50")}{" "}
                <strong>{today.responseP50Ms === undefined ? "—" : latency(today.responseP50Ms, language)}</strong>
              </span>
              <span>
                {t("overview.responseP95")}{" "}
                <strong>{today.responseP95Ms === undefined ? "—" : latency(today.responseP95Ms, language)}</strong>
              </span>
            </p>
          </Panel>
          <Hourly hourly={overview.hourly} />
        </div>
      </div>
    </>
  );
}

function Health({ overview }: { readonly overview: Overview }) {
  const { t } = useText();
  const role = useRole();
  const [, setParams] = useSearchParams();
  const count = overview.alarms.length;
  const quiet = overview.live.calls + overview.live.chats === 0;
  return (
    <div className={`health health-${overview.health}`}>
      <Icon name={overview.health === "good" ? "check" : "alert"} size={26} />
      <div>
        <h1>{t(`overview.health.${overview.health}`)}</h1>
        <p>
          {count > 0
            ? t("overview.healthDetail.alarms", { count })
            : quiet
              ? t("overview.healthDetail.quiet")
              : t("overview.healthDetail.good", { calls: overview.live.calls, chats: overview.live.chats })}
          {overview.live.waiting > 0 && (
            <>
              {" "}
              <Link to="/conversations?handler=queue">
                {t("overview.healthDetail.waiting", { count: overview.live.waiting })}
              </Link>
            </>
          )}
        </p>
      </div>
      {(role === "administrator" || role === "telephony-engineer") && (
        <div className="health-actions">
          <Button onClick={() => setParams({ "test-call": "new" })} icon={<Icon name="phone" />}>
            {t("overview.testCall")}
          </Button>
        </div>
      )}
    </div>
  );
}

function MoodTile({ mood }: { readonly mood: Overview["mood"] }) {
  const { t } = useText();
  const counts = EMOTIONS.map((label) => [label, mood[label] ?? 0] as const).filter(([, count]) => count > 0);
  return (
    <div className="tile tile-mood">
      <span className="tile-name">{t("overview.mood")}</span>
      {counts.length === 0 ? (
        <p className="tile-note">{t("overview.moodNone")}</p>
      ) : (
        <>
          <div className="mood-bar" aria-hidden="true">
            {counts.map(([label, count]) => (
              <span key={label} className={`mood-${label}`} style={{ flexGrow: count }} />
            ))}
          </div>
          <div className="mood-legend">
            {counts.map(([label, count]) => (
              <span key={label} className={`mood mood-${label}`}>
                <span className="mood-line" aria-hidden="true" />
                {t(`conversation.mood.${label}`)} {count}
              </span>
            ))}
          </div>
        </>
      )}
    </div>
  );
}

const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

function Hourly({ hourly }: { readonly hourly: Overview["hourly"] }) {
  const { t } = useText();
  const { name } = useTheme();
  const words = useMemo(
    () => ({
      calls: t("conversation.medium.phone"),
      chats: t("conversation.medium.web-chat"),
      upset: t("overview.upset"),
    }),
    [t],
  );
  const option = useMemo(() => hourlyOption({ hourly, theme: name, words, still }), [hourly, name, words]);
  const total = hourly.reduce((sum, each) => sum + each.calls + each.chats, 0);
  return (
    <Panel title={t("overview.hourly")} extra={t("overview.hourlyPast")}>
      <Chart option={option} height={210} label={`${t("overview.hourly")}, ${t("overview.hourlyPast")}: ${total}`} />
      <details className="details-table">
        <summary>{t("overview.chartTable")}</summary>
        <table className="table">
          <thead>
            <tr>
              <th scope="col" />
              <th scope="col">{words.calls}</th>
              <th scope="col">{words.chats}</th>
              <th scope="col">{words.upset}</th>
            </tr>
          </thead>
          <tbody>
            {hourly
              .filter((each) => each.calls + each.chats > 0)
              .map((each) => (
                <tr key={each.hourStart}>
                  <th scope="row">{new Date(each.hourStart).getHours()}:00</th>
                  <td>{each.calls}</td>
                  <td>{each.chats}</td>
                  <td>{each.angry + each.anxious}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </details>
    </Panel>
  );
}
