import type { ModelsReply } from "@intramuros/contracts/browser";

type Language = "zh" | "en";

/** Whether speech of this language is recognised here; unknown models count as there, so that nothing is warned of in vain. */
export function hears(models: ModelsReply | undefined, language: Language): boolean {
  if (models === undefined || !models.available) return true;
  return models.models.some(
    (model) => model.task === "asr" && model.state === "ready" && model.languages.includes(language),
  );
}

/** The language to begin with: the reader's own where it is understood, else the other where that is. */
export function firstLanguage(models: ModelsReply | undefined, own: Language): Language {
  const other = own === "zh" ? "en" : "zh";
  return !hears(models, own) && hears(models, other) ? other : own;
}
