import { type ArticleInput, ArticleInputSchema } from "@intramuros/contracts";
import { Value } from "typebox/value";
import type { ImportWording } from "./import-wording.ts";

/** What a file of articles holds. Nothing of it is kept when there is a problem anywhere. */
export interface Import {
  readonly articles: readonly { readonly line: number; readonly article: ArticleInput }[];
  readonly problems: readonly ImportProblem[];
}
export interface ImportProblem {
  /** First line is 1. */
  readonly line: number;
  readonly problem: string;
}

/** More would hide what the administrator has to do first. */
const MAX_PROBLEMS = 200;
export const MAX_IMPORTED = 5000;

/** An article as a file gives it, before it is known to be one. */
export interface Draft {
  readonly line: number;
  readonly title: string;
  readonly language: string;
  readonly questions: readonly string[];
  readonly answer: string;
  readonly spokenAnswer: string;
  readonly tags: readonly string[];
}

/** Checks drafts against the contract of articles, and against one another: title and language name an article. */
export function checkDrafts(
  drafts: readonly Draft[],
  before: readonly ImportProblem[],
  wording: ImportWording,
): Import {
  const problems = [...before];
  const articles: { line: number; article: ArticleInput }[] = [];
  const lines = new Map<string, number>();
  for (const draft of drafts) {
    const { line, ...fields } = draft;
    const found = problemsOf(draft, wording);
    const same = lines.get(nameOf(draft));
    if (draft.title !== "" && same !== undefined) {
      found.push(wording.twice(draft.title, same));
    }
    lines.set(nameOf(draft), same ?? line);
    const article: unknown = { ...fields, enabled: true };
    if (found.length === 0 && !Value.Check(ArticleInputSchema, article)) found.push(wording.unusable);
    if (found.length === 0) articles.push({ line, article: article as ArticleInput });
    problems.push(...found.map((problem) => ({ line, problem })));
  }
  if (drafts.length === 0 && before.length === 0) problems.push({ line: 1, problem: wording.nothingFound });
  if (drafts.length > MAX_IMPORTED) {
    problems.push({ line: 1, problem: wording.tooManyArticles(MAX_IMPORTED) });
  }
  problems.sort((a, b) => a.line - b.line);
  return { articles: problems.length > 0 ? [] : articles, problems: problems.slice(0, MAX_PROBLEMS) };
}

/** Title and language are how a later import finds the article that it replaces. */
export const nameOf = (article: { readonly language: string; readonly title: string }): string =>
  `${article.language}:${article.title.normalize("NFKC").toLowerCase()}`;

function problemsOf(draft: Draft, wording: ImportWording): string[] {
  const found: string[] = [];
  if (draft.title === "") found.push(wording.titleMissing);
  if (draft.title.length > 200) found.push(wording.tooLong("title", 200));
  if (draft.language !== "zh" && draft.language !== "en") found.push(wording.languageUnknown);
  if (draft.questions.length === 0) found.push(wording.questionMissing);
  if (draft.questions.length > 100) found.push(wording.tooMany("questions", 100));
  if (draft.questions.some((question) => question.length > 300)) found.push(wording.tooLong("question", 300));
  if (draft.answer === "") found.push(wording.answerMissing);
  if (draft.answer.length > 4000) found.push(wording.tooLong("answer", 4000));
  if (draft.spokenAnswer.length > 2000) found.push(wording.tooLong("spokenAnswer", 2000));
  if (draft.tags.length > 20) found.push(wording.tooMany("tags", 20));
  if (draft.tags.some((tag) => tag.length > 40)) found.push(wording.tooLong("tag", 40));
  return found;
}

/** Parts of a list, trimmed, without empty ones and without repetition. */
export const listOf = (text: string, separator: RegExp): string[] => [
  ...new Set(
    text
      .split(separator)
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  ),
];
