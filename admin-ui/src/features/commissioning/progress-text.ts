import { type Words, wordFor } from "../../shared/i18n/use-text.ts";

/** The caller tells its progress in short English lines; the known ones have words of their own. */
export function progressText(t: Words, line: string): string {
  const called = /^calling (\S+)$/.exec(line);
  if (called !== null) return t("commissioning.progress.calling", { number: called[1] ?? "" });
  const slug = line
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  return wordFor(t, "commissioning.progress", slug, { defaultValue: line });
}
