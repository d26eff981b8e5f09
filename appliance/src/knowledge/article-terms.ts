import type { Article, Language } from "@intramuros/contracts";
import { chineseTerms, syllablesOf } from "./chinese-terms.ts";
import { englishTerms } from "./english-terms.ts";
import type { Segmenter } from "./segmenter.ts";
import { BUILT_IN_SYNONYMS, compileChinese, compileEnglish, type SynonymGroups } from "./synonyms.ts";

/** An article as terms: everything about it that does not depend on the other articles. */
export interface ArticleTerms {
  readonly article: Article;
  readonly variants: readonly Variant[];
  /** How well a term of the customer is covered by the article: 1 in its questions, less in its tags and its answer. */
  readonly cover: ReadonlyMap<string, number>;
  /** What a customer's slips are mended to: words as written (English), syllables and what is said so (Mandarin). */
  readonly lexicon: ReadonlyMap<string, string>;
}
export interface Variant {
  readonly question: string;
  /** The question without spaces, marks and case. */
  readonly plain: string;
  readonly terms: readonly string[];
}

/** Measured on the labelled questions (README). */
const TAG_COVER = 0.6;
const ANSWER_COVER = 0.35;

export interface Analyser {
  /** Remembered for each article: a change of one does not cost the words of all. */
  articleTerms(article: Article): ArticleTerms;
  /** The terms of a customer's question, its slips mended by the lexicon of the articles. */
  questionTerms(text: string, lexicon: ReadonlyMap<string, string>): readonly string[];
  /** The lexicon of the synonyms, to which the articles add theirs. */
  readonly lexicon: ReadonlyMap<string, string>;
}

/** Letters and digits only. */
export const plainOf = (text: string): string =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");

export function openAnalyser(options: {
  readonly language: Language;
  readonly segment: Segmenter;
  readonly synonyms?: SynonymGroups;
}): Analyser {
  const groups = options.synonyms ?? BUILT_IN_SYNONYMS[options.language];
  return options.language === "zh" ? chinese(groups, options.segment) : english(groups);
}

function english(groups: SynonymGroups): Analyser {
  const synonyms = compileEnglish(groups);
  const lexicon = new Map<string, string>();
  for (const entries of synonyms.values()) {
    for (const part of entries.flatMap((entry) => entry.stems)) lexicon.set(part, part);
  }
  const noSynonyms = new Map();
  return {
    lexicon,
    articleTerms: remembered((article) =>
      termsOfArticle(
        article,
        (text) => englishTerms(text, synonyms),
        () => {
          const words = [article.title, ...article.questions, article.answer];
          return new Map(words.flatMap((text) => englishTerms(text, noSynonyms)).map((word) => [word, word]));
        },
      ),
    ),
    questionTerms: (text, known) => englishTerms(text, synonyms, known),
  };
}

function chinese(groups: SynonymGroups, segment: Segmenter): Analyser {
  const synonyms = compileChinese(groups);
  const lexicon = new Map<string, string>();
  for (const { phrase, concept } of [...synonyms.values()].flat()) {
    const sound = phrase.length >= 2 ? syllablesOf(phrase) : "";
    if (sound !== "") lexicon.set(sound, `~${concept}`);
  }
  return {
    lexicon,
    articleTerms: remembered((article) =>
      termsOfArticle(
        article,
        (text) => chineseTerms(text, synonyms, segment),
        (variants) => {
          const words = variants
            .flatMap(({ terms }) => terms)
            .filter((term) => term.length >= 2 && !term.startsWith("~"));
          const sounds = words.map((word): [string, string] => [syllablesOf(word), word]);
          return new Map(sounds.filter(([sound]) => sound !== ""));
        },
      ),
    ),
    questionTerms: (text, sounds) => chineseTerms(text, synonyms, segment, sounds),
  };
}

function remembered(make: (article: Article) => ArticleTerms): (article: Article) => ArticleTerms {
  const made = new WeakMap<Article, ArticleTerms>();
  return (article) => {
    const known = made.get(article);
    if (known !== undefined) return known;
    const terms = make(article);
    made.set(article, terms);
    return terms;
  };
}

function termsOfArticle(
  article: Article,
  termsOf: (text: string) => readonly string[],
  lexiconOf: (variants: readonly Variant[]) => ReadonlyMap<string, string>,
): ArticleTerms {
  const variants = [article.title, ...article.questions]
    .map((question) => ({ question, plain: plainOf(question), terms: termsOf(question) }))
    .filter((variant) => variant.terms.length > 0);
  const cover = new Map<string, number>();
  for (const term of termsOf(article.answer)) cover.set(term, ANSWER_COVER);
  for (const tag of article.tags) for (const term of termsOf(tag)) cover.set(term, TAG_COVER);
  for (const variant of variants) for (const term of variant.terms) cover.set(term, 1);
  return { article, variants, cover, lexicon: lexiconOf(variants) };
}
