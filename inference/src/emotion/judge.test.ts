import { EMOTIONS } from "@intramuros/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judge } from "./judge.ts";
import { vectorOf } from "./vector.ts";

const config = { tellProbability: 0.5, tellMargin: 0.15 };
/** Probabilities in the order angry, anxious, sad, happy, neutral. */
const said = [
  { shown: "outrageous", weights: [3, 0, 0, 0, -1] },
  { shown: "the", weights: [0.1, 0.1, 0.1, 0.1, 0.2] },
];

describe("a judgement", () => {
  test("tells a clear emotion with its words", () => {
    expect(judge([0.9, 0.02, 0.02, 0.02, 0.04], said, config)).toMatchObject({
      label: "angry",
      abstained: false,
      evidence: ["outrageous"],
    });
  });

  test("abstains where two are close", () => {
    expect(judge([0.52, 0.44, 0.02, 0.01, 0.01], said, config)).toMatchObject({
      label: "neutral",
      abstained: true,
      evidence: [],
      intensity: 0,
    });
  });

  test("abstains where none is likely", () => {
    expect(judge([0.4, 0.1, 0.1, 0.1, 0.3], said, config).abstained).toBe(true);
  });

  test("abstains where no word speaks for it", () => {
    expect(judge([0.9, 0.02, 0.02, 0.02, 0.04], [], config).abstained).toBe(true);
  });

  test("neutral is a judgement, not an abstention", () => {
    expect(judge([0.1, 0.1, 0.1, 0.1, 0.6], said, config)).toMatchObject({ label: "neutral", abstained: false });
  });

  test("shows 担心 and not its parts", () => {
    const parts = [
      { shown: "担", weights: [0, 1, 0, 0, 0] },
      { shown: "心", weights: [0, 0.4, 0, 0, 0] },
      { shown: "担心", weights: [0, 1.5, 0, 0, 0] },
    ];
    expect(judge([0, 0.9, 0, 0, 0.1], parts, config).evidence).toEqual(["担心"]);
  });
});

test("a text's vector has length one and indices within the buckets", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1 }), fc.constantFrom("en", "zh"), (text, language) => {
      const { indices, values, shown } = vectorOf(text, language, 1 << 16);
      expect(indices).toHaveLength(values.length);
      expect(shown).toHaveLength(values.length);
      for (const index of indices) expect(index >= 0 && index < 1 << 16).toBe(true);
      if (values.length > 0) expect(values.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 5);
    }),
  );
  expect(EMOTIONS).toHaveLength(5);
});
