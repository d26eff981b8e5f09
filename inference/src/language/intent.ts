import { featuresOf } from "./ngrams.ts";

export interface IntentExample {
  readonly intent: string;
  readonly text: string;
}
export interface IntentMatch {
  readonly intent: string;
  readonly score: number;
  readonly example: string;
}

/** Port: `matchIntent` where it delays nobody; null when there was no answer in time. */
export interface IntentMatcher {
  match(text: string, language: string, examples: readonly IntentExample[]): Promise<readonly IntentMatch[] | null>;
}

type Vector = ReadonlyMap<string, number>;
const BEST = 10;

const counts = (text: string, language: string): Map<string, number> => {
  const found = new Map<string, number>();
  for (const { name } of featuresOf(text, language)) found.set(name, (found.get(name) ?? 0) + 1);
  return found;
};

/** Cosine of TF-IDF vectors of the text and each example; an intent scores as its best example. */
export function matchIntent(text: string, language: string, examples: readonly IntentExample[]): IntentMatch[] {
  const documents = examples.map((example) => counts(example.text, language));
  const frequency = new Map<string, number>();
  for (const document of documents)
    for (const name of document.keys()) frequency.set(name, (frequency.get(name) ?? 0) + 1);
  const weigh = (document: Map<string, number>): Vector => {
    const weights = new Map<string, number>();
    for (const [name, count] of document) {
      const idf = Math.log((examples.length + 1) / ((frequency.get(name) ?? 0) + 1)) + 1;
      weights.set(name, (1 + Math.log(count)) * idf);
    }
    return weights;
  };
  const asked = weigh(counts(text, language));
  const best = new Map<string, IntentMatch>();
  documents.forEach((document, at) => {
    const example = examples[at]!;
    const score = cosine(asked, weigh(document));
    if (score > (best.get(example.intent)?.score ?? 0))
      best.set(example.intent, { intent: example.intent, score, example: example.text });
  });
  return [...best.values()].sort((a, b) => b.score - a.score).slice(0, BEST);
}

function cosine(a: Vector, b: Vector): number {
  let dot = 0;
  for (const [name, weight] of a) dot += weight * (b.get(name) ?? 0);
  const lengths = Math.sqrt(squares(a) * squares(b));
  return lengths === 0 ? 0 : Math.min(1, dot / lengths);
}

function squares(vector: Vector): number {
  let sum = 0;
  for (const weight of vector.values()) sum += weight * weight;
  return sum;
}
