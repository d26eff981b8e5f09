/** Features of a short text: characters of Chinese in runs of one to three; words, pairs and inner pieces of English. */

/** FNV-1a, 32 bits. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash ^= text.charCodeAt(at);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

/** One form for what people type and what recognisers write: case, width, marks, digits. */
export function canonical(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[\u2018\u2019\u02bc]/g, "'")
    .replaceAll(/\d+(?:[.,]\d+)*/g, "0")
    .replaceAll(/([!?！？])[!?！？]+/gu, "$1$1")
    .replaceAll(/(.)\1{3,}/gu, "$1$1$1");
}

export interface Feature {
  readonly name: string;
  /** The characters or words it stands for, for showing as evidence. */
  readonly shown: string;
}

/** Words of a canonical English text; `'` stays inside a word. */
export const wordsOf = (text: string): string[] => text.match(/[a-z0-9]+(?:'[a-z]+)*|[!?]+/g) ?? [];

export function englishFeatures(text: string): Feature[] {
  const words = wordsOf(canonical(text)).slice(0, 200);
  const features: Feature[] = [];
  words.forEach((word, at) => {
    features.push({ name: `w:${word}`, shown: word });
    const next = words[at + 1];
    if (next !== undefined) features.push({ name: `b:${word} ${next}`, shown: `${word} ${next}` });
    const padded = `<${word}>`;
    if (word.length < 3) return;
    for (let length = 3; length <= 5; length++) {
      for (let from = 0; from + length <= padded.length; from++) {
        features.push({ name: `c:${padded.slice(from, from + length)}`, shown: word });
      }
    }
  });
  return features;
}

export function chineseFeatures(text: string): Feature[] {
  const characters = [...canonical(text)].filter((one) => /[\p{L}\p{N}!?！？~～]/u.test(one)).slice(0, 400);
  const features: Feature[] = [];
  for (let length = 1; length <= 3; length++) {
    for (let at = 0; at + length <= characters.length; at++) {
      const piece = characters.slice(at, at + length).join("");
      features.push({ name: `h:${piece}`, shown: piece });
    }
  }
  return features;
}

export const featuresOf = (text: string, language: string): Feature[] =>
  language === "zh" ? chineseFeatures(text) : englishFeatures(text);
