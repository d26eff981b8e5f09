import { monoMs } from "@intramuros/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { defaultActivity } from "./activity.ts";
import { initialUtterance, isOver, step, type UtteranceConfig, type UtteranceOutput } from "./utterance.ts";

const config: UtteranceConfig = {
  activity: defaultActivity,
  frameMs: 32,
  preRollMs: 256,
  guessSilenceMs: 128,
  endpointSilenceMs: 450,
  maxUtteranceMs: 3_000,
  partialEveryMs: 704,
  stallMs: 1_500,
  recognises: true,
};

const probability = fc.oneof(
  fc.constant(0.98),
  fc.constant(0.02),
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constant(null),
);
/** Runs of frames, answers and losses in any order; answers may name jobs that are gone. */
const event = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constant("frames" as const), probability, count: fc.integer({ min: 1, max: 30 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant("answer" as const),
      job: fc.nat(40),
      text: fc.constantFrom("", "Hello.", "And the", "What is it?"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("loss" as const), job: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("wake" as const), lateMs: fc.nat(4_000) }) },
);

test("every utterance starts, ends and gets its text once, in order, whatever the detector and the recognisers do", () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 80 }), (events) => {
      let state = initialUtterance(monoMs(0));
      let nowMs = 0;
      const outputs: UtteranceOutput[] = [];
      const wanted = new Set<number>();
      const put = (input: Parameters<typeof step>[1]): void => {
        const result = step(state, input, monoMs(nowMs), config);
        state = result.state;
        for (const output of result.outputs) {
          outputs.push(output);
          if (output.type === "recognise") {
            expect(output.toMs).toBeGreaterThan(output.fromMs);
            wanted.add(output.job);
          }
          if (output.type === "cancel") wanted.delete(output.job);
        }
        if (result.wakeAt !== null && input.type === "frame") expect(result.wakeAt).toBeGreaterThan(nowMs);
      };
      for (const one of events) {
        if (one.type === "frames") {
          for (let at = 0; at < one.count; at++) {
            nowMs += 32;
            put({ type: "frame", probability: one.probability });
          }
        } else if (one.type === "wake") {
          nowMs += one.lateMs;
          put({ type: "wake" });
        } else {
          wanted.delete(one.job);
          if (one.type === "answer")
            put({ type: "recognised", job: one.job, result: { text: one.text, confidence: 0.8, ms: 1 } });
          else put({ type: "unrecognised", job: one.job, fault: null });
        }
      }
      put({ type: "finish" });
      // Whatever was asked for is answered in the end.
      for (let round = 0; round < 200 && wanted.size > 0; round++) {
        const [job] = wanted;
        wanted.delete(job!);
        put({ type: "unrecognised", job: job!, fault: null });
      }
      expect(isOver(state)).toBe(true);
      const numbers = (type: UtteranceOutput["type"]): number[] =>
        outputs.flatMap((output) => (output.type === type && "utterance" in output ? [output.utterance] : []));
      const started = numbers("started");
      expect(started).toEqual(started.map((_, at) => at + 1));
      expect(numbers("ended")).toEqual(started);
      expect(numbers("final").sort((a, b) => a - b)).toEqual(started);
      for (const output of outputs) if (output.type === "ended") expect(output.endMs).toBeGreaterThan(output.startMs);
    }),
    { numRuns: 300 },
  );
});
