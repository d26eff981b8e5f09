import type { Model } from "@intramuros/contracts/browser";
import { expect, test } from "vitest";
import { scoreText, sortModels, withoutOf } from "./model-order.ts";

const model = (id: string, state: Model["state"], task = "asr"): Model => ({
  id,
  version: "1",
  task,
  languages: ["en"],
  state,
  reason: "",
  engine: "",
  executionProvider: "",
  sha256: "",
  licence: "",
  attribution: "",
  builtIn: true,
  sizeBytes: 0,
  scores: [],
  latencyP50Ms: 0,
  latencyP95Ms: 0,
  runs: 0,
});

test("what needs somebody comes first", () => {
  const sorted = sortModels([model("d", "ready"), model("c", "loading"), model("b", "missing"), model("a", "failed")]);
  expect(sorted.map((each) => each.state)).toEqual(["failed", "missing", "loading", "ready"]);
});

test("every emotion task is told by the sentence on emotion", () => {
  expect(withoutOf("text-emotion")).toBe("emotion");
  expect(withoutOf("voice-emotion")).toBe("voice");
  expect(withoutOf("vad")).toBe("vad");
  expect(withoutOf("reranker")).toBe("other");
});

test("error rates are told in percent", () => {
  expect(scoreText({ metric: "WER", value: 0.038 })).toBe("3.8%");
  expect(scoreText({ metric: "WER", value: 3.8 })).toBe("3.8");
  expect(scoreText({ metric: "macro-F1", value: 0.75912 })).toBe("0.759");
});
