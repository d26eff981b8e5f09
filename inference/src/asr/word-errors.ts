/** Word error rate as recognisers are compared by: edits between the two texts over the words that were said. */

const NUMBERS: Record<string, string> = {
  "0": "zero",
  "1": "one",
  "2": "two",
  "3": "three",
  "4": "four",
  "5": "five",
  "6": "six",
  "7": "seven",
  "8": "eight",
  "9": "nine",
  "10": "ten",
};

/** Lower case, no marks, contractions and hyphens as they are heard, small numbers as words. */
export function wordsForScoring(text: string): string[] {
  const words =
    text
      .toLowerCase()
      .replaceAll("\u2019", "'")
      .replaceAll(/(?<=[a-z])-(?=[a-z])/g, " ")
      .match(/[a-z0-9']+/g) ?? [];
  return words
    .map((word) => word.replaceAll(/^'+|'+$/g, ""))
    .filter(Boolean)
    .map((word) => NUMBERS[word] ?? word);
}

/** Levenshtein distance between two sequences. */
export function edits(said: readonly string[], heard: readonly string[]): number {
  let row = Array.from({ length: heard.length + 1 }, (_, at) => at);
  said.forEach((word, i) => {
    const nextRow = [i + 1];
    heard.forEach((other, j) => {
      nextRow.push(Math.min(row[j]! + (word === other ? 0 : 1), row[j + 1]! + 1, nextRow[j]! + 1));
    });
    row = nextRow;
  });
  return row[heard.length]!;
}

export interface WordErrors {
  readonly edits: number;
  readonly words: number;
}

export function wordErrors(pairs: readonly { readonly said: string; readonly heard: string }[]): WordErrors {
  let errors = 0;
  let words = 0;
  for (const { said, heard } of pairs) {
    const wanted = wordsForScoring(said);
    errors += edits(wanted, wordsForScoring(heard));
    words += wanted.length;
  }
  return { edits: errors, words };
}

export const rateOf = (errors: WordErrors): number => (errors.words === 0 ? 0 : errors.edits / errors.words);
