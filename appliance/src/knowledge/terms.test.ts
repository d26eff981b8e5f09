import { describe, expect, test } from "vitest";
import { chineseTerms, syllablesOf } from "./chinese-terms.ts";
import { englishTerms } from "./english-terms.ts";
import { englishWords, oneEditApart } from "./english-words.ts";
import { languageOf } from "./language-of.ts";
import { openSegmenter } from "./segmenter-driver.ts";
import { BUILT_IN_SYNONYMS, compileChinese, compileEnglish } from "./synonyms.ts";

const en = compileEnglish(BUILT_IN_SYNONYMS.en);
const zh = compileChinese(BUILT_IN_SYNONYMS.zh);
const segment = openSegmenter();

describe("English", () => {
  test("contractions, case and number words are resolved", () => {
    expect(englishWords("I CAN’T find three cards; what's up?")).toEqual([
      "i",
      "can",
      "not",
      "find",
      "3",
      "cards",
      "what",
      "up",
    ]);
  });

  test("phrases become concepts, the longest first", () => {
    expect(englishTerms("How do I send money to another country?", en)).toEqual(["~transfer", "~abroad"]);
    expect(englishTerms("my credit card was stolen", en)).toEqual(["~creditcard", "~lost"]);
  });

  test("a recogniser's wrong ending makes no difference", () => {
    expect(englishTerms("daily transfer limited", en)).toEqual(englishTerms("Daily transfer limit?", en));
  });

  test("a slip of the keys is understood, another word is not", () => {
    const known = new Map([
      ["transfer", "transfer"],
      ["stuck", "stuck"],
    ]);
    expect(englishTerms("trasnfer", new Map(), known)).toEqual(["transfer"]);
    expect(englishTerms("tranfer", new Map(), known)).toEqual(["transfer"]);
    expect(englishTerms("stock", new Map(), known)).toEqual(["stock"]);
  });

  test("one edit is one letter more, fewer, other or swapped", () => {
    for (const [a, b, apart] of [
      ["limit", "limit", false],
      ["limit", "limits", true],
      ["limit", "lmit", true],
      ["limit", "limat", true],
      ["limit", "liimt", true],
      ["limit", "limat s", false],
      ["abcd", "badc", false],
    ] as const) {
      expect([a, b, oneEditApart(a, b)]).toEqual([a, b, apart]);
    }
  });
});

describe("Chinese", () => {
  const terms = (text: string, sounds?: ReadonlyMap<string, string>) => chineseTerms(text, zh, segment, sounds);

  test("different words for one thing are one concept", () => {
    expect(terms("我每天最多能转多少钱").toSorted()).toEqual(terms("请问单日汇款额度").toSorted());
  });

  test("politeness and particles leave nothing behind", () => {
    expect(terms("请问一下，我想要的那个……可以吗？谢谢")).toEqual([]);
  });

  test("characters that sound right are understood", () => {
    const sounds = new Map([[syllablesOf("限额"), "~限额"]]);
    expect(terms("现额", sounds)).toEqual(["~限额"]);
    expect(terms("现额")).not.toContain("~限额");
  });

  test("only Han characters have syllables", () => {
    expect(syllablesOf("限额")).toBe("xian e");
    expect(syllablesOf("ATM机")).toBe("");
  });
});

describe("the language of a text", () => {
  test.each([
    ["我的卡丢了", "en", "zh"],
    ["What is my limit?", "zh", "en"],
    ["我要用ATM取钱", "en", "zh"],
    ["app登录不了", "en", "zh"],
    ["ok", "zh", "zh"],
    ["ok", "en", "en"],
    ["12345", "zh", "zh"],
    ["👍", "en", "en"],
    ["", "zh", "zh"],
    ["what does 恒山 mean please", "zh", "en"],
  ] as const)("%s, in a conversation in %s, is %s", (text, before, language) => {
    expect(languageOf(text, before)).toBe(language);
  });
});
