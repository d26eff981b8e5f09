/** Chinese characters to the pinyin with tone numbers that the voice reads, English words marked for the English voice. */
import { customPinyin, pinyin } from "pinyin-pro";

/** Words that banking uses and general dictionaries read otherwise. */
const READINGS: Record<string, string> = {
  重置: "chóng zhì",
  重设: "chóng shè",
  重新: "chóng xīn",
  重复: "chóng fù",
  重发: "chóng fā",
  重试: "chóng shì",
  重听: "chóng tīng",
  重拨: "chóng bō",
  重组: "chóng zǔ",
  重播: "chóng bō",
  还款: "huán kuǎn",
  还款日: "huán kuǎn rì",
  归还: "guī huán",
  还清: "huán qīng",
  还钱: "huán qián",
  偿还: "cháng huán",
  还贷: "huán dài",
  还本: "huán běn",
  还有: "hái yǒu",
  还是: "hái shì",
  还款额: "huán kuǎn é",
  银行: "yín háng",
  本行: "běn háng",
  我行: "wǒ háng",
  他行: "tā háng",
  跨行: "kuà háng",
  同行转账: "tóng háng zhuǎn zhàng",
  行长: "háng zhǎng",
  分行: "fēn háng",
  支行: "zhī háng",
  总行: "zǒng háng",
  发卡行: "fā kǎ háng",
  开户行: "kāi hù háng",
  行号: "háng hào",
  央行: "yāng háng",
  行内: "háng nèi",
  商行: "shāng háng",
  农商行: "nóng shāng háng",
  调整: "tiáo zhěng",
  调额: "tiáo é",
  调取: "diào qǔ",
  调查: "diào chá",
  转账: "zhuǎn zhàng",
  转人工: "zhuǎn rén gōng",
  转接: "zhuǎn jiē",
  一会儿: "yí huìr",
  挂失: "guà shī",
  补办: "bǔ bàn",
  盗刷: "dào shuā",
  请稍等: "qǐng shāo děng",
  冻结: "dòng jié",
};
customPinyin(READINGS);

const MARKS: Record<string, string> = {
  "，": ",",
  "。": ".",
  "！": "!",
  "？": "?",
  "；": ";",
  "：": ",",
  "、": ",",
  "…": ".",
  ",": ",",
  ".": ".",
  "!": "!",
  "?": "?",
  ";": ";",
  ":": ",",
};

/** SSML for the `cmn-latn-pinyin` voice. Only letters, digits of tones, spaces, plain marks and our own tags are ever written. */
export function ssmlOfChinese(text: string): string {
  const parts: string[] = [];
  for (const [piece] of text.matchAll(/[A-Za-z][A-Za-z' .-]*[A-Za-z]|[A-Za-z]|[^A-Za-z]+/g)) {
    if (/^[A-Za-z]/.test(piece)) parts.push(`<voice xml:lang="en">${englishPiece(piece)}</voice>`);
    else parts.push(syllables(piece));
  }
  return `<speak>${parts
    .join(" ")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/ ([,.!?;])/g, "$1")
    .trim()}</speak>`;
}

/** Short capitals are spelt (ATM, VIP); the rest are words. */
const englishPiece = (piece: string): string =>
  piece.replaceAll(/\b[A-Z]{2,4}\b/g, (letters) => [...letters].join(" "));

function syllables(piece: string): string {
  return pinyin(piece, { type: "all", toneType: "num", toneSandhi: true })
    .map((one) => {
      if (!one.isZh) return MARKS[one.origin] ?? " ";
      return ` ${one.pinyin.replace(/0$/, "5").replace(/(?<!\d)$/, "5")}`.replace(/(\d)5$/, "$1");
    })
    .join("");
}
