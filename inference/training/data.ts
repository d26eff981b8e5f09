/** Reads the open data sets into texts with one of our five emotions. The folder is an argument; nothing of it is kept here. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { EmotionLabel } from "@intramuros/contracts";

export interface Labelled {
  readonly text: string;
  readonly emotion: EmotionLabel;
}

const GO_EMOTIONS: Record<string, EmotionLabel> = {
  anger: "angry",
  annoyance: "angry",
  disgust: "angry",
  fear: "anxious",
  nervousness: "anxious",
  sadness: "sad",
  grief: "sad",
  disappointment: "sad",
  remorse: "sad",
  joy: "happy",
  gratitude: "happy",
  excitement: "happy",
  love: "happy",
  admiration: "happy",
  relief: "happy",
  optimism: "happy",
  pride: "happy",
  amusement: "happy",
  neutral: "neutral",
  curiosity: "neutral",
  confusion: "neutral",
};
const CPED: Record<string, EmotionLabel> = {
  anger: "angry",
  disgust: "angry",
  worried: "anxious",
  fear: "anxious",
  sadness: "sad",
  depress: "sad",
  happy: "happy",
  grateful: "happy",
  "positive-other": "happy",
  relaxed: "happy",
  neutral: "neutral",
};
const SMP: Record<string, EmotionLabel> = {
  angry: "angry",
  fear: "anxious",
  sad: "sad",
  happy: "happy",
  neutral: "neutral",
};

const read = (root: string, ...parts: string[]): string =>
  readFileSync(path.join(root, ...parts), "utf8").replace(/^\uFEFF/, "");

/** Comments whose labels all fall into one of our classes; the set's place holders become words. */
export function goEmotions(root: string, split: "train" | "dev"): Labelled[] {
  const labels = read(root, "goemotions", "labels.txt").trim().split(/\s+/);
  return read(root, "goemotions", `${split}.tsv`)
    .trim()
    .split("\n")
    .flatMap((line) => {
      const [text = "", ids = ""] = line.split("\t");
      const emotions = new Set(ids.split(",").map((id) => GO_EMOTIONS[labels[Number(id)]!]));
      const [emotion] = emotions;
      return emotions.size === 1 && emotion
        ? [{ text: text.replaceAll(/\[(NAME|RELIGION)\]/g, "someone"), emotion }]
        : [];
    });
}

export interface CpedLine extends Labelled {
  readonly dialogue: string;
}
export function cped(root: string): CpedLine[] {
  const [header = [], ...rows] = parseCsv(read(root, "cped", "valid_split.csv"));
  const at = (name: string): number => header.indexOf(name);
  return rows.flatMap((row) => {
    const emotion = CPED[row[at("Emotion")] ?? ""];
    const text = row[at("Utterance")] ?? "";
    return emotion && text ? [{ text, emotion, dialogue: row[at("Dialogue_ID")]! }] : [];
  });
}

const HEATED_EN =
  /!|thank|great|worr|afraid|stole|urgent|asap|frustrat|ridicul|angry|upset|sorry|love|hate|wrong|help me|appreciat|scare|concern/i;
const HEATED_ZH = /[!！]|谢|感|担心|急|怕|气|怒|烦|骗|棒|喜欢|太|哈|盗|投诉/;

/** Questions to banks and assistants, taken as neutral where no word speaks against it. */
export function neutralEnglish(root: string): string[] {
  const banking = parseCsv(read(root, "intent-faq", "banking77", "train.csv"))
    .slice(1)
    .map((row) => row[0]!);
  const { train } = JSON.parse(read(root, "intent-faq", "clinc150", "data_full.json")) as { train: [string, string][] };
  return [...banking, ...train.map(([text]) => text)].filter((text) => text.length < 200 && !HEATED_EN.test(text));
}

/** What people say to an assistant that books for them (CrossWOZ), the same way. */
export function neutralChinese(root: string): string[] {
  const archive = path.join(root, "intent-faq", "crosswoz", "val.json.zip");
  const text = execFileSync("unzip", ["-p", archive, "val.json"], { encoding: "utf8", maxBuffer: 1 << 27 });
  const dialogues = Object.values(
    JSON.parse(text) as Record<string, { messages: { role: string; content: string }[] }>,
  );
  return dialogues
    .flatMap((dialogue) =>
      dialogue.messages.filter((message) => message.role === "usr").map((message) => message.content),
    )
    .filter((line) => !HEATED_ZH.test(line));
}

/** Benchmarks only: these may not train what is shipped. */
export function smpUsual(root: string): Labelled[] {
  const rows = JSON.parse(read(root, "smp2020-ewect", "usual_eval_labeled.json")) as {
    content: string;
    label: string;
  }[];
  return rows.flatMap(({ content, label }) => (SMP[label] ? [{ text: content, emotion: SMP[label] }] : []));
}
export function bankDialogues(root: string): string[] {
  type Turn = { speaker: string; utterance: string };
  const dialogues = JSON.parse(read(root, "sgd-banks", "dev_banks_dialogues.json")) as { turns: Turn[] }[];
  return dialogues.flatMap(({ turns }) =>
    turns.filter((turn) => turn.speaker === "USER").map((turn) => turn.utterance),
  );
}
export function bankQuestionsZh(root: string): string[] {
  return parseCsv(read(root, "intent-faq", "afqmc", "dev.csv"))
    .slice(1)
    .map((row) => row[0]!);
}

/** RFC 4180, with quotes. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = "";
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const one = text[at]!;
    if (quoted) {
      if (one !== '"') field += one;
      else if (text[at + 1] === '"') {
        field += '"';
        at += 1;
      } else quoted = false;
    } else if (one === '"') quoted = true;
    else if (one === "," || one === "\n") {
      row.push(field.replace(/\r$/, ""));
      field = "";
      if (one === "\n") {
        rows.push(row);
        row = [];
      }
    } else field += one;
  }
  if (field || row.length > 0) rows.push([...row, field]);
  return rows;
}
