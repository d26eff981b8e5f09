import type { Language } from "@intramuros/contracts";

/** What may be wrong with a file of articles, in the words of the administrator who has to mend it. */
export interface ImportWording {
  readonly titleMissing: string;
  readonly languageUnknown: string;
  readonly questionMissing: string;
  readonly answerMissing: string;
  readonly tooLong: (field: "title" | "question" | "answer" | "spokenAnswer" | "tag", characters: number) => string;
  readonly tooMany: (field: "questions" | "tags", most: number) => string;
  readonly twice: (title: string, firstLine: number) => string;
  readonly unusable: string;
  readonly nothingFound: string;
  readonly tooManyArticles: (most: number) => string;
  readonly emptyFile: string;
  readonly unknownColumn: (name: string) => string;
  readonly columnMissing: (name: string) => string;
  readonly fieldCount: (found: number, expected: number) => string;
  readonly quoteNotClosed: string;
  readonly afterQuote: string;
  readonly quoteInField: string;
  readonly lineTooLong: string;
  readonly notCsv: string;
  readonly beforeTitle: string;
  readonly headLine: string;
}

const FIELD_EN = {
  title: "the title",
  question: "a question",
  answer: "the answer",
  spokenAnswer: "the spoken answer",
  tag: "a tag",
};
const FIELD_ZH = { title: "标题", question: "问法", answer: "答案", spokenAnswer: "语音回答", tag: "标签" };

const EN: ImportWording = {
  titleMissing: "the title is missing",
  languageUnknown: 'the language must be "zh" or "en"',
  questionMissing: "at least one question is needed",
  answerMissing: "the answer is missing",
  tooLong: (field, characters) => `${FIELD_EN[field]} is longer than ${characters} characters`,
  tooMany: (field, most) => `more than ${most} ${field}`,
  twice: (title, line) => `"${title}" is there twice in the same language; the first is on line ${line}`,
  unusable: "this is not a usable article",
  nothingFound: "no article was found",
  tooManyArticles: (most) => `more than ${most} articles; please divide the file`,
  emptyFile: "the file is empty",
  unknownColumn: (name) => `unknown column "${name}"`,
  columnMissing: (name) => `the column "${name}" is missing`,
  fieldCount: (found, expected) => `${found} fields where the header has ${expected}`,
  quoteNotClosed: "a quotation mark is opened and never closed",
  afterQuote: "after a closing quotation mark a separator or the end of the line is expected",
  quoteInField: 'a quotation mark stands inside a field; write it as "" in a quoted field',
  lineTooLong: "a line is longer than 100,000 characters",
  notCsv: "this line cannot be read as CSV",
  beforeTitle: "text before the first title; an article begins with “# title”",
  headLine: "expected “language:”, “tags:” or “question:” in the list below the title",
};

const ZH: ImportWording = {
  titleMissing: "缺少标题",
  languageUnknown: "语言必须是 zh 或 en",
  questionMissing: "至少需要一个问法",
  answerMissing: "缺少答案",
  tooLong: (field, characters) => `${FIELD_ZH[field]}超过 ${characters} 个字符`,
  tooMany: (field, most) => `${field === "questions" ? "问法" : "标签"}超过 ${most} 个`,
  twice: (title, line) => `同一语言中有两篇“${title}”，第一篇在第 ${line} 行`,
  unusable: "这不是一篇可用的文章",
  nothingFound: "没有找到文章",
  tooManyArticles: (most) => `文章超过 ${most} 篇，请拆分文件`,
  emptyFile: "文件是空的",
  unknownColumn: (name) => `不认识的列“${name}”`,
  columnMissing: (name) => `缺少“${name}”列`,
  fieldCount: (found, expected) => `本行有 ${found} 个字段，表头有 ${expected} 个`,
  quoteNotClosed: "引号没有闭合",
  afterQuote: "引号闭合之后应为分隔符或行尾",
  quoteInField: '字段中间出现引号；请用引号括起整个字段，并把引号写成 ""',
  lineTooLong: "一行超过 100,000 个字符",
  notCsv: "这一行不是有效的 CSV",
  beforeTitle: "第一个标题之前有内容；每篇文章以“# 标题”开头",
  headLine: "标题下的列表中应为“语言：”“标签：”或“问题：”",
};

export const IMPORT_WORDING: Readonly<Record<Language, ImportWording>> = { en: EN, zh: ZH };
