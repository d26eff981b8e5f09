import type { Article, Language } from "@intramuros/contracts";
import { type Analyser, type ArticleTerms, openAnalyser, plainOf } from "./article-terms.ts";
import type { Segmenter } from "./segmenter.ts";
import { GENERIC_CONCEPTS, type SynonymGroups } from "./synonyms.ts";

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

/**
 * Measured on the labelled questions (README): what the closest question counts, what the article as a whole, and (the rest) how
 * much of the customer's words it covers at all.
 */
const VARIANT_SHARE = 0.5;
const PROFILE_SHARE = 0.25;
const COVER_SHARE = 1 - VARIANT_SHARE - PROFILE_SHARE;
/** Small words that tell close articles apart ("not", "why", "still") and little else. */
const LIGHT_WORDS = new Set(["not", "why", "when", "still", "yet", "after", "befor"]);
const LIGHT_SHARE = 0.4;
/** Terms of the customer that no article knows weigh against an answer as much as the rarest known one. */
const UNKNOWN_WEIGHT = 1;
/** What generic concepts weigh of what their rarity gives. */
const GENERIC_SHARE = 0.6;
/** An amount that no article names says nothing about the subject. */
const NUMERAL = /^(?:[\d.,]+|[零〇一二两三四五六七八九十百千万亿几]+)$/;
/** What stands letter for letter among an article's questions is meant for that article, whatever else looks like it. */
const VERBATIM = 0.15;
const MAX_COMPARED = 200;
const MIDDLE = 0.49;
const STEEPNESS = 9;

const isConcept = (term: string): boolean => term.startsWith("~");
const concept = (term: string): string => (isConcept(term) ? term.slice(1) : term);
const sum = (terms: readonly string[], weight: (term: string) => number): number =>
  terms.reduce((total, term) => total + weight(term), 0);

/** The logistic curve that makes of the raw likeness the share of right answers at that likeness. */
const calibrated = (likeness: number): number => 1 / (1 + Math.exp(-STEEPNESS * (likeness - MIDDLE)));

interface IndexOptions {
  readonly language: Language;
  readonly segment: Segmenter;
  readonly synonyms?: SynonymGroups;
}

/** An index of these articles. */
export function buildIndex(options: IndexOptions & { readonly articles: readonly Article[] }): SearchIndex {
  return indexOf(openAnalyser(options), options.language, options.articles);
}

/** Builds one index after the other, as articles change; words are looked at only of those that did. */
export function openIndexer(options: IndexOptions): (articles: readonly Article[]) => SearchIndex {
  const analyser = openAnalyser(options);
  return (articles) => indexOf(analyser, options.language, articles);
}

function indexOf(analyser: Analyser, language: Language, articles: readonly Article[]): SearchIndex {
  const entries = articles
    .filter((article) => article.enabled && article.language === language)
    .map((article) => analyser.articleTerms(article));
  const weight = weightOf(entries);
  const lexicon = new Map(analyser.lexicon);
  /** Which articles a term may lead to, so that a search looks at those only. */
  const byTerm = new Map<string, Weighed[]>();
  for (const entry of entries) {
    for (const [slip, meant] of entry.lexicon) if (!lexicon.has(slip)) lexicon.set(slip, meant);
    const variantWeights = entry.variants.map((variant) => sum(variant.terms, weight));
    const weighed = { entry, variantWeights, profile: profileOf(entry, weight) };
    for (const term of entry.cover.keys()) {
      const others = byTerm.get(term);
      if (others === undefined) byTerm.set(term, [weighed]);
      else others.push(weighed);
    }
  }
  return {
    language,
    size: entries.length,
    search: (text, limit = 5) => {
      const terms = analyser.questionTerms(text, lexicon);
      const length = Math.hypot(...terms.map(weight));
      const asked = { terms, weight: sum(terms, weight), length, plain: plainOf(text) };
      if (asked.weight === 0) return [];
      return bestCovered(terms, byTerm, weight)
        .map(([candidate, covered]) => matchOf(candidate, asked, covered / asked.weight, weight))
        .sort((a, b) => b.score - a.score || (a.articleId < b.articleId ? -1 : 1))
        .slice(0, limit);
    },
  };
}

/** The articles that cover most of the question, with how much: comparing their questions one by one is what costs time. */
function bestCovered(
  terms: readonly string[],
  byTerm: ReadonlyMap<string, readonly Weighed[]>,
  weight: (term: string) => number,
): readonly (readonly [Weighed, number])[] {
  const covered = new Map<Weighed, number>();
  for (const term of terms) {
    const weightOfTerm = weight(term);
    for (const candidate of byTerm.get(term) ?? []) {
      covered.set(candidate, (covered.get(candidate) ?? 0) + weightOfTerm * candidate.entry.cover.get(term)!);
    }
  }
  const found = [...covered];
  return found.length <= MAX_COMPARED ? found : found.sort((a, b) => b[1] - a[1]).slice(0, MAX_COMPARED);
}

interface Weighed {
  readonly entry: ArticleTerms;
  readonly variantWeights: readonly number[];
  /** The article's terms by how many of its questions have them, as a vector of length 1. */
  readonly profile: ReadonlyMap<string, number>;
}

function profileOf(entry: ArticleTerms, weight: (term: string) => number): ReadonlyMap<string, number> {
  const profile = new Map<string, number>();
  for (const term of entry.variants.flatMap((variant) => variant.terms)) {
    profile.set(term, (profile.get(term) ?? 0) + weight(term) / entry.variants.length);
  }
  const length = Math.hypot(...profile.values()) || 1;
  return new Map([...profile].map(([term, value]) => [term, value / length]));
}

/** A term weighs by how few articles ask with it. */
function weightOf(entries: readonly ArticleTerms[]): (term: string) => number {
  const inArticles = new Map<string, number>();
  for (const entry of entries) {
    for (const term of new Set(entry.variants.flatMap((variant) => variant.terms))) {
      inArticles.set(term, (inArticles.get(term) ?? 0) + 1);
    }
  }
  const rarity = (count: number): number => Math.log(1 + (entries.length - count + 0.5) / (count + 0.5));
  return (term) => {
    const count = inArticles.get(term);
    if (LIGHT_WORDS.has(term)) return LIGHT_SHARE * rarity(count ?? 1);
    if (count === undefined) return NUMERAL.test(term) ? 0 : UNKNOWN_WEIGHT * rarity(1);
    return isConcept(term) && GENERIC_CONCEPTS.has(concept(term)) ? GENERIC_SHARE * rarity(count) : rarity(count);
  };
}

function matchOf(
  { entry, variantWeights, profile }: Weighed,
  asked: {
    readonly terms: readonly string[];
    readonly weight: number;
    readonly length: number;
    readonly plain: string;
  },
  covered: number,
  weight: (term: string) => number,
): Match {
  const shared = asked.terms.filter((term) => entry.cover.has(term));
  let best: { question: string; likeness: number } = { question: "", likeness: -1 };
  for (const [at, variant] of entry.variants.entries()) {
    const common = sum(
      asked.terms.filter((term) => variant.terms.includes(term)),
      weight,
    );
    const verbatim = variant.plain === asked.plain ? VERBATIM / VARIANT_SHARE : 0;
    const likeness = (2 * common) / (asked.weight + variantWeights[at]!) + verbatim;
    if (likeness > best.likeness) best = { question: variant.question, likeness };
  }
  const alike = sum(asked.terms, (term) => weight(term) * (profile.get(term) ?? 0)) / asked.length;
  return {
    articleId: entry.article.id,
    title: entry.article.title,
    question: best.question,
    score: calibrated(VARIANT_SHARE * best.likeness + PROFILE_SHARE * alike + COVER_SHARE * covered),
    terms: shared.map(concept),
  };
}
