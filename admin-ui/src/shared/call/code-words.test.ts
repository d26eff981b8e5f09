import { Q850_WORDS, SIP_STATUS_WORDS, VERDICT_WORDS } from "@intramuros/contracts/browser";
import { expect, test } from "vitest";
import { codeWords } from "./code-words.ts";
import { problemWords } from "./problem-words.ts";

const codes = [
  ...Object.keys(SIP_STATUS_WORDS).map((code) => `sip-${code}`),
  ...Object.keys(Q850_WORDS).map((code) => `q850-${code}`),
  ...Object.keys(VERDICT_WORDS),
];

test("each code that the appliance may tell has Chinese words, and says where to look where the English ones do", () => {
  for (const code of codes) {
    const [zh, en] = [codeWords(code, "zh"), codeWords(code, "en")];
    expect(`${zh?.name}${zh?.what}`, code).toMatch(/\p{Script=Han}/u);
    expect((zh?.look ?? "") !== "", code).toBe((en?.look ?? "") !== "");
  }
});

test("a code that nobody registered has no words", () => {
  expect(codeWords("sip-999", "zh")).toBe(null);
  expect(codeWords("constructor", "zh")).toBe(null);
});

test("a sentence of telephony is told in Chinese, also behind a host, and kept where it is not known", () => {
  expect(problemWords("no answer", "zh")).toBe("无应答");
  expect(problemWords("10.0.0.5: no answer", "zh")).toBe("10.0.0.5：无应答");
  expect(problemWords("something new", "zh")).toBe("something new");
  expect(problemWords("no answer", "en")).toBe("no answer");
});
