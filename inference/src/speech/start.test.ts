import { expect, test } from "vitest";
import { checkStart, type StartRequest } from "./start.ts";

const good: StartRequest = {
  streamId: "leg",
  party: "customer",
  language: "en",
  sampleRateHz: 8000,
  partials: true,
  phrases: [],
  endpointSilenceMs: 0,
  maxUtteranceMs: 0,
};

test("a start within the limits is taken", () => {
  expect(checkStart(good)).toEqual({ type: "ok", start: good });
});

test.each([
  [{ party: "supervisor" }, "party"],
  [{ language: "fr" }, "language"],
  [{ sampleRateHz: 44100 }, "sample_rate_hz"],
  [{ endpointSilenceMs: 10 }, "endpoint_silence_ms"],
  [{ maxUtteranceMs: 1 }, "max_utterance_ms"],
  [{ streamId: "x".repeat(101) }, "stream_id"],
  [{ phrases: Array.from({ length: 501 }, () => "card") }, "phrases"],
] as const)("%j is refused by its field", (change, field) => {
  const result = checkStart({ ...good, ...change } as StartRequest);
  expect(result.type === "faulty" && result.problem.startsWith(field)).toBe(true);
});
