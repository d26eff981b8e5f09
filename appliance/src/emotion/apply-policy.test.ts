import type { EmotionScore } from "@intramuros/contracts";
import { EmotionPolicySchema } from "@intramuros/contracts";
import { Value } from "typebox/value";
import { expect, test } from "vitest";
import { memoryStore } from "../storage/memory-store.ts";
import { applyPolicy, CALM_RATE, DEFAULT_POLICY, type Mood, rememberMood } from "./apply-policy.ts";
import { openEmotionPolicy } from "./emotion-policy-store.ts";

const score = (label: EmotionScore["label"], probability: number, abstained = false): EmotionScore => ({
  label,
  probabilities: { [label]: probability },
  intensity: probability,
  abstained,
  evidence: [],
  source: "text",
  modelId: "m",
  modelVersion: "1",
  modelSha256: "0",
});
const moods = (...given: readonly (readonly [Mood["label"], number])[]): Mood[] =>
  given.map(([label, probability]) => ({ label, probability }));
const rule = (recent: readonly Mood[]) => applyPolicy(DEFAULT_POLICY, recent, "en")?.rule ?? null;

test("the built-in policy is one that the console may send", () => {
  expect(Value.Check(EmotionPolicySchema, DEFAULT_POLICY)).toBe(true);
});

test.each([
  ["nobody has said anything", [], null],
  ["calm", [["neutral", 0.99]], null],
  ["a little angry", [["angry", 0.59]], null],
  ["angry once", [["angry", 0.6]], "angry"],
  [
    "angry twice in a row",
    [
      ["angry", 0.6],
      ["angry", 0.7],
    ],
    "angry-again",
  ],
  [
    "angry, calm, angry",
    [
      ["angry", 0.7],
      ["neutral", 0.9],
      ["angry", 0.7],
    ],
    "angry",
  ],
  ["very angry once", [["angry", 0.85]], "very-angry"],
  ["anxious", [["anxious", 0.6]], "anxious"],
  [
    "was angry, is calm",
    [
      ["neutral", 0.9],
      ["angry", 0.99],
    ],
    null,
  ],
] as const)("%s", (_name, recent, expected) => {
  expect(rule(moods(...recent))).toBe(expected);
});

test("the calm style slows the voice and begins in the customer's language", () => {
  expect(applyPolicy(DEFAULT_POLICY, moods(["anxious", 0.7]), "zh")).toEqual({
    rule: "anxious",
    action: "offer-person",
    emotion: "anxious",
    prefix: DEFAULT_POLICY.rules.find(({ id }) => id === "anxious")?.prefix.zh,
    rate: CALM_RATE,
  });
});

test("a disabled rule is passed over, and the order of the rules counts", () => {
  const off = { rules: DEFAULT_POLICY.rules.map((one) => ({ ...one, enabled: one.id !== "very-angry" })) };
  expect(applyPolicy(off, moods(["angry", 0.99]), "en")?.rule).toBe("angry");
  const turned = { rules: DEFAULT_POLICY.rules.toReversed() };
  expect(applyPolicy(turned, moods(["angry", 0.99]), "en")?.rule).toBe("angry");
});

test("a score that abstained is not remembered, the latest ten are", () => {
  expect(rememberMood(moods(["angry", 0.7]), score("angry", 0.9, true))).toEqual(moods(["angry", 0.7]));
  expect(rememberMood(moods(["angry", 0.7]), null)).toEqual(moods(["angry", 0.7]));
  let recent: readonly Mood[] = [];
  for (let at = 0; at < 12; at++) recent = rememberMood(recent, score("sad", at / 100));
  expect(recent).toHaveLength(10);
  expect(recent[0]).toEqual({ label: "sad", probability: 0.11 });
});

test("a changed policy is in force at once and after a restart", async () => {
  const store = memoryStore();
  const policy = await openEmotionPolicy({ store });
  expect(policy.current()).toEqual(DEFAULT_POLICY);
  const changed = { rules: DEFAULT_POLICY.rules.slice(1) };
  await policy.replace(changed);
  expect(policy.current()).toEqual(changed);
  expect((await openEmotionPolicy({ store })).current()).toEqual(changed);
});
