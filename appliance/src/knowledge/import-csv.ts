import type { Language } from "@intramuros/contracts";
import { CsvError, parse } from "csv-parse/sync";
import { checkDrafts, type Draft, type Import, type ImportProblem, listOf } from "./import-check.ts";
import { IMPORT_WORDING, type ImportWording } from "./import-wording.ts";

const COLUMNS = ["title", "language", "questions", "answer", "spokenanswer", "tags"] as const;
const REQUIRED = ["title", "language", "questions", "answer"] as const;
type Row = { readonly record: readonly string[]; readonly info: { readonly lines: number } };

/**
 * Articles from a table with a header line; questions and tags are separated by `|`. Columns in any order, unknown ones refused,
 * so that a misspelt name is not a lost column. Problems are worded in the language of `readBy`. Comma or semicolon (spreadsheets in some places) by the header.
 */
export function importCsv(text: string, readBy: Language = "en"): Import {
  const wording = IMPORT_WORDING[readBy];
  const header = text.slice(0, text.indexOf("\n") < 0 ? undefined : text.indexOf("\n"));
  let rows: Row[];
  try {
    rows = parse(text, {
      bom: true,
      info: true,
      skip_empty_lines: true,
      relax_column_count: true,
      trim: true,
      delimiter: header.includes(",") || !header.includes(";") ? "," : ";",
      max_record_size: 100_000,
    }) as unknown as Row[];
  } catch (fault) {
    if (!(fault instanceof CsvError)) throw fault;
    const line = typeof fault.lines === "number" ? fault.lines : 1;
    return { articles: [], problems: [{ line, problem: csvProblem(fault.code, wording) }] };
  }
  const [first, ...rest] = rows;
  if (first === undefined) return { articles: [], problems: [{ line: 1, problem: wording.emptyFile }] };
  const names = first.record.map((name) => name.toLowerCase().replace(/[\s_-]/g, ""));
  const problems: ImportProblem[] = [];
  for (const name of names) {
    if (!COLUMNS.some((column) => column === name)) problems.push({ line: 1, problem: wording.unknownColumn(name) });
  }
  for (const name of REQUIRED) {
    if (!names.includes(name)) problems.push({ line: 1, problem: wording.columnMissing(name) });
  }
  if (problems.length > 0) return { articles: [], problems };

  const drafts: Draft[] = [];
  let line = first.info.lines + 1;
  for (const row of rest) {
    const field = (name: (typeof COLUMNS)[number]): string => row.record[names.indexOf(name)]?.trim() ?? "";
    if (row.record.length !== names.length) {
      problems.push({ line, problem: wording.fieldCount(row.record.length, names.length) });
    } else {
      drafts.push({
        line,
        title: field("title"),
        language: languageField(field("language")),
        questions: listOf(field("questions"), /\|/),
        answer: field("answer"),
        spokenAnswer: field("spokenanswer"),
        tags: listOf(field("tags"), /\|/),
      });
    }
    line = row.info.lines + 1;
  }
  return checkDrafts(drafts, problems, wording);
}

/** `zh-CN`, `EN` and the names of the languages are understood as well. */
export function languageField(text: string): string {
  const plain = text.toLowerCase();
  if (/^(zh([-_].*)?|chinese|mandarin|中文|汉语|普通话)$/.test(plain)) return "zh";
  if (/^(en([-_].*)?|english|英文|英语)$/.test(plain)) return "en";
  return text;
}

function csvProblem(code: string, wording: ImportWording): string {
  switch (code) {
    case "CSV_QUOTE_NOT_CLOSED":
      return wording.quoteNotClosed;
    case "CSV_INVALID_CLOSING_QUOTE":
      return wording.afterQuote;
    case "INVALID_OPENING_QUOTE":
      return wording.quoteInField;
    case "CSV_MAX_RECORD_SIZE":
      return wording.lineTooLong;
    default:
      return wording.notCsv;
  }
}
