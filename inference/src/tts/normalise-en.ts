/**
 * English text as it is spoken: amounts, percentages, times, dates, phone and card numbers become words, signs that mean nothing to
 * the ear go. Rules run from the most specific to the least; each leaves words that the later ones do not touch.
 */
import { cardinalEn, digitsEn, ordinalEn, yearEn } from "./numbers-en.ts";

const CURRENCIES: Record<string, readonly [string, string, string, string]> = {
  $: ["dollar", "dollars", "cent", "cents"],
  US$: ["US dollar", "US dollars", "cent", "cents"],
  HK$: ["Hong Kong dollar", "Hong Kong dollars", "cent", "cents"],
  "£": ["pound", "pounds", "penny", "pence"],
  "€": ["euro", "euros", "cent", "cents"],
  "¥": ["yuan", "yuan", "fen", "fen"],
  "￥": ["yuan", "yuan", "fen", "fen"],
  RMB: ["yuan", "yuan", "fen", "fen"],
  CNY: ["yuan", "yuan", "fen", "fen"],
  USD: ["US dollar", "US dollars", "cent", "cents"],
  EUR: ["euro", "euros", "cent", "cents"],
  GBP: ["pound", "pounds", "penny", "pence"],
};
const MONTHS = "January February March April May June July August September October November December".split(" ");
const SCALE_WORDS: Record<string, string> = {
  k: "thousand",
  m: "million",
  bn: "billion",
  million: "million",
  billion: "billion",
  thousand: "thousand",
};

const whole = (digits: string): number => Number(digits.replaceAll(",", ""));

/** "50,000.5" → fifty thousand point five. Longer than fifteen digits is no amount: digit by digit. */
export function numberEn(text: string): string {
  const [integer = "0", fraction] = text.replaceAll(",", "").split(".");
  if (integer.length > 15) return digitsEn(integer);
  const words = cardinalEn(Number(integer));
  return fraction ? `${words} point ${digitsEn(fraction)}` : words;
}

function amount(sign: string, number: string, scale: string | undefined): string {
  const [one, many, centOne, centMany] = CURRENCIES[sign]!;
  const [integer = "0", fraction] = number.split(".");
  if (scale) return `${numberEn(number)} ${SCALE_WORDS[scale.toLowerCase()]} ${many}`;
  const units = whole(integer);
  const cents = fraction ? Number(fraction.padEnd(2, "0").slice(0, 2)) : 0;
  const parts: string[] = [];
  if (units > 0 || cents === 0) parts.push(`${numberEn(integer)} ${units === 1 ? one : many}`);
  if (cents > 0) parts.push(`${cardinalEn(cents)} ${cents === 1 ? centOne : centMany}`);
  return parts.join(" and ");
}

function clock(hours: string, minutes: string, half: string | undefined): string {
  const [h, m] = [Number(hours), Number(minutes)];
  const suffix = half ? ` ${half.toLowerCase().startsWith("a") ? "a m" : "p m"}` : "";
  if (m === 0 && suffix) return `${cardinalEn(h)}${suffix}`;
  if (m === 0)
    return h === 0 ? "midnight" : h === 12 ? "noon" : h < 12 ? `${cardinalEn(h)} a m` : `${cardinalEn(h - 12)} p m`;
  const twelve = suffix ? h : h === 0 ? 12 : h > 12 ? h - 12 : h;
  const spoken = suffix || (h < 12 ? " a m" : " p m");
  return `${cardinalEn(twelve)} ${m < 10 ? `oh ${cardinalEn(m)}` : cardinalEn(m)}${spoken}`;
}

const TIME = "([01]?\\d|2[0-3]):([0-5]\\d)(?:\\s?([ap])\\.?m\\.?)?";
const NUMBER = "\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?";
const signs = Object.keys(CURRENCIES)
  .map((sign) => sign.replaceAll("$", "\\$"))
  .sort((a, b) => b.length - a.length)
  .join("|");

type Rule = readonly [RegExp, (...groups: string[]) => string];
const rules: readonly Rule[] = [
  [/\bhttps?:\/\/\S+/gi, () => "our website"],
  [/\b([\w.+-]+)@([\w-]+(?:\.[\w-]+)+)/g, (_all, name, host) => `${spellPoints(name!)} at ${spellPoints(host!)}`],
  [/\b24\/7\b/g, () => "twenty-four hours a day, seven days a week"],
  [
    /\b(ending(?: in| with)?|card|code|pin|number|extension|account|reference|room|flight|branch)\s+(\d{3,12})\b(?![.,]\d)/gi,
    (_all, word, digits) => `${word} ${digitsEn(digits!)}`,
  ],
  [/\bp\.a\./gi, () => "per year"],
  [
    /\b(1[0-2]|[1-9])\s?([ap])\.?m\.?\s?(?:-|–|—|to)\s?(1[0-2]|[1-9])\s?([ap])\.?m\b/gi,
    (_all, h1, p1, h2, p2) =>
      `${cardinalEn(Number(h1))} ${p1!.toLowerCase()} m to ${cardinalEn(Number(h2))} ${p2!.toLowerCase()} m`,
  ],
  [/\b24\s?(?:h|hrs?)\b/gi, () => "twenty-four hours"],
  [
    new RegExp(`\\b${TIME}\\s?(?:-|–|—|to)\\s?${TIME}`, "gi"),
    (_all, h1, m1, p1, h2, m2, p2) => `${clock(h1!, m1!, p1)} to ${clock(h2!, m2!, p2)}`,
  ],
  [new RegExp(`\\b${TIME}(?![\\d:])`, "gi"), (_all, h, m, p) => clock(h!, m!, p)],
  [/\b(1[0-2]|[1-9])\s?([ap])\.?m\b\.?/gi, (_all, h, p) => `${cardinalEn(Number(h))} ${p!.toLowerCase()} m`],
  [
    /\b(\d{4})-(0?[1-9]|1[0-2])-(0?[1-9]|[12]\d|3[01])\b/g,
    (_all, y, m, d) => `${MONTHS[Number(m) - 1]} ${ordinalEn(Number(d))}, ${yearEn(Number(y))}`,
  ],
  [
    new RegExp(`\\b(${MONTHS.join("|")})\\s+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+(\\d{4})\\b`, "g"),
    (_all, m, d, y) => `${m} ${ordinalEn(Number(d))}, ${yearEn(Number(y))}`,
  ],
  [
    new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?\\s+(${MONTHS.join("|")})\\s+(\\d{4})\\b`, "g"),
    (_all, d, m, y) => `the ${ordinalEn(Number(d))} of ${m}, ${yearEn(Number(y))}`,
  ],
  [
    new RegExp(`\\b(${MONTHS.join("|")})\\s+(\\d{1,2})(?:st|nd|rd|th)?\\b`, "g"),
    (_all, m, d) => `${m} ${ordinalEn(Number(d))}`,
  ],
  [
    new RegExp(`(${signs})\\s?(${NUMBER})\\s?(k|m|bn|thousand|million|billion)?\\b`, "g"),
    (_all, sign, number, scale) => amount(sign!, number!, scale),
  ],
  [
    new RegExp(`\\b(${NUMBER})\\s?(RMB|CNY|USD|EUR|GBP)\\b`, "g"),
    (_all, number, sign) => amount(sign!, number!, undefined),
  ],
  [new RegExp(`(${NUMBER})\\s?%`, "g"), (_all, number) => `${numberEn(number!)} percent`],
  [/\b(\d+)(?:st|nd|rd|th)\b/g, (_all, digits) => ordinalEn(Number(digits))],
  [/(?:\+|\b)\d[\d -]{6,20}\d\b/g, (all) => phone(all!)],
  [
    new RegExp(`\\b(${NUMBER})\\s?(?:-|–|—)\\s?(${NUMBER})(?![\\w-])`, "g"),
    (_all, a, b) => `${numberEn(a!)} to ${numberEn(b!)}`,
  ],
  [new RegExp(`(${NUMBER})`, "g"), (all) => plain(all!)],
  [/\s&\s/g, () => " and "],
  [/[<>{}[\]|\\^~*_#`"]/g, () => " "],
];

const spellPoints = (text: string): string =>
  text.replaceAll(".", " dot ").replaceAll("-", " dash ").replaceAll("_", " underscore ");

function phone(text: string): string {
  const groups = text.replace(/^\+/, "").split(/[ -]+/).filter(Boolean);
  const spoken = groups.map((group) => digitsEn(group)).join(", ");
  return text.startsWith("+") ? `plus ${spoken}` : spoken;
}

/** A bare number: short ones as a number, those that look like a code or a card digit by digit. */
function plain(text: string): string {
  const digits = text.replaceAll(",", "");
  const isCode =
    !text.includes(",") && !text.includes(".") && (digits.length >= 5 || (digits.length > 1 && digits.startsWith("0")));
  return isCode && !digits.endsWith("000") ? digitsEn(digits) : numberEn(text);
}

export function normaliseEn(text: string): string {
  let spoken = text.normalize("NFKC").replaceAll(/\p{Cc}/gu, " ");
  for (const [pattern, say] of rules)
    spoken = spoken.replaceAll(pattern, (...groups: string[]) => ` ${say(...groups)} `);
  return spoken
    .replaceAll(/\s+([,.;:!?])/g, "$1")
    .replaceAll(/\s+/g, " ")
    .trim();
}
