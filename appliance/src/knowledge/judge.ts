import type { Match } from "./search-index.ts";

/** What may be done with what was found. There is no fourth way: below the thresholds nothing is guessed. */
export type Verdict =
  | { readonly kind: "answer"; readonly match: Match }
  | { readonly kind: "clarify"; readonly matches: readonly [Match] | readonly [Match, Match] }
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
  const [first, second] = matches;
  if (first === undefined || first.score < CLARIFY_AT) return { kind: "none" };
  const close =
    second !== undefined && second.score >= CLARIFY_AT && logOdds(first.score) - logOdds(second.score) < CLEAR_LEAD;
  if (close) return { kind: "clarify", matches: [first, second] };
  if (first.score < ANSWER_AT) {
    const alsoLikely = second !== undefined && second.score >= CLARIFY_AT;
    return { kind: "clarify", matches: alsoLikely ? [first, second] : [first] };
  }
  if (confidence > 0 && confidence < DOUBTFUL_SPEECH) return { kind: "clarify", matches: [first] };
  return { kind: "answer", match: first };
}

const logOdds = (score: number): number => Math.log(score / (1 - score));
