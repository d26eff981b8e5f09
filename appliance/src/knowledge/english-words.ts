import { stemmer } from "stemmer";

/**
 * English questions as stems without the words that every question has. Question words stay where they tell questions apart
 * ("how long", "where", "when"): they are made concepts by `synonyms.ts` before the stop words are dropped.
 */
const CONTRACTIONS: readonly (readonly [RegExp, string])[] = [
  [/\bcan['’]?t\b/g, "can not"],
  [/\bwon['’]t\b/g, "will not"],
  [/n['’]t\b/g, " not"],
  [/\b(did|does|do|is|was|has|have|would|could)nt\b/g, "$1 not"],
  [/['’](?:re|ve|ll|d|m)\b/g, " "],
  [/\b(what|where|who|how|when|that|it|there|here|he|she|let)['’]s\b/g, "$1"],
  [/['’]s\b/g, ""],
];

const NUMBERS = new Map(
  [
    ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"].map(
      (word, index): [string, string] => [word, String(index + 2)],
    ),
    [
      ["twenty", "20"],
      ["thirty", "30"],
      ["fifty", "50"],
      ["hundred", "100"],
      ["thousand", "1000"],
    ] as [string, string][],
  ].flat(),
);

const STOP = new Set(
  `a an the this that these those there here it its i me my mine myself we us our ours you your yours he she they them their his
  her who whom which what is am are was were be been being do does did done doing have has had having can could will would shall
  should may might must to of in on at by for from with into onto about as and or but if so than then just also too very really
  quite please kindly thanks thank hello hi hey dear sir madam want wanna need like wish wonder wondering know tell
  let say ask asking question help explain give me get got getting go going gonna gotta make made
  actually basically anyway maybe perhaps um uh er ah oh well okay ok yeah yes some any anything something someone everything
  thing things way ways able possible possibly up out down off over again now currently today guys hope trying try tried
  guess think thought mean sure right quick quickly information info detail details bank hengshan
  using use used work because while until already ever only even much many more most such same other
  another each money yesterday tomorrow morning afternoon evening tonight week month year ago last next came come
  working works friend sister brother mother father son daughter wife husband wallet purse taxi anywhere along ahead
  monday tuesday wednesday thursday friday fridays else somewhere enough later show says said one landlord parents
  myself yourself able allowed immediately instantly straight away amount keep keeps whole thing today's per own via since how where no`.split(
    /\s+/,
  ),
);

/** Lower case, apostrophes resolved, words apart; nothing dropped. */
export function englishWords(text: string): string[] {
  let plain = text.normalize("NFKC").toLowerCase();
  for (const [pattern, replacement] of CONTRACTIONS) plain = plain.replace(pattern, replacement);
  return (plain.match(/[a-z]+|\d+(?:[.,]\d+)*/g) ?? []).map((word) => NUMBERS.get(word) ?? word);
}

export const isStopWord = (word: string): boolean => STOP.has(word) || (word.length === 1 && !/\d/.test(word));

/** Porter's stem; words of three letters and fewer stay as they are. */
export const stem = (word: string): string => (word.length <= 3 ? word : stemmer(word));

/** True when one letter more, fewer, other or swapped makes `a` of `b`. */
export function oneEditApart(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || a === b) return false;
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const [restA, restB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  if (restA.length <= 1 && restB.length <= 1) return true;
  return restA.length === 2 && restA[0] === restB[1] && restA[1] === restB[0];
}
