import { Jieba } from "@node-rs/jieba";
import { dict } from "@node-rs/jieba/dict.js";
import type { Segmenter } from "./segmenter.ts";

let jieba: Jieba | undefined;

/** The dictionary (5 MB) is parsed at the first call and shared: it takes about 100 ms and is the same for everybody. */
export function openSegmenter(): Segmenter {
  jieba ??= Jieba.withDict(dict);
  const open = jieba;
  return (text) => open.cut(text, true);
}
