import type { Article } from "@intramuros/contracts/browser";
import { expect, test } from "vitest";
import { sortArticles } from "./article-order.ts";

const article = (title: string, change: Partial<Article> = {}): Article => ({
  id: title,
  title,
  language: "zh",
  questions: ["?"],
  answer: "",
  spokenAnswer: "",
  tags: [],
  enabled: true,
  seed: false,
  updatedAt: 0,
  updatedBy: "",
  ...change,
});

test("the reader's language comes first, then the title as that language sorts", () => {
  const list = [article("Cards", { language: "en" }), article("转账"), article("贷款")];
  expect(sortArticles(list, { state: "", first: "zh" }).map((row) => row.title)).toEqual(["贷款", "转账", "Cards"]);
  expect(sortArticles(list, { state: "", first: "en" })[0]?.title).toBe("Cards");
});

test("enabled, disabled and example articles are three different questions", () => {
  const list = [article("a"), article("b", { enabled: false }), article("c", { seed: true })];
  const titles = (state: string) => sortArticles(list, { state, first: "zh" }).map((row) => row.title);
  expect(titles("enabled")).toEqual(["a", "c"]);
  expect(titles("disabled")).toEqual(["b"]);
  expect(titles("seed")).toEqual(["c"]);
});
