import { describe, expect, test } from "vitest";
import { importCsv } from "./import-csv.ts";
import { importMarkdown } from "./import-markdown.ts";

describe("CSV", () => {
  test("columns in any order, quoted fields with commas and line breaks, spreadsheet's byte order mark", () => {
    const text =
      '\uFEFFlanguage,Title,questions,Spoken Answer,answer,tags\r\nen,Hours,"When are you open?|opening, hours",Nine to five.,"Mon–Fri\n9–17",a|b\r\nzh-CN,营业时间,几点开门,,九点,\r\n';
    expect(importCsv(text)).toEqual({
      problems: [],
      articles: [
        {
          line: 2,
          article: {
            title: "Hours",
            language: "en",
            questions: ["When are you open?", "opening, hours"],
            answer: "Mon–Fri\n9–17",
            spokenAnswer: "Nine to five.",
            tags: ["a", "b"],
            enabled: true,
          },
        },
        {
          line: 4,
          article: {
            title: "营业时间",
            language: "zh",
            questions: ["几点开门"],
            answer: "九点",
            spokenAnswer: "",
            tags: [],
            enabled: true,
          },
        },
      ],
    });
  });

  test("semicolons, as some spreadsheets write them", () => {
    expect(importCsv("title;language;questions;answer\nA;en;q;b, c").articles[0]?.article.answer).toBe("b, c");
  });

  test("each problem has its line, and one problem keeps everything out", () => {
    const text = 'title,language,questions,answer\nA,en,q,ok\nB,fr,,\n"C\nC",en,q,\nD,en,q\nA,en,q,again\n';
    expect(importCsv(text)).toEqual({
      articles: [],
      problems: [
        { line: 3, problem: 'the language must be "zh" or "en"' },
        { line: 3, problem: "at least one question is needed" },
        { line: 3, problem: "the answer is missing" },
        { line: 4, problem: "the answer is missing" },
        { line: 6, problem: "3 fields where the header has 4" },
        { line: 7, problem: '"A" is there twice in the same language; the first is on line 2' },
      ],
    });
  });

  test("a header that lacks a column or has one that nobody knows is named", () => {
    expect(importCsv("title,lang,questions,answer\n").problems).toEqual([
      { line: 1, problem: 'unknown column "lang"' },
      { line: 1, problem: 'the column "language" is missing' },
    ]);
  });

  test("an administrator who reads Chinese is told in Chinese", () => {
    expect(importCsv("title,language,questions,answer\nA,fr,q,b\n", "zh").problems).toEqual([
      { line: 2, problem: "语言必须是 zh 或 en" },
    ]);
    expect(importMarkdown("文字", "zh").problems[0]).toEqual({
      line: 1,
      problem: "第一个标题之前有内容；每篇文章以“# 标题”开头",
    });
  });

  test("a quotation mark that is never closed is found", () => {
    expect(importCsv('title,language,questions,answer\nA,en,"q,b\n').problems[0]?.problem).toContain("never closed");
  });

  test("an empty file and a header without articles are problems", () => {
    expect(importCsv("").problems).toHaveLength(1);
    expect(importCsv("title,language,questions,answer\n").problems).toHaveLength(1);
  });
});

describe("Markdown", () => {
  const TEXT = `# Hours
- language: en
- tags: branches, hours
- question: When are you open?
- question: Opening hours: when?

Monday to Friday:

- 9 to 17
- closed at noon

## Spoken
From nine to five.

# 营业时间
- 语言: 中文
- 问题：几点开门

九点。
`;

  test("titles, lists, answers with lists of their own, and what is spoken", () => {
    expect(importMarkdown(TEXT)).toEqual({
      problems: [],
      articles: [
        {
          line: 1,
          article: {
            title: "Hours",
            language: "en",
            questions: ["When are you open?", "Opening hours: when?"],
            answer: "Monday to Friday:\n\n- 9 to 17\n- closed at noon",
            spokenAnswer: "From nine to five.",
            tags: ["branches", "hours"],
            enabled: true,
          },
        },
        {
          line: 15,
          article: {
            title: "营业时间",
            language: "zh",
            questions: ["几点开门"],
            answer: "九点。",
            spokenAnswer: "",
            tags: [],
            enabled: true,
          },
        },
      ],
    });
  });

  test("problems have the line of what is wrong", () => {
    const text =
      "stray\n\n# A\n- language: en\n- what is this\n- question: q\n\nanswer\n\n# B\n- language: xx\n\nanswer\n";
    expect(importMarkdown(text)).toEqual({
      articles: [],
      problems: [
        { line: 1, problem: "text before the first title; an article begins with “# title”" },
        { line: 5, problem: "expected “language:”, “tags:” or “question:” in the list below the title" },
        { line: 10, problem: 'the language must be "zh" or "en"' },
        { line: 10, problem: "at least one question is needed" },
      ],
    });
  });

  test("other headings belong to the answer", () => {
    const text = "# A\n- language: en\n- question: q\n\none\n\n## Part two\n\ntwo\n";
    expect(importMarkdown(text).articles[0]?.article.answer).toBe("one\n\n## Part two\n\ntwo");
  });

  test("lines that end as Windows ends them count the same", () => {
    expect(importMarkdown(TEXT.replaceAll("\n", "\r\n"))).toEqual(importMarkdown(TEXT));
  });

  test("too many articles are refused as a whole", () => {
    const many = Array.from({ length: 5001 }, (_, at) => `# A${at}\n- language: en\n- question: q\n\nx\n`).join("\n");
    expect(importMarkdown(many).problems[0]?.problem).toContain("more than 5000");
  });
});
