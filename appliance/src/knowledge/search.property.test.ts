import fc from "fast-check";
import { expect, test } from "vitest";
import { importCsv } from "./import-csv.ts";
import { importMarkdown } from "./import-markdown.ts";
import { judge } from "./judge.ts";
import { languageOf } from "./language-of.ts";
import { buildIndex } from "./search-index.ts";
import { seedArticles } from "./seed-store.ts";
import { openSegmenter } from "./segmenter-driver.ts";

const articles = await seedArticles(0);
const segment = openSegmenter();
const indexes = {
  zh: buildIndex({ language: "zh", articles, segment }),
  en: buildIndex({ language: "en", articles, segment }),
};
const anyText = fc.oneof(
  fc.string({ maxLength: 200, unit: "binary" }),
  fc
    .array(fc.constantFrom("卡", "丢", "转", "账", "限", "card", "limit", "'", " ", "0", "~", "how much", "，", "𠮷"), {
      maxLength: 60,
    })
    .map((parts) => parts.join("")),
);

test("no text makes the search throw; scores lie between 0 and 1 and fall", () => {
  fc.assert(
    fc.property(anyText, fc.constantFrom("zh", "en"), (text, language) => {
      expect(["zh", "en"]).toContain(languageOf(text, language));
      const matches = indexes[language].search(text);
      for (const [at, match] of matches.entries()) {
        expect(match.score).toBeGreaterThan(0);
        expect(match.score).toBeLessThan(1);
        if (at > 0) expect(match.score).toBeLessThanOrEqual(matches[at - 1]!.score);
      }
      judge(matches, 1);
    }),
    { numRuns: 400 },
  );
});

test("no file makes an import throw; an import has articles or problems, never both, and never neither", () => {
  const lines = fc.array(
    fc.constantFrom(
      "# A",
      "## Spoken",
      "- language: en",
      "- question: q",
      "text",
      "title,language,questions,answer",
      'a,en,"q',
      "a,en,q,b",
      '"',
      "\r",
      "",
      "- x",
      "|",
      ";",
      "\uFEFF",
      "```",
      "> ",
      "\t",
    ),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        anyText,
        lines.map((parts) => parts.join("\n")),
      ),
      (text) => {
        for (const read of [importCsv(text), importMarkdown(text)]) {
          expect(read.articles.length > 0).toBe(read.problems.length === 0);
          for (const { line } of read.problems) expect(line).toBeGreaterThanOrEqual(1);
        }
      },
    ),
    { numRuns: 400 },
  );
});
