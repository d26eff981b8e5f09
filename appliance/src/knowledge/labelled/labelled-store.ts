import { readFile } from "node:fs/promises";
import type { Language } from "@intramuros/contracts";

/** A question as a customer may ask it. `expected` is the title of the article that answers it; null: nothing does. */
export interface Labelled {
  readonly set: "tune" | "test" | "held";
  readonly expected: string | null;
  readonly question: string;
}

export async function labelledQuestions(language: Language): Promise<readonly Labelled[]> {
  const text = await readFile(new URL(`./${language}.tsv`, import.meta.url), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [set, expected, question] = line.split("\t") as [Labelled["set"], string, string];
      return { set, expected: expected === "-" ? null : expected, question };
    });
}
