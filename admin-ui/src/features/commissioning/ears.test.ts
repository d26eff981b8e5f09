import type { Model, ModelsReply } from "@intramuros/contracts/browser";
import { expect, test } from "vitest";
import { firstLanguage, hears } from "./ears.ts";

const asr = (language: string, state: Model["state"]): Model => ({
  id: `asr-${language}`,
  version: "1",
  task: "asr",
  languages: [language],
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
const builtIn: ModelsReply = { available: true, models: [asr("en", "ready"), asr("zh", "missing")] };

test("without a Chinese recogniser the call begins in English", () => {
  expect(hears(builtIn, "zh")).toBe(false);
  expect(firstLanguage(builtIn, "zh")).toBe("en");
  expect(firstLanguage(builtIn, "en")).toBe("en");
});

test("while nothing is known of the models nobody is warned", () => {
  expect(firstLanguage(undefined, "zh")).toBe("zh");
  expect(hears({ available: false, models: [] }, "zh")).toBe(true);
});

test("where neither is understood the reader's own language stays", () => {
  expect(firstLanguage({ available: true, models: [asr("en", "failed")] }, "zh")).toBe("zh");
});
