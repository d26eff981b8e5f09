import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bestToken, confidenceOf, loopLength, maxTokens, withoutLoop } from "./greedy.ts";

describe("greedy decoding", () => {
  test("takes the likeliest token with its probability", () => {
    const { token, probability } = bestToken(Float32Array.of(0, Math.log(6), Math.log(3), 0));
    expect(token).toBe(1);
    expect(probability).toBeCloseTo(6 / 11, 5);
  });

  test("no, no, no is speech; the same four words three times over is a loop", () => {
    expect(loopLength([5, 5, 5])).toBe(0);
    expect(loopLength([5, 5, 5, 5])).toBe(1);
    expect(loopLength([9, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4])).toBe(4);
    expect(withoutLoop([9, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4])).toEqual([9, 1, 2, 3, 4]);
  });

  test("what has no loop stays as it is", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(30_000), { maxLength: 60 }), (tokens) => {
        expect(withoutLoop(tokens)).toEqual(tokens);
      }),
    );
  });

  test("a second of speech gives fewer than ten tokens", () => {
    expect(maxTokens(1)).toBeLessThanOrEqual(10);
  });

  test("one doubtful token lowers the confidence of a long text", () => {
    expect(confidenceOf([1, 1, 1, 0.01])).toBeLessThan(0.4);
    expect(confidenceOf([])).toBe(0);
  });
});
