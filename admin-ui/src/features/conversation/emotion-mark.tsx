import type { EmotionScore } from "@intramuros/contracts/browser";
import Popover from "antd/es/popover";
import { percent } from "../../shared/format/time.ts";
import { useText, wordFor } from "../../shared/i18n/use-text.ts";
import { Mood } from "../../shared/ui/parts.tsx";
import { rankedProbabilities } from "./transcript.ts";

/** The word for the mood; on hover or focus, why. */
export function EmotionMark({ score }: { readonly score: EmotionScore }) {
  const { t } = useText();
  return (
    <Popover
      content={<EmotionWhy score={score} />}
      trigger={["hover", "focus"]}
      placement="right"
      mouseEnterDelay={0.15}
    >
      <button
        type="button"
        className="emotion-mark"
        aria-label={`${t("conversation.col.mood")}: ${t(`conversation.mood.${score.abstained ? "unsure" : score.label}`)}`}
      >
        <Mood mood={score} />
      </button>
    </Popover>
  );
}

function EmotionWhy({ score }: { readonly score: EmotionScore }) {
  const { t } = useText();
  return (
    <div className="emotion-why">
      {score.abstained && <p className="emotion-abstained">{t("conversation.emotion.abstained")}</p>}
      <ul>
        {rankedProbabilities(score).map(([label, probability]) => (
          <li key={label} className={`mood-${label}`}>
            <span>{wordFor(t, "conversation.mood", label)}</span>
            <span className="emotion-bar">
              <span style={{ width: percent(probability) }} />
            </span>
            <span className="num">{percent(probability)}</span>
          </li>
        ))}
      </ul>
      <h3>{t("conversation.emotion.evidence")}</h3>
      {score.evidence.length === 0 ? (
        <p className="muted">{t("conversation.emotion.noEvidence")}</p>
      ) : (
        <div className="chips">
          {score.evidence.map((each) => (
            <span key={each} className="badge">
              {each}
            </span>
          ))}
        </div>
      )}
      <p className="muted emotion-model">
        {t(`conversation.emotion.source.${score.source}`)} ·{" "}
        {t("conversation.emotion.intensity", { value: score.intensity.toFixed(2) })} · {score.modelId}{" "}
        {score.modelVersion} <code>{score.modelSha256.slice(0, 8)}</code>
      </p>
    </div>
  );
}
