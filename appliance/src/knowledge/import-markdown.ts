import type { Language } from "@intramuros/contracts";
import { Lexer, type Token } from "marked";
import { checkDrafts, type Draft, type Import, type ImportProblem, listOf } from "./import-check.ts";
import { languageField } from "./import-csv.ts";
import { IMPORT_WORDING } from "./import-wording.ts";

const SPOKEN = /^(spoken( answer)?|语音(回答|答案)?|口播)$/i;
const KEYS: Readonly<Record<string, "language" | "tags" | "question">> = {
  language: "language",
  语言: "language",
  tags: "tags",
  标签: "tags",
  question: "question",
  q: "question",
  问题: "question",
  问: "question",
};

type Writable = { -readonly [K in keyof Draft]: Draft[K] extends readonly string[] ? string[] : Draft[K] };

/**
 * Articles from Markdown: `# title`, a list of `language:`, `tags:` and `question:` lines, the answer, and under `## Spoken` (or
 * 语音) what is said on the phone. The README of this room shows one.
 */
export function importMarkdown(text: string, readBy: Language = "en"): Import {
  const wording = IMPORT_WORDING[readBy];
  const problems: ImportProblem[] = [];
  const drafts: Draft[] = [];
  let draft: Writable | null = null;
  let part: "head" | "answer" | "spoken" = "head";
  let line = 1;
  const close = () => {
    if (draft !== null) drafts.push({ ...draft, answer: draft.answer.trim(), spokenAnswer: draft.spokenAnswer.trim() });
  };
  for (const token of Lexer.lex(text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n"))) {
    if (token.type === "heading" && token.depth === 1) {
      close();
      draft = { line, title: plain(token), language: "", questions: [], answer: "", spokenAnswer: "", tags: [] };
      part = "head";
    } else if (draft === null) {
      if (token.type !== "space" && token.type !== "html") {
        problems.push({ line, problem: wording.beforeTitle });
      }
    } else if (token.type === "heading" && token.depth === 2 && SPOKEN.test(plain(token))) {
      part = "spoken";
    } else if (token.type === "list" && part === "head") {
      readHead(token, line, draft, (at) => problems.push({ line: at, problem: wording.headLine }));
      part = "answer";
    } else if (part === "spoken") {
      draft.spokenAnswer += token.raw;
    } else {
      if (token.type !== "space") part = "answer";
      draft.answer += token.raw;
    }
    line += token.raw.split("\n").length - 1;
  }
  close();
  return checkDrafts(drafts, problems, wording);
}

const plain = (token: Token): string => ("text" in token ? String(token.text).trim() : "");

/** The list below a title: one `key: value` a line. */
function readHead(list: Token, firstLine: number, draft: Writable, wrong: (line: number) => void): void {
  let line = firstLine;
  for (const item of (list as { readonly items?: readonly { readonly raw: string }[] }).items ?? []) {
    const content = item.raw.trim().replace(/^(?:[-*+]|\d+[.)])\s*/, "");
    const found = /^([^:：]{1,20})[:：]\s*([\s\S]*)$/.exec(content);
    const key = found === null ? undefined : KEYS[found[1]!.trim().toLowerCase()];
    const value = found?.[2]?.trim() ?? "";
    if (key === undefined) {
      wrong(line);
    } else if (key === "language") {
      draft.language = languageField(value);
    } else if (key === "tags") {
      draft.tags = listOf(value, /[,，、|]/);
    } else {
      draft.questions = listOf([...draft.questions, value].join("\n"), /\n/);
    }
    line += item.raw.split("\n").length - (item.raw.endsWith("\n") ? 1 : 0);
  }
}
