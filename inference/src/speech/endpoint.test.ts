import { expect, test } from "vitest";
import { completeness, requiredSilenceMs } from "./endpoint.ts";

test.each([
  ["What is my daily transfer limit?", "question"],
  ["I would like to open an account.", "sentence"],
  ["I would like to open an account and", "open"],
  ["I want to send the money to.", "open"],
  ["Well, my card,", "open"],
  ["Yes.", "reply"],
  ["No, thank you.", "reply"],
  ["It is five five five.", "number"],
  ["Card.", "unknown"],
  ["", "unknown"],
])("%j looks %s", (text, kind) => {
  expect(completeness(text, 0.9)).toBe(kind);
});

test("a text that the recogniser doubts decides nothing", () => {
  expect(completeness("What is my daily transfer limit?", 0.3)).toBe("unknown");
});

test("the setting scales every kind, and no end comes before a fifth of a second", () => {
  expect(requiredSilenceMs("unknown", { silenceMs: 450 })).toBe(450);
  expect(requiredSilenceMs("question", { silenceMs: 450 })).toBeLessThan(300);
  expect(requiredSilenceMs("question", { silenceMs: 150 })).toBe(200);
});
