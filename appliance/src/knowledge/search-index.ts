import type { Article, Language } from "@intramuros/contracts";
import { chineseTerms, syllablesOf } from "./chinese-terms.ts";
import { englishTerms } from "./english-terms.ts";
import type { Segmenter } from "./segmenter.ts";
import { BUILT_IN_SYNONYMS, compileChinese, compileEnglish, GENERIC_CONCEPTS, type SynonymGroups } from "./synonyms.ts";

/** One article that may answer, with the question of it that came closest. */
export interface Match {
  readonly articleId: string;
  readonly title: string;
  readonly question: string;
  /** 0..1: how surely this article answers the question; see `calibrated`. */
  readonly score: number;
  /** Terms that question and article share, concepts without their mark. */
  readonly terms: readonly string[];
}

export interface SearchIndex {
  readonly language: Language;
  readonly size: number;
  /** The likeliest first; articles without a shared term are left out. */
  search(text: string, limit?: number): readonly Match[];
}

interface Variant {
  readonly question: string;
  readonly plain: string;
  readonly terms: readonly string[];
  readonly weight: number;
}
interface Entry {
  readonly article: Article;
  readonly variants: readonly Variant[];
  /** How well a term of the customer is covered by the article: 1 in its questions, less in its tags and its answer. */
  readonly cover: ReadonlyMap<string, number>;
}

/** Measured on the labelled questions (README): the share of the best question, and what tags and answers add. */
const VARIANT_SHARE = 0.6;
const TAG_COVER = 0.6;
const ANSWER_COVER = 0.35;
/** Terms of the customer that no article knows weigh against an answer, but not as much as the rarest known one. */
const UNKNOWN_WEIGHT = 1;
const GENERIC_SHARE = 0.6;
/** An amount that no article names says nothing about the subject. */
const NUMERAL = /^(?:[\d.,]+|[零〇一二两三四五六七八九十百千万亿几]+)$/;
/** What stands letter for letter among an article's questions is meant for that article, whatever else looks like it. */
const VERBATIM = 0.15;
const MIDDLE = 0.5;
const STEEPNESS = 9;

const concept = (term: string): string => (term.startsWith("~") ? term.slice(1) : term);
const sum = (terms: readonly string[], weight: (term: string) => number): number =>
  terms.reduce((total, term) => total + weight(term), 0);

/** The logistic curve that makes of the raw likeness the share of right answers at that likeness. */
const calibrated = (likeness: number): number => 1 / (1 + Math.exp(-STEEPNESS * (likeness - MIDDLE)));

/** Letters and digits only. */
const plainOf = (text: string): string =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");

type Terms = (text: string, forgiving: boolean) => string[];

export function buildIndex(options: {
  readonly language: Language;
  readonly articles: readonly Article[];
  readonly segment: Segmenter;
  readonly synonyms?: SynonymGroups;
}): SearchIndex {
  const articles = options.articles.filter((article) => article.enabled && article.language === options.language);
  const termsOf = options.language === "zh" ? chinese(options, articles) : english(options, articles);
  const entries = articles.map((article) => entryOf(article, termsOf));

  const inArticles = new Map<string, number>();
  for (const entry of entries) {
    for (const term of new Set(entry.variants.flatMap((variant) => variant.terms))) {
      inArticles.set(term, (inArticles.get(term) ?? 0) + 1);
    }
  }
  const rarity = (count: number): number => Math.log(1 + (entries.length - count + 0.5) / (count + 0.5));
  const unknown = UNKNOWN_WEIGHT * rarity(1);
  const weight = (term: string): number => {
    const count = inArticles.get(term);
    if (count === undefined) return NUMERAL.test(term) ? 0 : unknown;
    return GENERIC_CONCEPTS.has(concept(term)) && term.startsWith("~") ? GENERIC_SHARE * rarity(count) : rarity(count);
  };
  const weighed = entries.map((entry) => ({
    ...entry,
    variants: entry.variants.map((variant) => ({ ...variant, weight: sum(variant.terms, weight) })),
  }));

  return {
    language: options.language,
    size: entries.length,
    search: (text, limit = 5) => {
      const asked = termsOf(text, true);
      const askedWeight = sum(asked, weight);
      if (askedWeight === 0) return [];
      return weighed
        .flatMap((entry) => {
          const match = matchOf(entry, { terms: asked, weight: askedWeight, plain: plainOf(text) }, weight);
          return match === null ? [] : [match];
        })
        .sort((a, b) => b.score - a.score || (a.articleId < b.articleId ? -1 : 1))
        .slice(0, limit);
    },
  };
}

function matchOf(
  entry: Entry,
  asked: { readonly terms: readonly string[]; readonly weight: number; readonly plain: string },
  weight: (term: string) => number,
): Match | null {
  const shared = asked.terms.filter((term) => entry.cover.has(term));
  if (shared.length === 0) return null;
  const covered = sum(shared, (term) => weight(term) * entry.cover.get(term)!) / asked.weight;
  let best: { question: string; likeness: number } = { question: "", likeness: -1 };
  for (const variant of entry.variants) {
    const common = sum(
      asked.terms.filter((term) => variant.terms.includes(term)),
      weight,
    );
    const verbatim = variant.plain === asked.plain ? VERBATIM / VARIANT_SHARE : 0;
    const likeness = (2 * common) / (asked.weight + variant.weight) + verbatim;
    if (likeness > best.likeness) best = { question: variant.question, likeness };
  }
  return {
    articleId: entry.article.id,
    title: entry.article.title,
    question: best.question,
    score: calibrated(VARIANT_SHARE * best.likeness + (1 - VARIANT_SHARE) * covered),
    terms: shared.map(concept),
  };
}

function entryOf(article: Article, termsOf: Terms): Entry {
  const variants = [article.title, ...article.questions]
    .map((question) => ({ question, plain: plainOf(question), terms: termsOf(question, false), weight: 0 }))
    .filter((variant) => variant.terms.length > 0);
  const cover = new Map<string, number>();
  for (const term of termsOf(article.answer, false)) cover.set(term, ANSWER_COVER);
  for (const tag of article.tags) for (const term of termsOf(tag, false)) cover.set(term, TAG_COVER);
  for (const variant of variants) for (const term of variant.terms) cover.set(term, 1);
  return { article, variants, cover };
}

function english(options: { readonly synonyms?: SynonymGroups }, articles: readonly Article[]): Terms {
  const synonyms = compileEnglish(options.synonyms ?? BUILT_IN_SYNONYMS.en);
  const known = new Set<string>();
  for (const [first, entries] of synonyms) {
    known.add(first);
    for (const entry of entries) for (const part of entry.stems) known.add(part);
  }
  for (const article of articles) {
    for (const question of [article.title, ...article.questions, article.answer]) {
      for (const term of englishTerms(question, new Map())) known.add(term);
    }
  }
  return (text, forgiving) => englishTerms(text, synonyms, forgiving ? known : undefined);
}

function chinese(
  options: { readonly segment: Segmenter; readonly synonyms?: SynonymGroups },
  articles: readonly Article[],
): Terms {
  const synonyms = compileChinese(options.synonyms ?? BUILT_IN_SYNONYMS.zh);
  const sounds = new Map<string, string>();
  for (const article of articles) {
    for (const question of [article.title, ...article.questions]) {
      for (const term of chineseTerms(question, synonyms, options.segment)) {
        const sound = term.length >= 2 && !term.startsWith("~") ? syllablesOf(term) : "";
        if (sound !== "") sounds.set(sound, term);
      }
    }
  }
  for (const phrases of synonyms.values()) {
    for (const { phrase, concept } of phrases) {
      const sound = phrase.length >= 2 ? syllablesOf(phrase) : "";
      if (sound !== "") sounds.set(sound, `~${concept}`);
    }
  }
  return (text, forgiving) => chineseTerms(text, synonyms, options.segment, forgiving ? sounds : undefined);
}
