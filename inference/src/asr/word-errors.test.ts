import fc from "fast-check";
import { expect, test } from "vitest";
import { edits, rateOf, wordErrors, wordsForScoring } from "./word-errors.ts";

test("case, marks and digits do not count as errors", () => {
  expect(wordsForScoring("Press 1 — please, don\u2019t wait!")).toEqual(["press", "one", "please", "don't", "wait"]);
  expect(rateOf(wordErrors([{ said: "press 1 to go", heard: "Press one, to go." }]))).toBe(0);
});

test("a word lost, one put in and one wrong are three errors", () => {
  expect(edits(["a", "b", "c", "d"], ["b", "x", "d", "e"])).toBe(3);
});

test("silence for a sentence is an error a word", () => {
  expect(rateOf(wordErrors([{ said: "what is the fee", heard: "" }]))).toBe(1);
});

test("distance is symmetric, and zero only for equal texts", () => {
  const words = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 8 });
  fc.assert(
    fc.property(words, words, (a, b) => {
      expect(edits(a, b)).toBe(edits(b, a));
      expect(edits(a, b) === 0).toBe(a.join(" ") === b.join(" "));
    }),
  );
});
