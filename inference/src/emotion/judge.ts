/** From probabilities to a score that may be used: label, strength, evidence, and the right to say nothing. */
import { EMOTIONS, type EmotionLabel } from "@intramuros/contracts/browser";

export interface Judgement {
  readonly label: EmotionLabel;
  readonly probabilities: Readonly<Record<EmotionLabel, number>>;
  readonly intensity: number;
  readonly abstained: boolean;
  readonly evidence: readonly string[];
}

export interface JudgeConfig {
  /** An emotion other than neutral is told only at or above this probability … */
  readonly tellProbability: number;
  /** … and this far ahead of the next one. */
  readonly tellMargin: number;
}

const MOST_EVIDENCE = 5;

export interface Contribution {
  readonly shown: string;
  /** What the feature adds to each class, in the order of `EMOTIONS`. */
  readonly weights: readonly number[];
}

export function judge(
  probabilities: readonly number[],
  contributions: readonly Contribution[],
  config: JudgeConfig,
): Judgement {
  const ranked = EMOTIONS.map((label, at) => ({ label, at, p: probabilities[at] ?? 0 })).sort((a, b) => b.p - a.p);
  const [best, second] = [ranked[0]!, ranked[1]!];
  const evidence = evidenceFor(best.at, contributions);
  const sure = best.p >= config.tellProbability && best.p - second.p >= config.tellMargin && evidence.length > 0;
  const abstained = best.label !== "neutral" && !sure;
  const neutral = probabilities[EMOTIONS.indexOf("neutral")] ?? 0;
  const label = abstained ? "neutral" : best.label;
  return {
    label,
    probabilities: Object.fromEntries(EMOTIONS.map((name, at) => [name, probabilities[at] ?? 0])) as Record<
      EmotionLabel,
      number
    >,
    intensity: label === "neutral" ? 0 : Math.max(0, Math.min(1, 1 - neutral)),
    abstained,
    evidence: label === "neutral" ? [] : evidence,
  };
}

/**
 * The words that spoke most for class `at` against the mean of the others. A longer piece counts what its parts say too, so that
 * 担心 is shown and not 担; pieces that overlap one already chosen are left out.
 */
function evidenceFor(at: number, contributions: readonly Contribution[]): string[] {
  const sums = new Map<string, number>();
  for (const { shown, weights } of contributions) {
    const others = weights.reduce((sum, weight) => sum + weight, 0) - weights[at]!;
    sums.set(shown, (sums.get(shown) ?? 0) + weights[at]! - others / (weights.length - 1));
  }
  const isChinese = (piece: string): boolean => /\p{Script=Han}/u.test(piece);
  const whole = (piece: string): number =>
    isChinese(piece)
      ? [...sums].reduce((sum, [part, value]) => (piece.includes(part) ? sum + value : sum), 0) /
        Math.sqrt(piece.length)
      : sums.get(piece)!;
  const ranked = [...sums.keys()]
    .map((piece) => ({ piece, sum: whole(piece) }))
    .filter(({ piece, sum }) => sum > 0 && sums.get(piece)! > 0);
  ranked.sort((a, b) => b.sum - a.sum);
  const chosen: string[] = [];
  for (const { piece } of ranked) {
    if (chosen.length >= MOST_EVIDENCE) break;
    if (!chosen.some((other) => overlap(other, piece))) chosen.push(piece);
  }
  return chosen;
}

function overlap(a: string, b: string): boolean {
  if (a.includes(b) || b.includes(a)) return true;
  return /\p{Script=Han}/u.test(a) && [...a].some((one) => b.includes(one));
}
