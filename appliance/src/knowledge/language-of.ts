import type { Language } from "@intramuros/contracts";

/** Latin letters that people who write Chinese use as well; they say nothing about the language. */
const NEUTRAL = new Set(["ok", "okay", "hi", "bye", "app", "atm", "pin", "otp", "sms", "vip", "swift", "visa", "id"]);

/**
 * The language of a text by its script. Han characters count by pairs, Latin letters by words; a text that has neither (digits,
 * an emoji, "ok") keeps the language of the conversation.
 */
export function languageOf(text: string, otherwise: Language): Language {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const words = (text.match(/[a-z]+(?:['’][a-z]+)?/giu) ?? []).filter(
    (word) => !NEUTRAL.has(word.toLowerCase()),
  ).length;
  if (han === 0 && words === 0) return otherwise;
  return han / 1.5 >= words ? "zh" : "en";
}
