/** Chinese text as it is spoken: every number becomes characters that pinyin can be made of; Latin words stay for the English voice. */
import { cardinalZh, digitsZh, numberZh } from "./numbers-zh.ts";

const NUMBER = "\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?";
const TIME = "([01]?\\d|2[0-3])[:：]([0-5]\\d)";
const CURRENCIES: Record<string, string> = {
  "¥": "元",
  "￥": "元",
  $: "美元",
  US$: "美元",
  HK$: "港元",
  "€": "欧元",
  "£": "英镑",
  RMB: "元",
  CNY: "元",
  USD: "美元",
};
const signs = "US\\$|HK\\$|RMB|CNY|USD|[¥￥$€£]";

const clock = (hours: string, minutes: string): string => {
  const m = Number(minutes);
  const tail = m === 0 ? "" : m === 30 ? "半" : `${m < 10 ? "零" : ""}${cardinalZh(m)}分`;
  return `${spokenTwo(Number(hours), "点")}${tail}`;
};

/** 两, not 二, before a measure word. */
const spokenTwo = (value: number, measure: string): string =>
  value === 2 ? `两${measure}` : `${cardinalZh(value)}${measure}`;

type Rule = readonly [RegExp, (...groups: string[]) => string];
const rules: readonly Rule[] = [
  [/\bhttps?:\/\/\S+/gi, () => "官方网站"],
  [/7\s?[*×x]\s?24\s?小时/gi, () => "全天二十四小时"],
  [/24\/7/g, () => "全天二十四小时"],
  [
    new RegExp(`${TIME}\\s?(?:-|–|—|~|～|至|到)\\s?${TIME}`, "g"),
    (_all, h1, m1, h2, m2) => `${clock(h1!, m1!)}到${clock(h2!, m2!)}`,
  ],
  [new RegExp(`${TIME}(?![\\d:])`, "g"), (_all, h, m) => clock(h!, m!)],
  [/(\d{4})年/g, (_all, year) => `${digitsZh(year!)}年`],
  [
    /(\d{4})[-/.](0?[1-9]|1[0-2])[-/.](0?[1-9]|[12]\d|3[01])(?!\d)/g,
    (_all, y, m, d) => `${digitsZh(y!)}年${cardinalZh(Number(m))}月${cardinalZh(Number(d))}日`,
  ],
  [
    new RegExp(`(${signs})\\s?(${NUMBER})\\s?(万|亿)?`, "g"),
    (_all, sign, number, scale) => `${numberZh(number!)}${scale ?? ""}${CURRENCIES[sign!]!}`,
  ],
  [new RegExp(`(${NUMBER})\\s?%`, "g"), (_all, number) => `百分之${numberZh(number!)}`],
  [new RegExp(`(${NUMBER})\\s?‰`, "g"), (_all, number) => `千分之${numberZh(number!)}`],
  [/(?:\+?86[- ]?)?1[3-9]\d{9}(?!\d)/g, (all) => digitsZh(all!.replaceAll(/\D/g, ""), "幺")],
  [
    /(?<!\d)(?:400|800|95|96|10|11|12)\d{0,3}(?:-?\d{3,4}){1,2}(?![\d元万亿个年月日天小分张笔%.,])/g,
    (all) => digitsZh(all!.replaceAll(/\D/g, ""), "幺"),
  ],
  [/(?<!\d)0\d{2,3}-\d{7,8}(?!\d)/g, (all) => digitsZh(all!.replaceAll(/\D/g, ""), "幺")],
  [
    /(?:尾号|末四位|后四位|验证码|卡号|编号|工号|拨打|致电|电话|热线)(?:是|为|：|:)?\s?(\d+)/g,
    (all, digits) => `${all!.slice(0, -digits!.length)}${digitsZh(digits!, "幺")}`,
  ],
  [new RegExp(`(${NUMBER})\\s?(?:-|–|—|~|～)\\s?(${NUMBER})`, "g"), (_all, a, b) => `${numberZh(a!)}到${numberZh(b!)}`],
  [/(?<![\d.])2(?=[个张笔次天家位种名条项件年])/g, () => "两"],
  [/(?<![\d.,])(\d{7,}|0\d+)(?![\d.,])/g, (all) => digitsZh(all!, "幺")],
  [new RegExp(`(${NUMBER})`, "g"), (all) => numberZh(all!)],
  [/[&＆]/g, () => "和"],
  [/[<>{}[\]|\\^~*_#`"“”‘’《》〈〉「」【】()（）]/g, () => " "],
];

export function normaliseZh(text: string): string {
  let spoken = text.normalize("NFKC").replaceAll(/\p{Cc}/gu, " ");
  for (const [pattern, say] of rules) spoken = spoken.replaceAll(pattern, (...groups: string[]) => say(...groups));
  return spoken.replaceAll(/\s+/g, " ").trim();
}
