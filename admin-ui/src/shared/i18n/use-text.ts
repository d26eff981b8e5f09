import { useTranslation } from "react-i18next";
import type { Language } from "../format/time.ts";

/** The words for a key; a test sees to it that each key exists in both languages. */
export type Words = (key: string, values?: Readonly<Record<string, unknown>>) => string;

/** The words of the console in the user's language, and the language itself for dates and numbers. */
export function useText(): { readonly t: Words; readonly language: Language } {
  const { t, i18n } = useTranslation();
  return { t: t as unknown as Words, language: i18n.language === "en" ? "en" : "zh" };
}

/** The word for a code, or the code itself where we have no word for it. */
export function wordFor(t: Words, prefix: string, code: string, values?: Readonly<Record<string, unknown>>): string {
  return t(`${prefix}.${code}`, { defaultValue: code, ...values });
}
