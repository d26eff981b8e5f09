/**
 * Trains the text emotion model of one language and writes the pack.
 *
 *     node inference/training/train-text-emotion.ts en|zh <folder of the open data> [<folder of the pack>]
 *
 * Needs goemotions, cped and intent-faq (for training) and smp2020-ewect, sgd-banks, intent-faq/afqmc (for scores only). Same
 * input, same bytes.
 */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { EMOTIONS, type EmotionLabel } from "@intramuros/contracts";
import { judge } from "../src/emotion/judge.ts";
import { vectorOf } from "../src/emotion/vector.ts";
import {
  bankDialogues,
  bankQuestionsZh,
  cped,
  goEmotions,
  type Labelled,
  neutralChinese,
  neutralEnglish,
  smpUsual,
} from "./data.ts";
import { exportOnnx } from "./onnx-export.ts";
import { fill, type Seeds } from "./seeds.ts";
import { seedsEn } from "./seeds-en.ts";
import { seedsZh } from "./seeds-zh.ts";
import { calibrate, type Example, generator, logitsOf, quantise, type Softmax, softmax, train } from "./softmax.ts";

const BUCKETS = 1 << 16;
const JUDGE = { tellProbability: 0.5, tellMargin: 0.15 };
const SEED_WEIGHT = 6;
const NEUTRAL_LINES = 4000;
const CALIBRATION_SHARE = 0.12;

const [language, dataRoot, out] = process.argv.slice(2);
if ((language !== "en" && language !== "zh") || !dataRoot) {
  console.error(
    "usage: node inference/training/train-text-emotion.ts en|zh <folder of the open data> [<folder of the pack>]",
  );
  process.exit(2);
}
const id = `text-emotion-${language}`;
const here = path.dirname(fileURLToPath(import.meta.url));
const packFolder = out ?? path.join(here, "../packs", id);

const example = (text: string, emotion: EmotionLabel, weight: number): Example => {
  const vector = vectorOf(text, language, BUCKETS);
  return {
    indices: Uint32Array.from(vector.indices),
    values: Float32Array.from(vector.values),
    label: EMOTIONS.indexOf(emotion),
    weight,
  };
};

const random = generator(11);
const seeds: Seeds = language === "en" ? seedsEn : seedsZh;
const training: Example[] = [];
const calibration: Example[] = [];

// Seed phrases: whole templates go to one side, so that calibration sees none that was trained in other words.
for (const emotion of EMOTIONS) {
  for (const template of seeds.train[emotion]) {
    const aside = random() < CALIBRATION_SHARE;
    const filled = fill(template, seeds.slots);
    for (const text of filled)
      (aside ? calibration : training).push(example(text, emotion, SEED_WEIGHT / Math.sqrt(filled.length)));
  }
}
const seedCount = training.length;

const open: Labelled[] = language === "en" ? goEmotions(dataRoot, "train") : cped(dataRoot);
const dialogueOf = (line: Labelled): string => ("dialogue" in line ? String(line.dialogue) : "");
const isHeldOut = (line: Labelled): boolean =>
  language === "zh" &&
  Number.parseInt(createHash("sha256").update(dialogueOf(line)).digest("hex").slice(0, 4), 16) % 5 === 0;
const counts = Object.fromEntries(
  EMOTIONS.map((emotion) => [emotion, open.filter((line) => line.emotion === emotion).length]),
);
const mean = open.length / EMOTIONS.length;
for (const line of open) {
  if (isHeldOut(line)) continue;
  training.push(example(line.text, line.emotion, Math.min(3, Math.sqrt(mean / counts[line.emotion]!))));
}
const neutral = (language === "en" ? neutralEnglish(dataRoot) : neutralChinese(dataRoot)).filter(
  (_, at, all) => at % Math.ceil(all.length / NEUTRAL_LINES) === 0,
);
for (const text of neutral) training.push(example(text, "neutral", 0.7));

const heldOut: Labelled[] = language === "en" ? goEmotions(dataRoot, "dev") : open.filter(isHeldOut);
const someHeldOut = heldOut.filter((_, at) => at % 2 === 0);
const seedMass = calibration.reduce((sum, one) => sum + one.weight, 0);
for (const line of someHeldOut) calibration.push(example(line.text, line.emotion, seedMass / someHeldOut.length));

console.log(
  `${id}: ${training.length} examples (${seedCount} from seed phrases), ${calibration.length} for calibration`,
);
const trained = train(training, {
  classes: EMOTIONS.length,
  buckets: BUCKETS,
  epochs: language === "en" ? 8 : 12,
  rate: 0.35,
  l2: 1e-6,
});
const quantised = quantise(trained);
const model: Softmax = {
  ...trained,
  weights: Float32Array.from(quantised.weights, (weight) => weight * quantised.scale),
};
const temperature = calibrate(model, calibration);

interface Verdict {
  readonly label: EmotionLabel;
  readonly told: boolean;
  readonly likeliest: EmotionLabel;
}
function verdict(text: string): Verdict {
  const vector = vectorOf(text, language!, BUCKETS);
  const input = { indices: Uint32Array.from(vector.indices), values: Float32Array.from(vector.values) };
  const probabilities = softmax(logitsOf(model, input), temperature);
  const contributions = vector.shown.map((shown, at) => ({
    shown,
    weights: EMOTIONS.map((_, c) => model.weights[vector.indices[at]! * EMOTIONS.length + c]! * vector.values[at]!),
  }));
  const { label, abstained } = judge(probabilities, contributions, JUDGE);
  return {
    label,
    told: !abstained && label !== "neutral",
    likeliest: EMOTIONS[probabilities.indexOf(Math.max(...probabilities))]!,
  };
}

const scores: { set: string; metric: string; value: number }[] = [];
const round = (value: number): number => Math.round(value * 1000) / 1000;
function score(set: string, lines: readonly Labelled[]): void {
  const verdicts = lines.map((line) => ({ line, verdict: verdict(line.text) }));
  const right = verdicts.filter(({ line, verdict: { likeliest } }) => likeliest === line.emotion).length;
  const f1 = EMOTIONS.map((emotion) => {
    const hit = verdicts.filter(({ line, verdict: v }) => line.emotion === emotion && v.likeliest === emotion).length;
    const said = verdicts.filter(({ verdict: v }) => v.likeliest === emotion).length;
    const there = lines.filter((line) => line.emotion === emotion).length;
    return said + there === 0 ? 1 : (2 * hit) / (said + there);
  });
  scores.push({ set, metric: "accuracy", value: round(right / lines.length) });
  scores.push({ set, metric: "macro-F1", value: round(f1.reduce((sum, value) => sum + value, 0) / f1.length) });
  const told = verdicts.filter(({ verdict: v }) => v.told);
  scores.push({
    set,
    metric: "precision of what is told",
    value: round(told.filter(({ line, verdict: v }) => v.label === line.emotion).length / Math.max(1, told.length)),
  });
  scores.push({
    set,
    metric: "emotional lines told",
    value: round(
      told.filter(({ line }) => line.emotion !== "neutral").length /
        Math.max(1, lines.filter((line) => line.emotion !== "neutral").length),
    ),
  });
  if (process.env.SHOW_ERRORS) {
    for (const { line, verdict: v } of verdicts)
      if (v.likeliest !== line.emotion) console.log(`  ${line.emotion} → ${v.likeliest}: ${line.text}`);
  }
}
function falseAlarms(set: string, lines: readonly string[]): void {
  const alarmed = lines.filter((text) => ["angry", "anxious", "sad"].includes(verdict(text).label));
  scores.push({ set, metric: "told angry, anxious or sad", value: round(alarmed.length / lines.length) });
}

const written = EMOTIONS.flatMap((emotion) => seeds.heldOut[emotion].map((text) => ({ text, emotion })));
if (language === "en") {
  process.env.SHOW_ERRORS = process.env.SHOW_SEED_ERRORS ?? "";
  score("service phrases held out (one author: flattering)", written);
  process.env.SHOW_ERRORS = "";
  score(
    "GoEmotions dev, five classes",
    heldOut.filter((_, at) => at % 2 === 1),
  );
  falseAlarms("bank dialogues of SGD (benchmark only)", bankDialogues(dataRoot));
} else {
  process.env.SHOW_ERRORS = process.env.SHOW_SEED_ERRORS ?? "";
  score("service phrases held out (one author: flattering)", written);
  process.env.SHOW_ERRORS = "";
  score(
    "CPED, held-out dialogues, five classes",
    heldOut.filter((_, at) => at % 2 === 1),
  );
  score("SMP2020 usual, another domain (benchmark only)", smpUsual(dataRoot));
  falseAlarms("AFQMC bank questions (benchmark only)", bankQuestionsZh(dataRoot));
}

const bytes = exportOnnx(model, quantised, temperature);
const sources = {
  en: [
    "GoEmotions train, Apache-2.0 (Google Research)",
    "banking77 train, CC BY 4.0 (PolyAI): questions without heated words, as neutral",
    "CLINC150 train, CC BY 3.0 (Clinc): the same",
  ],
  zh: [
    "CPED validation split, annotations Apache-2.0 (SCUT): four fifths of the dialogues",
    "CrossWOZ validation, Apache-2.0 (Tsinghua): users' requests, as neutral",
  ],
}[language];
const card = {
  id,
  version: "1.0.0",
  task: "text-emotion",
  format: "ngram-softmax-v1",
  languages: [language],
  engine: "onnxruntime",
  licence: "Apache-2.0",
  attribution:
    language === "en"
      ? "Trained by this project on GoEmotions (Google Research), banking77 (PolyAI), CLINC150 (Clinc) and its own phrases"
      : "Trained by this project on CPED (SCUT), CrossWOZ (Tsinghua) and its own phrases",
  description:
    "Angry, anxious, sad, happy or neutral by the words of one utterance. A linear model over hashed pieces of words: quick and explainable, deaf to irony and to the voice. It abstains rather than guess.",
  files: [{ role: "model", from: "model.onnx", sha256: createHash("sha256").update(bytes).digest("hex") }],
  scores,
  parameters: { buckets: BUCKETS, ...JUDGE },
  training: [...sources, `${seedCount} phrases of service talk written for this project`],
};
mkdirSync(packFolder, { recursive: true });
writeFileSync(path.join(packFolder, "model.onnx"), bytes);
writeFileSync(path.join(packFolder, "pack.json"), `${JSON.stringify(card, null, 2)}\n`);
console.log(`${packFolder}: ${bytes.length} bytes, temperature ${temperature.toFixed(2)}`);
for (const { set, metric, value } of scores) console.log(`  ${set} · ${metric}: ${value}`);
