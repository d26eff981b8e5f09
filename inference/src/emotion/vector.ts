/** From a text to the model's input. Training and running use this one function; changing it means training again. */
import { type Feature, featuresOf, hashOf } from "../language/ngrams.ts";

export interface TextVector {
  readonly indices: readonly number[];
  readonly values: readonly number[];
  /** What each index stands for, for showing as evidence. */
  readonly shown: readonly string[];
}

/** Hashed features with damped counts, of length one, so that long texts do not shout. */
export function vectorOf(text: string, language: string, buckets: number): TextVector {
  const counts = new Map<string, { readonly feature: Feature; count: number }>();
  for (const feature of featuresOf(text, language)) {
    const known = counts.get(feature.name);
    if (known) known.count += 1;
    else counts.set(feature.name, { feature, count: 1 });
  }
  const weigh = ({ feature, count }: { feature: Feature; count: number }): number =>
    (1 + Math.log(count)) * (SHARE[feature.name[0]!] ?? 1);
  const all = [...counts.values()];
  const length = Math.sqrt(all.reduce((sum, one) => sum + weigh(one) ** 2, 0)) || 1;
  return {
    indices: all.map(({ feature }) => hashOf(feature.name) % buckets),
    values: all.map((one) => weigh(one) / length),
    shown: all.map(({ feature }) => feature.shown),
  };
}

/** Words and pairs of words weigh more than pieces of words, of which there are many. */
const SHARE: Record<string, number> = { w: 1, b: 1, c: 0.35, h: 1 };
