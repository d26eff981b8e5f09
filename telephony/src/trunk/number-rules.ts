import type { NumberRule, TrunkInput } from "@intramuros/contracts";

/** How numbers are written on one trunk, and how we write them. */
export type Numbering = TrunkInput["numbering"];

const MAX_NUMBER = 128;

/** The first rule that matches the whole number is applied; the number itself when none does. */
export function rewrite(rules: readonly NumberRule[], number: string): string {
  const rule = rules.find((item) => matches(item.pattern, number));
  return rule === undefined ? number : `${rule.prepend}${number.slice(rule.strip)}`.slice(0, MAX_NUMBER);
}

/** Digits and `+` stand for themselves, `X` for one digit, a final `*` for the rest. */
export function matches(pattern: string, number: string): boolean {
  const open = pattern.endsWith("*");
  const stem = open ? pattern.slice(0, -1) : pattern;
  if (open ? number.length < stem.length : number.length !== stem.length) return false;
  for (let i = 0; i < stem.length; i++) {
    const [wanted, given] = [stem[i]!, number[i]!];
    if (wanted === "X" || wanted === "x" ? !/[0-9]/.test(given) : wanted !== given) return false;
  }
  return true;
}

/** What stands between the digits for the eye only. `#` and `*` are keys and stay; so do letters of user names. */
export const bare = (number: string): string => number.replace(/[\s().-]/g, "").slice(0, MAX_NUMBER);

/** A number as the PBX wrote it, as we want to know it. Names of users are left as they are. */
export function inboundNumber(rules: readonly NumberRule[], number: string): string {
  return rewrite(rules, isTelephone(number) ? bare(number) : number);
}

/** A number as this PBX wants to have it dialled: the rules, then `+`, then the prefix of the route. */
export function outboundNumber(numbering: Numbering, number: string): string {
  const plain = isTelephone(number) ? bare(number) : number;
  const written = plus(numbering, rewrite(numbering.outbound, plain));
  return `${numbering.techPrefix}${written}`;
}

const isTelephone = (number: string): boolean => /^\+?[0-9\s().#*-]+$/.test(number);

/** Only a number that is E.164 already gets its `+`: the country's code and a subscriber's length behind it. */
function plus(numbering: Numbering, number: string): string {
  switch (numbering.plus) {
    case "keep":
      return number;
    case "strip":
      return number.replace(/^\+/, "");
    case "add": {
      if (number.startsWith("+") || !/^[0-9]+$/.test(number)) return number;
      const international = number.replace(/^00/, "");
      if (international !== number) return `+${international}`;
      const { countryCode } = numbering;
      return countryCode !== "" && number.startsWith(countryCode) && number.length > countryCode.length + 6
        ? `+${number}`
        : number;
    }
  }
}
