/** English numbers in words. */
const ONES =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const SCALES = [
  [1_000_000_000_000, "trillion"],
  [1_000_000_000, "billion"],
  [1_000_000, "million"],
  [1_000, "thousand"],
] as const;

function belowThousand(value: number): string {
  const parts: string[] = [];
  const hundreds = Math.floor(value / 100);
  const rest = value % 100;
  if (hundreds > 0) parts.push(`${ONES[hundreds]} hundred`);
  if (rest > 0 && hundreds > 0) parts.push("and");
  if (rest >= 20)
    parts.push(rest % 10 === 0 ? TENS[Math.floor(rest / 10)]! : `${TENS[Math.floor(rest / 10)]}-${ONES[rest % 10]}`);
  else if (rest > 0) parts.push(ONES[rest]!);
  return parts.join(" ");
}

/** A whole number of up to fifteen digits in words. */
export function cardinalEn(value: number): string {
  if (value === 0) return "zero";
  const parts: string[] = [];
  let left = value;
  for (const [scale, name] of SCALES) {
    const count = Math.floor(left / scale);
    if (count > 0) parts.push(`${belowThousand(count)} ${name}`);
    left %= scale;
  }
  if (left > 0) parts.push(parts.length > 0 && left < 100 ? `and ${belowThousand(left)}` : belowThousand(left));
  return parts.join(" ");
}

/** Digit by digit, as numbers of phones and cards are read. */
export const digitsEn = (digits: string): string => [...digits].map((digit) => ONES[Number(digit)]!).join(" ");

const ORDINALS: Record<string, string> = {
  one: "first",
  two: "second",
  three: "third",
  five: "fifth",
  eight: "eighth",
  nine: "ninth",
  twelve: "twelfth",
};

/** 1 → first, 22 → twenty-second. */
export function ordinalEn(value: number): string {
  const words = cardinalEn(value);
  const last = /[a-z]+$/.exec(words)![0];
  const ordinal = ORDINALS[last] ?? (last.endsWith("y") ? `${last.slice(0, -1)}ieth` : `${last}th`);
  return words.slice(0, -last.length) + ordinal;
}

/** 1999 → nineteen ninety-nine; 2026 → twenty twenty-six; 2005 → two thousand and five. */
export function yearEn(year: number): string {
  const [century, rest] = [Math.floor(year / 100), year % 100];
  if (year < 1100 || year > 2999 || (century === 20 && rest < 10)) return cardinalEn(year);
  if (rest === 0) return `${cardinalEn(century)} hundred`;
  return `${cardinalEn(century)} ${rest < 10 ? `oh ${ONES[rest]}` : cardinalEn(rest)}`;
}
