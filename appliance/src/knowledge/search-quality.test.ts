import type { Article, Language } from "@intramuros/contracts";
import MiniSearch from "minisearch";
import { describe, expect, test } from "vitest";
import { judge } from "./judge.ts";
import { type Labelled, labelledQuestions } from "./labelled/labelled-store.ts";
import { buildIndex } from "./search-index.ts";
import { seedArticles } from "./seed-store.ts";
import { openSegmenter } from "./segmenter-driver.ts";

const segment = openSegmenter();
const articles = await seedArticles(0);
const labelled: Record<Language, readonly Labelled[]> = {
  zh: await labelledQuestions("zh"),
  en: await labelledQuestions("en"),
};

function measure(language: Language, sets: readonly Labelled["set"][]) {
  const index = buildIndex({ language, articles, segment });
  const counts = { asked: 0, answered: 0, right: 0, shown: 0, strangers: 0, strangersAnswered: 0 };
  for (const { set, expected, question } of labelled[language]) {
    if (!sets.includes(set)) continue;
    const verdict = judge(index.search(question), 1);
    if (expected === null) {
      counts.strangers++;
      if (verdict.kind === "answer") counts.strangersAnswered++;
      continue;
    }
    counts.asked++;
    if (verdict.kind === "answer") {
      counts.answered++;
      if (verdict.match.title === expected) counts.right++;
    }
    if (verdict.kind === "clarify" && verdict.matches.some((match) => match.title === expected)) counts.shown++;
  }
  return counts;
}

/** BM25 as it comes: the peer that our scoring must beat to be worth its lines. */
function firstByBm25(language: Language): (question: string) => string | undefined {
  const words = (text: string): string[] => (language === "zh" ? [...segment(text)] : text.split(/[^\p{L}\p{N}]+/u));
  const search = new MiniSearch<Pick<Article, "id" | "title" | "answer"> & { questions: string }>({
    fields: ["title", "questions", "answer"],
    storeFields: ["title"],
    tokenize: words,
    searchOptions: { boost: { questions: 3, title: 2 }, fuzzy: 0.2 },
  });
  search.addAll(
    articles
      .filter((article) => article.language === language)
      .map(({ id, title, answer, questions }) => ({ id, title, answer, questions: questions.join("\n") })),
  );
  return (question) => search.search(question)[0]?.title as string | undefined;
}

describe.each(["en", "zh"] as const)("questions in %s", (language) => {
  test("there are enough of them, in and out of scope", () => {
    const inScope = labelled[language].filter((item) => item.expected !== null);
    expect(inScope.length).toBeGreaterThanOrEqual(150);
    expect(labelled[language].length - inScope.length).toBeGreaterThanOrEqual(60);
    const titles = new Set(articles.filter((article) => article.language === language).map(({ title }) => title));
    for (const { expected } of inScope) expect(titles).toContain(expected);
  });

  test("of the answers given at least 95 % are right, and at least 85 % of the questions are answered", () => {
    const counts = measure(language, ["tune", "test", "held"]);
    expect(counts.right / counts.answered).toBeGreaterThanOrEqual(0.95);
    expect(counts.right / counts.asked).toBeGreaterThanOrEqual(0.85);
    expect((counts.right + counts.shown) / counts.asked).toBeGreaterThanOrEqual(0.9);
  });

  test("at most 3 % of the questions that no article answers get an answer", () => {
    const counts = measure(language, ["tune", "test", "held"]);
    expect(counts.strangersAnswered / counts.strangers).toBeLessThanOrEqual(0.03);
  });

  test("our scoring finds more of the right articles than BM25", () => {
    const index = buildIndex({ language, articles, segment });
    const bm25 = firstByBm25(language);
    const inScope = labelled[language].filter((item) => item.expected !== null);
    const ours = inScope.filter((item) => index.search(item.question)[0]?.title === item.expected).length;
    const theirs = inScope.filter((item) => bm25(item.question) === item.expected).length;
    expect(ours / inScope.length).toBeGreaterThanOrEqual(0.93);
    expect(ours).toBeGreaterThan(theirs);
    console.log(`${language}: ${inScope.length} questions, first article right: ours ${ours}, BM25 ${theirs}`);
  });

  test("the score is calibrated: half-way up it is right at least half of the time, near the top nearly always", () => {
    const index = buildIndex({ language, articles, segment });
    const tops = labelled[language].flatMap(({ question, expected }) => {
      const [top] = index.search(question);
      return top === undefined ? [] : [{ score: top.score, right: top.title === expected }];
    });
    const rightBetween = (from: number, to: number) => {
      const band = tops.filter((top) => top.score >= from && top.score < to);
      return band.filter((top) => top.right).length / band.length;
    };
    expect(rightBetween(0.5, 0.8)).toBeGreaterThanOrEqual(0.5);
    expect(rightBetween(0.8, 1.01)).toBeGreaterThanOrEqual(0.93);
    expect(rightBetween(0, 0.3)).toBeLessThanOrEqual(0.5);
  });
});

test("the questions of the front page are answered with certainty", () => {
  const en = buildIndex({ language: "en", articles, segment });
  const zh = buildIndex({ language: "zh", articles, segment });
  for (const question of [
    "What is my daily transfer limit?",
    "what is my daily transfer limit",
    "daily transfer limited",
  ]) {
    expect(judge(en.search(question), 1)).toMatchObject({ kind: "answer", match: { title: "Daily transfer limit" } });
  }
  expect(judge(en.search("What is my transfer limit?"), 1)).toMatchObject({ match: { title: "Daily transfer limit" } });
  for (const question of ["我每天最多能转多少钱", "我每天最多能转多少钱？", "转账限额是多少", "转帐现额是多少"]) {
    expect(judge(zh.search(question), 1)).toMatchObject({ kind: "answer", match: { title: "每日转账限额" } });
  }
});

test("every question of an article finds its article", () => {
  for (const language of ["zh", "en"] as const) {
    const index = buildIndex({ language, articles, segment });
    for (const article of articles.filter((one) => one.language === language)) {
      for (const question of article.questions) {
        const verdict = judge(index.search(question), 1);
        expect
          .soft([question, verdict.kind === "answer" ? verdict.match.title : verdict.kind])
          .toEqual([question, article.title]);
      }
    }
  }
});
