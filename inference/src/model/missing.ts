import type { ModelEntry } from "./model-state.ts";

/** What no built-in pack does: shown so that nobody has to guess why it is not there and what would bring it. */
export const missingModels: readonly ModelEntry[] = [
  {
    card: {
      id: "asr-zh",
      version: "0",
      task: "asr",
      format: "moonshine-v1",
      languages: ["zh"],
      engine: "onnxruntime",
      licence: "that of the pack",
      attribution: "",
      description: "Mandarin speech recognition. Calls in Mandarin are led by keypad and people until a pack is there.",
      files: [],
      scores: [],
    },
    identity: { id: "asr-zh", version: "0", sha256: "" },
    builtIn: false,
    sizeBytes: 0,
    executionProvider: "",
    availability: {
      at: "missing",
      reason:
        "no Mandarin recognition pack: put one (task asr, languages zh, a format that this version runs) into models/ of the home folder and restart inference",
    },
  },
  {
    card: {
      id: "voice-emotion",
      version: "0",
      task: "voice-emotion",
      format: "rules",
      languages: [],
      engine: "onnxruntime",
      licence: "that of the pack",
      attribution: "",
      description: "Emotion of a voice. Until a pack is there, emotion is judged by the words only.",
      files: [],
      scores: [],
    },
    identity: { id: "voice-emotion", version: "0", sha256: "" },
    builtIn: false,
    sizeBytes: 0,
    executionProvider: "",
    availability: {
      at: "missing",
      reason:
        "no voice emotion pack: this version judges emotion by the words; no pack format for voices runs in it yet",
    },
  },
];

const rules = (id: string, task: "language-id" | "intent", description: string): ModelEntry => ({
  card: {
    id,
    version: "1.0.0",
    task,
    format: "rules",
    languages: ["en", "zh"],
    engine: "rules",
    licence: "Apache-2.0",
    attribution: "Intramuros",
    description,
    files: [],
    scores: [],
  },
  identity: { id, version: "1.0.0", sha256: "" },
  builtIn: true,
  sizeBytes: 0,
  executionProvider: "",
  availability: { at: "ready" },
});

export const INTENT_MODEL_ID = "ngram-intent";

export const ruleModels: readonly ModelEntry[] = [
  rules("script-language-id", "language-id", "Chinese or English by the script of the text."),
  rules(INTENT_MODEL_ID, "intent", "Cosine of TF-IDF vectors of word and character pieces against the examples given."),
];

/** A folder whose `pack.json` cannot be used: shown under the folder's name with what is wrong. */
export const refusedModel = (folder: string, problem: string): ModelEntry => ({
  card: {
    id: folder,
    version: "",
    task: "asr",
    format: "rules",
    languages: [],
    engine: "rules",
    licence: "",
    attribution: "",
    description: "",
    files: [],
    scores: [],
  },
  identity: { id: folder, version: "", sha256: "" },
  builtIn: false,
  sizeBytes: 0,
  executionProvider: "",
  availability: { at: "failed", reason: `pack.json was refused: ${problem}` },
});
