import { pinyin } from "pinyin-pro";
import type { Segmenter } from "./segmenter.ts";
import type { ChineseSynonyms } from "./synonyms.ts";

/** What Chinese questions have in common: politeness, particles, pronouns, question forms that tell nothing apart. */
const FILLER =
  /请问一下|请问|麻烦您|麻烦你|麻烦|您好|你好|喂|谢谢|帮我查一下|帮我|帮忙|我想问一下|我想问|想问一下|想问|问一下|我想知道|我想了解|了解一下|想了解|我想要|我想|我要|想要|能不能|可不可以|可以吗|是不是|有没有|行不行|怎么办|怎么样|怎么弄|怎么|怎样|如何|为什么|为啥|咋办|咋|什么|多少|哪些|需要|可以|应该|能够|一下|的话|的时候|时候|恒山银行|恒山|银行|你们|我们|他们|现在|今天|一个|一张|这个|那个|这张|那张|这|那|我|你|您|他|她|它|的|了|吗|呢|啊|吧|呀|嘛|哦|额|嗯|是|有|在|要|想|能|会|得|就|都|也|还|和|跟|与|或|把|被|给|让|用|去|来|到|从|对|为|里|上|下|个|张|些|点|没|不|很|太|请|办理|办|做|进行|情况|问题|钱|啥|呗|么|先生|女士|小姐|通过|自己|本人|别人|里面|以后|之后|之前/g;

const PUNCTUATION = /[\p{P}\p{S}\s]+/gu;

/**
 * The terms of a Chinese question: concepts (`~转账`) at the longest phrase of the synonyms, words of the dictionary elsewhere, and
 * `sounds` maps toneless syllables to the term that is said so: a recogniser that hears the right sounds writes the wrong
 * characters (限额 as 现额).
 */
export function chineseTerms(
  text: string,
  synonyms: ChineseSynonyms,
  segment: Segmenter,
  sounds: ReadonlyMap<string, string> = new Map(),
): string[] {
  const plain = text.normalize("NFKC").toLowerCase().replace(PUNCTUATION, " ");
  const terms: string[] = [];
  let gap = "";
  const closeGap = () => {
    for (const piece of gap.replace(FILLER, " ").split(" ")) {
      if (piece === "") continue;
      terms.push(...heard(piece, segment, sounds));
    }
    gap = "";
  };
  for (let at = 0; at < plain.length; ) {
    const found = synonyms.get(plain[at]!)?.find((entry) => plain.startsWith(entry.phrase, at));
    if (found === undefined) {
      gap += plain[at];
      at++;
      continue;
    }
    closeGap();
    terms.push(`~${found.concept}`);
    at += found.phrase.length;
  }
  closeGap();
  return [...new Set(terms)];
}

/** Toneless syllables, joined by spaces; empty unless every character has one. */
export function syllablesOf(text: string): string {
  if (!/^\p{Script=Han}+$/u.test(text)) return "";
  return pinyin(text, { toneType: "none", type: "array" }).join(" ");
}

const LONGEST_SOUND = 5;

/** The words of a piece; where two to five characters sound like a known term, that term. */
function heard(piece: string, segment: Segmenter, sounds: ReadonlyMap<string, string>): string[] {
  if (sounds.size > 0 && /^\p{Script=Han}+$/u.test(piece)) {
    const syllables = pinyin(piece, { toneType: "none", type: "array" });
    for (let length = Math.min(LONGEST_SOUND, piece.length); length >= 2; length--) {
      for (let at = 0; at + length <= piece.length; at++) {
        const term = sounds.get(syllables.slice(at, at + length).join(" "));
        if (term === undefined) continue;
        const [before, after] = [piece.slice(0, at), piece.slice(at + length)];
        return [
          ...(before === "" ? [] : heard(before, segment, sounds)),
          term,
          ...(after === "" ? [] : heard(after, segment, sounds)),
        ];
      }
    }
  }
  return segment(piece).filter((word) => word.trim() !== "");
}
