import { englishWords, isStopWord, oneEditApart, stem } from "./english-words.ts";
import type { EnglishSynonyms } from "./synonyms.ts";

/**
 * The terms of an English question: concepts (`~transfer`) where a phrase of the synonyms stands, stems elsewhere. Each once, in
 * order. A word that is not among the `known` stems is taken for the known one that a single slip of the keys made it of.
 */
export function englishTerms(
  text: string,
  synonyms: EnglishSynonyms,
  known: ReadonlyMap<string, string> = new Map(),
): string[] {
  const words = englishWords(text);
  const stems = words.map((word) => (isStopWord(word) ? stem(word) : corrected(stem(word), known)));
  const terms: string[] = [];
  for (let at = 0; at < stems.length; ) {
    const found = synonyms
      .get(stems[at]!)
      ?.find((entry) => entry.stems.every((part, index) => stems[at + index] === part));
    if (found !== undefined) {
      terms.push(`~${found.concept}`);
      at += found.stems.length;
      continue;
    }
    if (!isStopWord(words[at]!)) terms.push(stems[at]!);
    at++;
  }
  return [...new Set(terms)];
}

/**
 * A stem of four letters and more, with the same first letter, one edit apart from exactly one known stem of five and more; another letter in the
 * place of one counts from seven letters on, because short words have too many neighbours (stock, stuck).
 */
function corrected(word: string, known: ReadonlyMap<string, string>): string {
  if (known.size === 0 || word.length < 4 || known.has(word) || /\d/.test(word)) return word;
  let found: string | undefined;
  for (const candidate of known.keys()) {
    if (candidate.length < 5 || candidate[0] !== word[0] || !oneEditApart(candidate, word)) continue;
    if (candidate.length === word.length && word.length < 7 && !isSwap(candidate, word)) continue;
    if (found !== undefined) return word;
    found = candidate;
  }
  return found ?? word;
}

const isSwap = (a: string, b: string): boolean => [...a].sort().join("") === [...b].sort().join("");
