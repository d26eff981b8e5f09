import { type CodeWords, wordsOfCode } from "@intramuros/contracts/browser";
import type { Language } from "../format/time.ts";
import { Q850_ZH, SIP_ZH, VERDICT_ZH } from "./codes-zh.ts";

/** The words of a code of a verdict or a failure (`sip-486`, `q850-17`, `no-codec-in-common`) in the language of the console. */
export function codeWords(code: string, language: Language): CodeWords | null {
  const english = wordsOfCode(code);
  if (language === "en") return english;
  const [, kind, number] = /^(sip|q850)-(\d{1,3})$/.exec(code) ?? [];
  const row =
    kind === "sip"
      ? SIP_ZH[Number(number)]
      : kind === "q850"
        ? Q850_ZH[Number(number)]
        : Object.hasOwn(VERDICT_ZH, code)
          ? VERDICT_ZH[code]
          : undefined;
  return row === undefined ? english : { name: row[0], what: row[1], look: row[2] ?? "" };
}
