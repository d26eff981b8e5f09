import { pinyin } from "pinyin-pro";
import type { Segmenter } from "./segmenter.ts";
import type { ChineseSynonyms } from "./synonyms.ts";

/** What Chinese questions have in common: politeness, particles, pronouns, question forms that tell nothing apart. */
const FILLER =
  /请问一下|请问|麻烦您|麻烦你|麻烦|您好|你好|谢谢|帮我查一下|帮我|帮忙|我想问一下|我想问|想问一下|想问|问一下|我想知道|我想了解|了解一下|想了解|我想要|我想|我要|想要|需不需要|要不要|能不能|可不可以|可以吗|是不是|有没有|行不行|会不会|怎么办理|怎么办|怎么样|怎么弄|怎么回事|怎么|怎样|如何|为什么|为啥|咋办|什么|多少|哪些|需要|可以|应该|能够|一下|的话|的时候|时候|恒山银行|恒山|银行|你们|我们|他们|现在|一个|一张|这个|那个|这张|那张|办理|进行|情况|问题|先生|女士|小姐|通过|自己|本人|别人|里面|以后|之后|之前|昨天|今天|明天|前天|后天|去年|今年|每年|上个月|这个月|上周|下周|刚才|刚刚|已经|一直|还没|不想|想把|朋友|儿子|女儿|孩子|妈妈|爸爸|家人|钱包|一共|到底|究竟|比较|这里|那里|这边|那边|这样|那样/g;

/** Words of one character and a few more that tell no two questions apart. */
const STOP = new Set(
  "的了吗呢啊吧呀嘛哦额嗯是有在要想能会得就都也还和跟与或把被给让用去来到从对为里上下个张些点没不很太请办做进钱啥呗么我你您他她它这那再先后前又才更最别只好当该着过说看问知道人事东西刚今昨年月日交等需理件啦喂咋谁帮笔块元"
    .split("")
    .concat([
      "知道",
      "东西",
      "事情",
      "一点",
      "一些",
      "没有",
      "不能",
      "还是",
      "或者",
      "以及",
      "因为",
      "所以",
      "但是",
      "如果",
      "那么",
      "一样",
    ]),
);

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
  return segment(piece).filter((word) => word.trim() !== "" && !STOP.has(word));
}
