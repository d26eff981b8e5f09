import type { Match } from "./search-index.ts";

/** What may be done with what was found. There is no fourth way: below the thresholds nothing is guessed. */
export type Verdict =
  | { readonly kind: "answer"; readonly match: Match }
  /** At most three. Two: one or the other. Three: the words fit so many articles that these are examples only. */
  | { readonly kind: "clarify"; readonly matches: readonly [Match, ...Match[]] }
  | { readonly kind: "none" };

/** An article that scores less is not given as the answer. Measured on the labelled questions, see the README. */
export const ANSWER_AT = 0.6;
/** From here to `ANSWER_AT` the customer is asked whether that is meant. */
export const CLARIFY_AT = 0.46;
/** Two articles whose log-odds are closer than this are both offered. */
export const CLEAR_LEAD = 0.6;
/** Words that the recogniser itself doubts are confirmed before they are answered. 0 means that it did not say. */
export const DOUBTFUL_SPEECH = 0.35;

export function judge(matches: readonly Match[], confidence: number): Verdict {
  const [first] = matches;
  if (first === undefined || first.score < CLARIFY_AT) return { kind: "none" };
  const likely = matches.filter((match) => match.score >= CLARIFY_AT);
  const [, second, third] = likely.filter((match) => logOdds(first.score) - logOdds(match.score) < CLEAR_LEAD);
  if (second !== undefined) {
    return { kind: "clarify", matches: third === undefined ? [first, second] : [first, second, third] };
  }
  if (first.score < ANSWER_AT) return { kind: "clarify", matches: [first, ...likely.slice(1, 2)] };
  if (confidence > 0 && confidence < DOUBTFUL_SPEECH) return { kind: "clarify", matches: [first] };
  return { kind: "answer", match: first };
}

/**
 * A question that says little by itself ("and the fee?"), looked at again together with the one before. Only an article that
 * fits the new words too, and answers both without doubt, is taken; otherwise the question stands for itself.
 */
export function judgeInContext(
  matches: readonly Match[],
  withBefore: readonly Match[],
  confidence: number,
): { readonly verdict: Verdict; readonly fromContext: boolean } {
  const verdict = judge(matches, confidence);
  if (verdict.kind === "answer") return { verdict, fromContext: false };
  const joint = judge(withBefore, confidence);
  const fits = joint.kind === "answer" && matches.some((match) => match.articleId === joint.match.articleId);
  return fits ? { verdict: joint, fromContext: true } : { verdict, fromContext: false };
}

const logOdds = (score: number): number => Math.log(score / (1 - score));
