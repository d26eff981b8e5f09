import { type ArticleInput, ArticleInputSchema } from "@intramuros/contracts";
import { Value } from "typebox/value";

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
export function checkDrafts(drafts: readonly Draft[], before: readonly ImportProblem[]): Import {
  const problems = [...before];
  const articles: { line: number; article: ArticleInput }[] = [];
  const lines = new Map<string, number>();
  for (const draft of drafts) {
    const { line, ...fields } = draft;
    const found = problemsOf(draft);
    const same = lines.get(nameOf(draft));
    if (draft.title !== "" && same !== undefined) {
      found.push(`"${draft.title}" is there twice in the same language; the first is on line ${same}`);
    }
    lines.set(nameOf(draft), same ?? line);
    const article: unknown = { ...fields, enabled: true };
    if (found.length === 0 && !Value.Check(ArticleInputSchema, article)) found.push("this is not a usable article");
    if (found.length === 0) articles.push({ line, article: article as ArticleInput });
    problems.push(...found.map((problem) => ({ line, problem })));
  }
  if (drafts.length === 0 && before.length === 0) problems.push({ line: 1, problem: "no article was found" });
  if (drafts.length > MAX_IMPORTED) {
    problems.push({ line: 1, problem: `more than ${MAX_IMPORTED} articles; please divide the file` });
  }
  problems.sort((a, b) => a.line - b.line);
  return { articles: problems.length > 0 ? [] : articles, problems: problems.slice(0, MAX_PROBLEMS) };
}

/** Title and language are how a later import finds the article that it replaces. */
export const nameOf = (article: { readonly language: string; readonly title: string }): string =>
  `${article.language}:${article.title.normalize("NFKC").toLowerCase()}`;

function problemsOf(draft: Draft): string[] {
  const found: string[] = [];
  if (draft.title === "") found.push("the title is missing");
  if (draft.title.length > 200) found.push("the title is longer than 200 characters");
  if (draft.language !== "zh" && draft.language !== "en") found.push('the language must be "zh" or "en"');
  if (draft.questions.length === 0) found.push("at least one question is needed");
  if (draft.questions.length > 100) found.push("more than 100 questions");
  if (draft.questions.some((question) => question.length > 300)) found.push("a question is longer than 300 characters");
  if (draft.answer === "") found.push("the answer is missing");
  if (draft.answer.length > 4000) found.push("the answer is longer than 4000 characters");
  if (draft.spokenAnswer.length > 2000) found.push("the spoken answer is longer than 2000 characters");
  if (draft.tags.length > 20) found.push("more than 20 tags");
  if (draft.tags.some((tag) => tag.length > 40)) found.push("a tag is longer than 40 characters");
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
