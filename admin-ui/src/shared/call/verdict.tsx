import type { CallAttempt, CallVerdict } from "@intramuros/contracts/browser";
import { useText } from "../i18n/use-text.ts";
import { Badge, Status, type Tone } from "../ui/parts.tsx";
import { codeWords } from "./code-words.ts";

const ANSWERED = /^answered-/;

/** Green: as it should be. A caller who gives up is nobody's fault; ours is the one to look at first. */
export function verdictTone(verdict: CallVerdict | undefined): Tone {
  if (verdict === undefined) return "info";
  if (ANSWERED.test(verdict.code)) return "good";
  if (verdict.code === "cancelled-by-caller" || verdict.code === "cancelled-by-us") return "quiet";
  return verdict.side === "us" || verdict.side === "unknown" ? "bad" : "warn";
}

/** Who ended it and why, in one line: our word for the code, else what the appliance says. */
export function useVerdictText(): (verdict: CallVerdict) => {
  readonly name: string;
  readonly what: string;
  readonly look: string;
} {
  const { language } = useText();
  return (verdict) => codeWords(verdict.code, language) ?? { name: verdict.code, what: verdict.what, look: "" };
}

export function VerdictLine({ attempt }: { readonly attempt: CallAttempt }) {
  const { t } = useText();
  const text = useVerdictText();
  const { verdict } = attempt;
  if (verdict === undefined) return <Status tone="info">{t("calls.open")}</Status>;
  const { name, what } = text(verdict);
  return (
    <span className="verdict" title={what}>
      <Status tone={verdictTone(verdict)}>{name}</Status>
      <span className="subtle num">{codesOf(verdict)}</span>
      {attempt.oneWay && <Badge tone="bad">{t("calls.oneWay")}</Badge>}
    </span>
  );
}

/** The codes as engineers name them: `486`, `200 · Q.850 16`. */
export const codesOf = (verdict: CallVerdict): string =>
  [verdict.sipCode === 0 ? "" : String(verdict.sipCode), verdict.q850 === 0 ? "" : `Q.850 ${verdict.q850}`]
    .filter((part) => part !== "")
    .join(" · ");
