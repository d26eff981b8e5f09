import type { ConversationEvent, ConversationEventBody, EmotionScore } from "@intramuros/contracts/browser";
import { expect, test } from "vitest";
import { findBody, rankedProbabilities, readTranscript, stageFigures } from "./transcript.ts";

function log(...bodies: ConversationEventBody[]): ConversationEvent[] {
  return bodies.map((body, place) => ({ conversationId: "c", seq: place + 1, at: 1000 * place, body }));
}
const answer = (sayId: string): ConversationEventBody => ({
  type: "assistant-said",
  sayId,
  turn: 1,
  text: "五万元。",
  language: "zh",
  reason: "answer",
  articleId: "a-1",
  score: 0.82,
});

test("an answer carries its playback, whatever came between", () => {
  const items = readTranscript(
    log(
      { type: "customer-said", turn: 1, text: "限额多少", language: "zh", via: "speech", recognitionMs: 210 },
      answer("s1"),
      { type: "playback-started", sayId: "s1", synthesisMs: 90, responseMs: 640 },
      { type: "barge-in", stoppedAfterMs: 120 },
      { type: "playback-finished", sayId: "s1", interrupted: true, playedMs: 900 },
    ),
  );
  expect(items.map((item) => (item.kind === "line" ? item.who : item.body.type))).toEqual([
    "customer",
    "assistant",
    "barge-in",
  ]);
  const line = items[1];
  expect(line?.kind === "line" && line.assistant?.playback).toEqual({
    synthesisMs: 90,
    responseMs: 640,
    interruptedAfterMs: 900,
  });
});

test("an answer played to its end was not interrupted", () => {
  const items = readTranscript(
    log(answer("s1"), { type: "playback-finished", sayId: "s1", interrupted: false, playedMs: 4000 }),
  );
  expect(items[0]?.kind === "line" && items[0].assistant?.playback.interruptedAfterMs).toBe(null);
});

test("a greeting answers nobody and does not better the response time", () => {
  const figures = stageFigures(
    log(
      { type: "playback-started", sayId: "g", synthesisMs: 50, responseMs: 0 },
      { type: "playback-started", sayId: "1", synthesisMs: 70, responseMs: 600 },
      { type: "playback-started", sayId: "2", synthesisMs: 200, responseMs: 900 },
      { type: "playback-started", sayId: "3", synthesisMs: 60, responseMs: 700 },
    ),
  );
  expect(figures.get("response")).toEqual({ median: 700, worst: 900, count: 3 });
  expect(figures.get("synthesis")?.count).toBe(4);
  expect(figures.has("recognition")).toBe(false);
});

test("the latest event of a kind is the one that counts", () => {
  const events = log({ type: "hold-changed", onHold: true }, { type: "hold-changed", onHold: false });
  expect(findBody(events, "hold-changed")?.onHold).toBe(false);
  expect(findBody(events, "ended")).toBe(undefined);
});

test("probabilities are ranked", () => {
  const score: EmotionScore = {
    label: "angry",
    probabilities: { neutral: 0.2, angry: 0.7, sad: 0.1 },
    intensity: 0.8,
    abstained: false,
    evidence: [],
    source: "text",
    modelId: "m",
    modelVersion: "1",
    modelSha256: "00",
  };
  expect(rankedProbabilities(score).map(([label]) => label)).toEqual(["angry", "neutral", "sad"]);
});
