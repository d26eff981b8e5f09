import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { AppError, type Article, LANGUAGES } from "@intramuros/contracts";
import { importMarkdown } from "./import-markdown.ts";

/**
 * The example of a bank in both languages (`seed/*.md`), written in the format that administrators import. Their ids come from
 * their titles, so that each installation has the same.
 */
export async function seedArticles(updatedAt: number): Promise<readonly Article[]> {
  const articles: Article[] = [];
  for (const language of LANGUAGES) {
    const file = new URL(`./seed/bank-${language}.md`, import.meta.url);
    const read = importMarkdown(await readFile(file, "utf8"));
    const [problem] = read.problems;
    if (problem !== undefined) {
      throw new AppError({
        code: "seed-articles-damaged",
        message: `The example articles cannot be read: ${file.pathname}, line ${problem.line}: ${problem.problem}.`,
        hint: "Copy the program again from its disk; this file belongs to it.",
      });
    }
    for (const { article } of read.articles) {
      const digest = createHash("sha256").update(article.title).digest("hex").slice(0, 16);
      articles.push({
        ...article,
        id: `seed-${language}-${digest}`,
        seed: true,
        updatedAt,
        updatedBy: "process:setup",
      });
    }
  }
  return articles;
}
