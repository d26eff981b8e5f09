/** Chinese numbers in characters. */
const DIGITS = "零一二三四五六七八九";
const UNITS = ["", "十", "百", "千"];

/** Digit by digit; phone numbers say 幺 for one, as everyone does on the line. */
export const digitsZh = (digits: string, one: "一" | "幺" = "一"): string =>
  [...digits].map((digit) => (digit === "1" ? one : DIGITS[Number(digit)]!)).join("");

function group(value: number): string {
  let text = "";
  let zero = false;
  for (let place = 3; place >= 0; place--) {
    const digit = Math.floor(value / 10 ** place) % 10;
    if (digit === 0) {
      zero = text !== "";
      continue;
    }
    if (zero) text += "零";
    zero = false;
    text += (digit === 2 && place === 3 ? "两" : DIGITS[digit]!) + UNITS[place]!;
  }
  return text;
}

/** A whole number below 10^16. */
export function cardinalZh(value: number): string {
  if (value === 0) return "零";
  const groups: number[] = [];
  for (let left = value; left > 0; left = Math.floor(left / 10_000)) groups.unshift(left % 10_000);
  const names = ["", "万", "亿", "万亿"];
  let text = "";
  let gap = false;
  groups.forEach((part, at) => {
    if (part === 0) {
      gap = text !== "";
      return;
    }
    if (text !== "" && (gap || part < 1000)) text += "零";
    gap = false;
    const words = part === 2 && at < groups.length - 1 ? "两" : group(part); // 两万, 两亿
    text += words + names[groups.length - 1 - at]!;
  });
  return text.replace(/^一十/, "十");
}

/** Integer or decimal, commas allowed. */
export function numberZh(text: string): string {
  const [integer = "0", fraction] = text.replaceAll(/[,，]/g, "").split(".");
  const words = integer.length > 16 ? digitsZh(integer) : cardinalZh(Number(integer));
  return fraction ? `${words}点${digitsZh(fraction)}` : words;
}
