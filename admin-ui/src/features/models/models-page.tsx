import type { Model } from "@intramuros/contracts/browser";
import { useModels } from "../../shared/api/models.ts";
import { bytes, integer, latency } from "../../shared/format/time.ts";
import { useText, wordFor } from "../../shared/i18n/use-text.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { Loaded } from "../../shared/ui/loaded.tsx";
import { Badge, Empty, Facts, fact, PageHead, Panel, Status } from "../../shared/ui/parts.tsx";
import { scoreText, sortModels, withoutOf } from "./model-order.ts";
import "./models.css";

export function ModelsPage() {
  const { t } = useText();
  return (
    <>
      <PageHead title={t("shell.page.models")} lead={t("models.lead")} />
      <Loaded of={useModels()}>
        {(reply) =>
          !reply.available ? (
            <Panel>
              <Empty icon="alert" title={t("models.unavailable")} hint={t("models.unavailableHint")} />
            </Panel>
          ) : reply.models.length === 0 ? (
            <Panel>
              <Empty icon="models" title={t("models.empty")} hint={t("models.emptyHint")} />
            </Panel>
          ) : (
            <>
              {reply.load !== undefined && (
                <p className="model-load num">
                  <span className="muted">{t("models.load")}</span>
                  <span>{t("models.streams", { n: reply.load.streams, max: reply.load.maxStreams })}</span>
                  <span>{t("models.queued", { n: reply.load.queuedRecognitions })}</span>
                  <span className={reply.load.refused > 0 ? "warn-words" : ""}>
                    {t("models.refused", { n: reply.load.refused })}
                  </span>
                </p>
              )}
              <ModelGrid models={sortModels(reply.models).filter((model) => model.state !== "ready")} />
              <ModelGrid models={sortModels(reply.models).filter((model) => model.state === "ready")} />
            </>
          )
        }
      </Loaded>
    </>
  );
}

function ModelGrid({ models }: { readonly models: readonly Model[] }) {
  if (models.length === 0) return null;
  return (
    <ul className="models">
      {models.map((model) => (
        <li key={`${model.id}${model.version}${model.languages.join()}`}>
          <ModelCard model={model} />
        </li>
      ))}
    </ul>
  );
}

const TONES = { ready: "good", loading: "info", failed: "bad", missing: "warn" } as const;

function ModelCard({ model }: { readonly model: Model }) {
  const { t, language } = useText();
  const task = wordFor(t, "models.task", model.task);
  const languages = model.languages
    .map((each) => (each === "*" ? t("models.allLanguages") : wordFor(t, "common.lang", each)))
    .join(language === "zh" ? "、" : ", ");
  return (
    <Panel
      title={
        <span className="model-title">
          {task}
          <span className="muted">{languages}</span>
        </span>
      }
      extra={<Status tone={TONES[model.state]}>{t(`models.state.${model.state}`)}</Status>}
      className={`model model-${model.state}`}
    >
      <p className="model-id">
        <code>{model.id}</code>
        {model.state !== "missing" && (
          <>
            <span className="muted">{model.version}</span>
            <Badge>{t(model.builtIn ? "models.builtIn" : "models.imported")}</Badge>
          </>
        )}
      </p>
      {model.state === "missing" ? (
        <div className="model-bring">
          <p>
            <Icon name="info" size={14} />{" "}
            {t("models.meanwhile", { without: t(`models.without.${withoutOf(model.task)}`) })}
          </p>
          {model.task !== "voice-emotion" && <p>{t("models.bring", { task })}</p>}
          <p className="subtle">{model.reason}</p>
        </div>
      ) : (
        <>
          {model.reason !== "" && <p className={model.state === "ready" ? "muted" : "warn-words"}>{model.reason}</p>}
          <Facts
            items={[
              fact(
                t("models.engine"),
                [model.engine, model.executionProvider].filter((each) => each !== "").join(" · "),
              ),
              model.latencyP50Ms === 0 && model.latencyP95Ms === 0
                ? null
                : fact(
                    t("models.latency"),
                    <span className="num">{`${latency(model.latencyP50Ms, language)} / ${latency(model.latencyP95Ms, language)}`}</span>,
                  ),
              fact(
                t("models.runs"),
                <span className="num">{t("models.times", { n: integer(model.runs, language) })}</span>,
              ),
              fact(t("models.size"), <span className="num">{bytes(model.sizeBytes)}</span>),
              fact(t("models.licence"), model.licence),
              model.attribution === "" ? null : fact(t("models.attribution"), model.attribution),
              model.sha256 === ""
                ? null
                : fact(t("models.hash"), <code title={model.sha256}>{model.sha256.slice(0, 16)}…</code>),
            ]}
          />
          <Scores model={model} />
        </>
      )}
    </Panel>
  );
}

const SCORES_SHOWN = 2;

/** The first scores stand; the many others are one click away. */
function Scores({ model }: { readonly model: Model }) {
  const { t } = useText();
  if (model.scores.length === 0) return null;
  const line = (score: Model["scores"][number]) => (
    <li key={score.set + score.metric}>
      <strong className="num">{scoreText(score)}</strong> {score.metric} <span className="muted">{score.set}</span>
    </li>
  );
  const rest = model.scores.slice(SCORES_SHOWN);
  return (
    <section className="scores">
      <h3>{t("models.scores")}</h3>
      <ul>{model.scores.slice(0, SCORES_SHOWN).map(line)}</ul>
      {rest.length > 0 && (
        <details>
          <summary className="subtle">{t("models.moreScores", { count: rest.length })}</summary>
          <ul>{rest.map(line)}</ul>
        </details>
      )}
    </section>
  );
}
