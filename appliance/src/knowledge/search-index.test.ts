import type { Article } from "@intramuros/contracts";
import { expect, test } from "vitest";
import { judge } from "./judge.ts";
import { buildIndex, type Match } from "./search-index.ts";
import { openSegmenter } from "./segmenter-driver.ts";

const segment = openSegmenter();
const article = (id: string, title: string, questions: readonly string[], more: Partial<Article> = {}): Article => ({
  id,
  title,
  language: "en",
  questions: [...questions],
  answer: `About ${title}.`,
  spokenAnswer: "",
  tags: [],
  enabled: true,
  seed: false,
  updatedAt: 0,
  updatedBy: "user:1",
  ...more,
});
const index = (articles: readonly Article[]) => buildIndex({ language: "en", articles, segment });

test("an index without articles finds nothing", () => {
  expect(index([]).search("anything at all")).toEqual([]);
});

test("one single article is enough to be found, and does not answer everything", () => {
  const one = index([article("a", "Parking permit", ["How do I get a parking permit?"])]);
  expect(judge(one.search("where do i get a parking permit"), 1)).toMatchObject({ kind: "answer" });
  expect(judge(one.search("what is the weather"), 1)).toEqual({ kind: "none" });
  expect(judge(one.search("get"), 1)).toEqual({ kind: "none" });
});

test("disabled articles and those of the other language are not searched", () => {
  const built = index([
    article("a", "Parking permit", ["parking permit"], { enabled: false }),
    article("b", "停车证", ["怎么办停车证 parking permit"], { language: "zh" }),
  ]);
  expect(built.size).toBe(0);
  expect(built.search("parking permit")).toEqual([]);
});

test("a question that two articles hold word for word is asked back", () => {
  const two = index([
    article("a", "Permit for residents", ["How do I get a permit?"]),
    article("b", "Permit for visitors", ["How do I get a permit?"]),
  ]);
  const verdict = judge(two.search("How do I get a permit?"), 1);
  expect(verdict).toMatchObject({ kind: "clarify", matches: [{ articleId: "a" }, { articleId: "b" }] });
});

test("a question that stands word for word in one article is answered by it", () => {
  const two = index([
    article("a", "Permit for residents", ["How do I get a permit?"]),
    article("b", "Permit for visitors", ["How do I get a permit for a visitor?", "get a visitor permit", "permit"]),
  ]);
  expect(judge(two.search("how do i get a permit"), 1)).toMatchObject({ kind: "answer", match: { articleId: "a" } });
});

test("words that the recogniser doubts are confirmed before they are answered", () => {
  const match: Match = { articleId: "a", title: "A", question: "a", score: 0.97, terms: ["a"] };
  expect(judge([match], 0.2)).toMatchObject({ kind: "clarify" });
  expect(judge([match], 0)).toMatchObject({ kind: "answer" });
  expect(judge([match], 0.9)).toMatchObject({ kind: "answer" });
});

test("tags and answers help to find, but do not answer by themselves", () => {
  const built = index([
    article("a", "Permit", ["How do I get a permit?"], { answer: "Show it at the barrier.", tags: ["parking"] }),
    article("b", "Bus line", ["Where does the bus stop?"]),
  ]);
  expect(judge(built.search("barrier"), 1)).toEqual({ kind: "none" });
  expect(built.search("permit parking")[0]).toMatchObject({ articleId: "a", terms: ["permit", "park"] });
});
