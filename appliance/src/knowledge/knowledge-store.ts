import { AppError, type Article, type ArticleInput, type Language } from "@intramuros/contracts";
import { v7 as newId } from "uuid";
import type { Store, StoreWrite } from "../storage/store.ts";
import { nameOf } from "./import-check.ts";
import { type Match, openIndexer, type SearchIndex } from "./search-index.ts";
import { seedArticles } from "./seed-store.ts";
import { openSegmenter } from "./segmenter-driver.ts";
import type { SynonymGroups } from "./synonyms.ts";

const TABLE = "articles";
/** A site with more has not written articles but copied a library; the index is kept in memory. */
export const MAX_ARTICLES = 20_000;

/** The articles and the index over them. Changes are durable, and searched, when their promise resolves. */
export interface Knowledge {
  search(text: string, language: Language): readonly Match[];
  article(id: string): Article | undefined;
  /** In order of creation. */
  list(): readonly Article[];
  /** The tags that most enabled articles of a language carry: what the assistant can help with. */
  topics(language: Language): readonly string[];
  create(input: ArticleInput, by: string): Promise<Article>;
  /** Undefined when there is no such article. */
  update(id: string, input: ArticleInput, by: string): Promise<Article | undefined>;
  remove(id: string): Promise<boolean>;
  /** All or nothing. An article with the same title and language is replaced and keeps its id. */
  importAll(inputs: readonly ArticleInput[], by: string): Promise<number>;
  removeSeed(): Promise<number>;
}

export async function openKnowledge(options: {
  readonly store: Store;
  readonly now?: () => number;
  readonly synonyms?: Readonly<Record<Language, SynonymGroups>>;
}): Promise<Knowledge> {
  const { store } = options;
  const now = options.now ?? Date.now;
  const segment = openSegmenter();
  const articles = new Map<string, Article>();
  for await (const [id, article] of store.entries<Article>(TABLE)) articles.set(id, article);

  const indexer = (language: Language) =>
    openIndexer({
      language,
      segment,
      ...(options.synonyms === undefined ? {} : { synonyms: options.synonyms[language] }),
    });
  const indexers = { zh: indexer("zh"), en: indexer("en") };
  const indexOf = (language: Language): SearchIndex => indexers[language]([...articles.values()]);
  const indexes: Record<Language, SearchIndex> = { zh: indexOf("zh"), en: indexOf("en") };

  /** One change after the other: what is decided on the articles in memory must still hold when it is on the disk. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(change: () => Promise<T>): Promise<T> => {
    const mine = last.then(change);
    last = mine.catch(() => undefined);
    return mine;
  };
  const keep = async (changed: readonly Article[], removed: readonly Article[]): Promise<void> => {
    const writes: StoreWrite[] = [
      ...changed.map((article) => ({ table: TABLE, key: article.id, value: article })),
      ...removed.map((article) => ({ table: TABLE, key: article.id, value: undefined })),
    ];
    if (writes.length === 0) return;
    const added = changed.filter((article) => !articles.has(article.id)).length;
    if (articles.size - removed.length + added > MAX_ARTICLES) {
      throw new AppError({
        code: "too-many-articles",
        message: `The knowledge base would hold more than ${MAX_ARTICLES} articles.`,
        hint: "Remove articles that nobody asks for, or join those that answer the same question.",
      });
    }
    const languages = new Set([...changed, ...removed].map((article) => article.language));
    for (const article of changed) {
      const before = articles.get(article.id);
      if (before !== undefined) languages.add(before.language);
    }
    await store.write(writes);
    for (const article of changed) articles.set(article.id, article);
    for (const article of removed) articles.delete(article.id);
    for (const language of languages) indexes[language] = indexOf(language);
  };
  const articleOf = (input: ArticleInput, by: string, before?: Article): Article => ({
    ...input,
    id: before?.id ?? newId(),
    seed: false,
    updatedAt: now(),
    updatedBy: by,
  });

  return {
    search: (text, language) => indexes[language].search(text),
    article: (id) => articles.get(id),
    list: () => [...articles.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    topics: (language) => topicsOf([...articles.values()], language),
    create: (input, by) =>
      inTurn(async () => {
        const article = articleOf(input, by);
        await keep([article], []);
        return article;
      }),
    update: (id, input, by) =>
      inTurn(async () => {
        const before = articles.get(id);
        if (before === undefined) return undefined;
        const article = articleOf(input, by, before);
        await keep([article], []);
        return article;
      }),
    remove: (id) =>
      inTurn(async () => {
        const article = articles.get(id);
        if (article !== undefined) await keep([], [article]);
        return article !== undefined;
      }),
    importAll: (inputs, by) =>
      inTurn(async () => {
        const byName = new Map([...articles.values()].map((article) => [nameOf(article), article]));
        await keep(
          inputs.map((input) => articleOf(input, by, byName.get(nameOf(input)))),
          [],
        );
        return inputs.length;
      }),
    removeSeed: () =>
      inTurn(async () => {
        const seeds = [...articles.values()].filter((article) => article.seed);
        await keep([], seeds);
        return seeds.length;
      }),
  };
}

const SEEDED = { table: "settings", key: "knowledge-seeded" };

/**
 * Puts the example articles into a store that never held any; true when it did. A mark stays behind, so that examples which an
 * administrator deleted do not come back. Called before `openKnowledge`.
 */
export async function seedKnowledge(options: { readonly store: Store; readonly now?: () => number }): Promise<boolean> {
  const { store } = options;
  if ((await store.get(SEEDED.table, SEEDED.key)) !== undefined) return false;
  for await (const _ of store.entries(TABLE, { limit: 1 })) return false;
  const articles = await seedArticles((options.now ?? Date.now)());
  await store.write([
    ...articles.map((article) => ({ table: TABLE, key: article.id, value: article })),
    { ...SEEDED, value: { articles: articles.length } },
  ]);
  return true;
}

function topicsOf(articles: readonly Article[], language: Language): readonly string[] {
  const counts = new Map<string, number>();
  for (const article of articles) {
    if (!article.enabled || article.language !== language) continue;
    for (const tag of article.tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  }
  return [...counts.entries()]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, 3)
    .map(([tag]) => tag);
}
