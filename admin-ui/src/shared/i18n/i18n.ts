import i18next, { type i18n } from "i18next";
import { initReactI18next } from "react-i18next";
import type { Language } from "../format/time.ts";

/** One language is loaded at a time, as its own file. */
const loaders: Record<Language, () => Promise<Record<string, unknown>>> = {
  zh: async () => (await import("./zh/index.ts")).zh,
  en: async () => (await import("./en/index.ts")).en,
};
const STORED = "intramuros.language";

export function storedLanguage(): Language | null {
  const raw = localStorage.getItem(STORED);
  return raw === "zh" || raw === "en" ? raw : null;
}

/** The user's choice, else the site's language. */
export async function startI18n(siteLanguage: Language): Promise<i18n> {
  const language = storedLanguage() ?? siteLanguage;
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: { [language]: { translation: await loaders[language]() } },
    interpolation: { escapeValue: false },
    returnNull: false,
    keySeparator: ".",
    nsSeparator: false,
  });
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  return i18next;
}

export async function switchLanguage(language: Language): Promise<void> {
  localStorage.setItem(STORED, language);
  if (!i18next.hasResourceBundle(language, "translation"))
    i18next.addResourceBundle(language, "translation", await loaders[language]());
  await i18next.changeLanguage(language);
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
}
