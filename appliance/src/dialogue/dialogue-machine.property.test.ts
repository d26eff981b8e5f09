import { EMOTIONS, type EmotionScore } from "@intramuros/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { DEFAULT_POLICY } from "../emotion/apply-policy.ts";
import type { CustomerTurn, DialogueMemory } from "./assistant.ts";
import { decide } from "./dialogue-machine.ts";

const words = fc.constantFrom(
  "yes",
  "no",
  "thanks",
  "agent",
  "hello",
  "again",
  "bye",
  "first",
  "second",
  "",
  "是",
  "不用了",
  "转人工",
  "谢谢",
  "什么",
  "question",
  "我要投诉",
  "this is ridiculous",
);
const line = fc.record({
  text: fc.oneof(words, fc.string({ maxLength: 30, unit: "binary" })),
  via: fc.constantFrom("speech" as const, "text" as const, "digits" as const),
  language: fc.constantFrom("zh" as const, "en" as const),
  confidence: fc.double({ min: 0, max: 1, noNaN: true }),
  label: fc.option(fc.constantFrom(...EMOTIONS)),
  probability: fc.double({ min: 0, max: 1, noNaN: true }),
  scores: fc.array(fc.double({ min: 0.01, max: 0.99, noNaN: true }), { maxLength: 3 }),
});

test("whatever is said in whatever order: never empty words, an answer only from an article, nobody loops for ever", () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      let memory: DialogueMemory | null = null;
      for (const { label, probability, scores, ...said } of lines) {
        const emotion: EmotionScore | null =
          label === null
            ? null
            : {
                label,
                probabilities: { [label]: probability },
                intensity: 0,
                abstained: probability < 0.3,
                evidence: [],
                source: "text",
                modelId: "m",
                modelVersion: "1",
                modelSha256: "0",
              };
        const turn: CustomerTurn = { ...said, medium: "phone", emotion, memory, customerName: "" };
        const known = {
          language: said.language,
          matches: scores
            .toSorted((a, b) => b - a)
            .map((score, at) => ({ articleId: `a${at}`, title: `T${at}`, question: "", score, terms: [] })),
          withBefore: scores
            .slice(0, 1)
            .map((score) => ({ articleId: "a1", title: "T1", question: "", score, terms: [] })),
          article: (id: string) =>
            id === "a2"
              ? undefined
              : {
                  id,
                  title: id,
                  language: said.language,
                  questions: ["q"],
                  answer: `answer ${id}`,
                  spokenAnswer: "",
                  tags: [],
                  enabled: true,
                  seed: false,
                  updatedAt: 0,
                  updatedBy: "",
                },
          topics: [],
        };
        const decision = decide(turn, known, DEFAULT_POLICY);
        expect(decide(turn, known, DEFAULT_POLICY)).toEqual(decision);
        expect(decision.text.trim()).not.toBe("");
        expect(decision.reason === "answer").toBe(decision.articleId !== null);
        if (decision.articleId !== null) expect(decision.text).toContain(`answer ${decision.articleId}`);
        expect(decision.then === "handoff").toBe(decision.handoffReason !== null);
        expect(decision.memory.noMatches).toBeLessThan(3);
        expect(decision.memory.choices.length > 0).toBe(decision.memory.at === "choosing");
        expect(decision.rate).toBeGreaterThan(0.5);
        expect(JSON.parse(JSON.stringify(decision.memory))).toEqual(decision.memory);
        memory = decision.memory;
      }
    }),
    { numRuns: 500 },
  );
});
