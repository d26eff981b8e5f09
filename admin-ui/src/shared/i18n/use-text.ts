import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import type { Language } from "../format/time.ts";

/** The words of the console in the user's language, and the language itself for dates and numbers. */
export function useText(): { readonly t: TFunction; readonly language: Language } {
  const { t, i18n } = useTranslation();
  return { t, language: i18n.language === "en" ? "en" : "zh" };
}

/** The word for a code, or the code itself where we have no word for it. */
export function wordFor(t: TFunction, prefix: string, code: string, values?: Record<string, unknown>): string {
  return t(`${prefix}.${code}`, { defaultValue: code, ...values });
}
