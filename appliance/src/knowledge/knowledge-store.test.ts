import type { ArticleInput } from "@intramuros/contracts";
import { expect, test } from "vitest";
import { memoryStore } from "../storage/memory-store.ts";
import { openKnowledge, seedKnowledge } from "./knowledge-store.ts";

const permit: ArticleInput = {
  title: "Parking permit",
  language: "en",
  questions: ["How do I get a parking permit?"],
  answer: "At the counter.",
  spokenAnswer: "",
  tags: ["parking"],
  enabled: true,
};
const open = async (store = memoryStore()) => ({ store, knowledge: await openKnowledge({ store, now: () => 42 }) });

test("a new article is searched at once, and still there after a restart", async () => {
  const { store, knowledge } = await open();
  expect(knowledge.search("parking permit", "en")).toEqual([]);
  const article = await knowledge.create(permit, "user:1");
  expect(article).toMatchObject({ ...permit, seed: false, updatedAt: 42, updatedBy: "user:1" });
  expect(knowledge.search("parking permit", "en")[0]?.articleId).toBe(article.id);
  const again = await openKnowledge({ store });
  expect(again.article(article.id)).toEqual(article);
  expect(again.search("parking permit", "en")[0]?.articleId).toBe(article.id);
});

test("a changed article is found by its new words only, also when its language changed", async () => {
  const { knowledge } = await open();
  const { id } = await knowledge.create(permit, "user:1");
  await knowledge.update(
    id,
    { ...permit, title: "停车证", language: "zh", questions: ["怎么办停车证"], tags: [] },
    "user:2",
  );
  expect(knowledge.search("parking permit", "en")).toEqual([]);
  expect(knowledge.search("停车证怎么办", "zh")[0]?.articleId).toBe(id);
  expect(knowledge.article(id)?.updatedBy).toBe("user:2");
});

test("what is removed is not found; what is not there cannot be changed", async () => {
  const { store, knowledge } = await open();
  const { id } = await knowledge.create(permit, "user:1");
  expect(await knowledge.remove(id)).toBe(true);
  expect(await knowledge.remove(id)).toBe(false);
  expect(await knowledge.update(id, permit, "user:1")).toBeUndefined();
  expect(knowledge.search("parking permit", "en")).toEqual([]);
  expect((await openKnowledge({ store })).list()).toEqual([]);
});

test("an import replaces the article of the same title and language and keeps its id", async () => {
  const { knowledge } = await open();
  const { id } = await knowledge.create(permit, "user:1");
  const inputs = [
    { ...permit, title: "PARKING PERMIT", answer: "Online." },
    { ...permit, title: "Another" },
  ];
  expect(await knowledge.importAll(inputs, "user:2")).toBe(2);
  expect(knowledge.list()).toHaveLength(2);
  expect(knowledge.article(id)).toMatchObject({ answer: "Online.", updatedBy: "user:2" });
});

test("changes made at the same moment all count", async () => {
  const { store, knowledge } = await open();
  const { id } = await knowledge.create(permit, "user:1");
  await Promise.all([
    knowledge.update(id, { ...permit, answer: "1" }, "user:1"),
    knowledge.importAll([{ ...permit, answer: "2" }], "user:2"),
    knowledge.create({ ...permit, title: "B" }, "user:3"),
  ]);
  expect(knowledge.article(id)?.answer).toBe("2");
  expect((await openKnowledge({ store })).list()).toEqual(knowledge.list());
});

test("the example is put into an empty store once, and does not come back when it was deleted", async () => {
  const store = memoryStore();
  expect(await seedKnowledge({ store, now: () => 7 })).toBe(true);
  const knowledge = await openKnowledge({ store });
  expect(knowledge.list().length).toBeGreaterThanOrEqual(50);
  expect(knowledge.list().every((article) => article.seed && article.updatedAt === 7)).toBe(true);
  const own = await knowledge.create(permit, "user:1");
  expect(await knowledge.removeSeed()).toBeGreaterThanOrEqual(50);
  expect(knowledge.list()).toEqual([own]);
  await knowledge.remove(own.id);
  expect(await seedKnowledge({ store })).toBe(false);
  expect((await openKnowledge({ store })).list()).toEqual([]);
});

test("a site's own articles are never joined by the example", async () => {
  const { store, knowledge } = await open();
  await knowledge.create(permit, "user:1");
  expect(await seedKnowledge({ store })).toBe(false);
});

test("an example that somebody changed is the site's own from then on", async () => {
  const store = memoryStore();
  await seedKnowledge({ store });
  const knowledge = await openKnowledge({ store });
  const [first] = knowledge.list();
  const { id, seed: _seed, updatedAt: _at, updatedBy: _by, ...input } = first!;
  await knowledge.update(id, { ...input, answer: "Ours." }, "user:1");
  await knowledge.removeSeed();
  expect(knowledge.list().map((article) => article.answer)).toEqual(["Ours."]);
});

test("the topics are what most articles of a language are about", async () => {
  const { knowledge } = await open();
  await knowledge.create({ ...permit, tags: ["b", "a"] }, "user:1");
  await knowledge.create({ ...permit, title: "2", tags: ["b"] }, "user:1");
  await knowledge.create({ ...permit, title: "3", tags: ["c"], enabled: false }, "user:1");
  expect(knowledge.topics("en")).toEqual(["b", "a"]);
  expect(knowledge.topics("zh")).toEqual([]);
});

test("the example is whole: both languages, spoken answers of one or two sentences without lists", async () => {
  const store = memoryStore();
  await seedKnowledge({ store });
  const articles = (await openKnowledge({ store })).list();
  for (const language of ["zh", "en"] as const) {
    expect(articles.filter((article) => article.language === language).length).toBeGreaterThanOrEqual(25);
  }
  for (const article of articles) {
    expect.soft(article.questions.length, article.title).toBeGreaterThanOrEqual(5);
    expect.soft(article.spokenAnswer, article.title).not.toBe("");
    expect.soft(article.spokenAnswer, article.title).not.toMatch(/\n|[*#>]/);
    expect
      .soft(
        article.spokenAnswer.split(/[.!?。！？](?:\s|$)/).filter((part) => part.trim() !== "").length,
        article.title,
      )
      .toBeLessThanOrEqual(3);
  }
});
