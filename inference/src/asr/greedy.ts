/** Decoding rules that do not depend on the network. */

export const START_TOKEN = 1;
export const END_TOKEN = 2;
const TOKENS_PER_SECOND = 6.5;

/** Speech is at most so many tokens a second; a decoder that writes more has lost the thread. */
export const maxTokens = (seconds: number): number => Math.ceil(seconds * TOKENS_PER_SECOND) + 3;

/** The likeliest token and its probability among all. */
export function bestToken(logits: Float32Array): { readonly token: number; readonly probability: number } {
  let token = 0;
  let best = logits[0]!;
  for (let at = 1; at < logits.length; at++) {
    if (logits[at]! > best) {
      best = logits[at]!;
      token = at;
    }
  }
  let sum = 0;
  for (let at = 0; at < logits.length; at++) sum += Math.exp(logits[at]! - best);
  return { token, probability: 1 / sum };
}

/**
 * Length of the loop that a text ends in, or 0: a run of 1 to 8 tokens that occurs four times in a row (three times from four
 * tokens on). "No, no, no" is speech; the same phrase four times over is a decoder that circles.
 */
export function loopLength(tokens: readonly number[]): number {
  for (let length = 1; length <= 8; length++) {
    const times = length >= 4 ? 3 : 4;
    if (tokens.length < length * times) continue;
    const loops = tokens
      .slice(-length * (times - 1))
      .every((token, at) => token === tokens[tokens.length - length * times + at]);
    if (loops) return length;
  }
  return 0;
}

/** Drops all but the first round of a loop at the end. */
export function withoutLoop(tokens: readonly number[]): readonly number[] {
  const length = loopLength(tokens);
  if (length === 0) return tokens;
  let end = tokens.length;
  while (
    end - 2 * length >= 0 &&
    tokens.slice(end - length, end).every((t, at) => t === tokens[end - 2 * length + at])
  ) {
    end -= length;
  }
  return tokens.slice(0, end);
}

/** Mean token probability in the log domain: one doubtful word among sure ones still shows. */
export function confidenceOf(probabilities: readonly number[]): number {
  if (probabilities.length === 0) return 0;
  const sum = probabilities.reduce((total, probability) => total + Math.log(Math.max(probability, 1e-6)), 0);
  return Math.exp(sum / probabilities.length);
}
