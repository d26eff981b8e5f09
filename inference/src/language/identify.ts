/** Which of our two languages a text is in, by its script; other scripts get a low probability. */
export interface LanguageGuess {
  readonly language: "zh" | "en";
  readonly probability: number;
}

export function identifyLanguage(text: string): LanguageGuess {
  let han = 0;
  let latinWords = 0;
  let other = 0;
  for (const [piece] of text.matchAll(/\p{Script=Han}|[\p{Script=Latin}']+|\p{L}/gu)) {
    if (/\p{Script=Han}/u.test(piece)) han += 1;
    else if (/\p{Script=Latin}/u.test(piece)) latinWords += 1;
    else other += 1;
  }
  // A Chinese sentence often holds a Latin name or two; a Han character says more than a Latin word.
  const chinese = han * 1.5;
  const total = chinese + latinWords + other;
  if (total === 0) return { language: "en", probability: 0.5 };
  const share = chinese / total;
  if (share >= 0.4) return { language: "zh", probability: clamp(0.5 + share / 2 - other / total / 2) };
  return { language: "en", probability: clamp(0.5 + latinWords / total / 2 - other / total / 2) };
}

const clamp = (value: number): number => Math.max(0, Math.min(0.99, value));
