import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { en } from "./en/index.ts";
import { zh } from "./zh/index.ts";

type Tree = { readonly [key: string]: string | Tree };
function leaves(tree: Tree, prefix = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === "string") found.set(prefix + key, value);
    else for (const [below, text] of leaves(value, `${prefix}${key}.`)) found.set(below, text);
  }
  return found;
}
const chinese = leaves(zh);
const english = leaves(en);
/** Whether anything but values to fill in and signs between them is left. */
const hasWords = (text: string) => /\p{L}/u.test(text.replaceAll(/{{\w+}}/g, ""));
const blanks = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map((match) => match[1]).sort();

test("both languages have the same words", () => {
  expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
});

test("both languages fill in the same values", () => {
  for (const [key, text] of chinese) expect(blanks(english.get(key) ?? ""), key).toEqual(blanks(text));
});

test("no word is empty but where a hint is left out on purpose", () => {
  for (const [key, text] of [...chinese, ...english]) if (!key.endsWith(".do")) expect(text, key).not.toBe("");
});

test("Chinese is written in Chinese, English without it", () => {
  for (const [key, text] of english) if (!key.includes("sayDefault")) expect(text, key).not.toMatch(/[\u4e00-\u9fff]/);
  for (const [key, text] of chinese)
    if (hasWords(text) && !key.includes("sayDefault") && !/product|node|pid|hash|sipCallId/i.test(key))
      expect(text, key).toMatch(/[\u4e00-\u9fff（）]/);
});

test("each word that a page asks for by name exists", () => {
  const source = path.join(import.meta.dirname, "../..");
  const missing: string[] = [];
  for (const file of readdirSync(source, { recursive: true, encoding: "utf8" })) {
    if (!/\.tsx?$/.test(file) || file.includes("i18n") || file.includes(".test.")) continue;
    const text = readFileSync(path.join(source, file), "utf8");
    for (const [, key = ""] of text.matchAll(/\bt\(\s*"([\w.-]+)"/g))
      if (!chinese.has(key) && !chinese.has(`${key}_other`)) missing.push(`${file}: ${key}`);
  }
  expect(missing).toEqual([]);
});
