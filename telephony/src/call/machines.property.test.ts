import { monoMs } from "@intramuros/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as call from "./call-machine.ts";
import * as message from "./message-machine.ts";
import * as playback from "./playback-machine.ts";
import { flow } from "./test/flow.ts";
import type { Then, TurnInput } from "./turn.ts";
import * as turns from "./turn-machine.ts";

/** Whatever comes in whatever order: no machine throws, asks to be woken in the past for ever, or says two things at once. */
const sayId = fc.constantFrom("a", "b", "c");
const samples = new Int16Array(160);
const playbackInput: fc.Arbitrary<playback.PlaybackInput> = fc.oneof(
  sayId.map((id) => ({
    type: "say" as const,
    item: { sayId: id, text: "t", language: "en" as const, rate: 1, turn: 1, kind: "say" as const },
  })),
  sayId.map((id) => ({ type: "audio" as const, sayId: id, samples, sampleRateHz: 8000 })),
  sayId.map((id) => ({ type: "audio-end" as const, sayId: id })),
  sayId.map((id) => ({ type: "audio-failed" as const, sayId: id })),
  sayId.map((id) => ({ type: "played" as const, sayId: id })),
  fc.constant({ type: "stop" as const }),
  fc.constant({ type: "wake" as const }),
);

const heard = (text: string) => ({
  ...{ text, language: "en" as const, confidence: 1, startMs: 0, endMs: 1, endpointMs: 1, recognitionMs: 1 },
  ...{ emotion: null, modelId: "", modelSha256: "" },
});
const then = fc.constantFrom<Then>(
  { type: "listen" },
  { type: "hang-up", reason: "r" },
  { type: "handoff", queueId: "q", reason: "r" },
  { type: "take-message" },
);
const turnInput: fc.Arbitrary<TurnInput> = fc.oneof(
  fc.constantFrom("greeting" as const, "interrupted" as const).map((first) => ({ type: "start" as const, first })),
  fc.nat(500).map((agoMs) => ({ type: "speech-started" as const, agoMs })),
  fc.constant({ type: "speech-ended" as const }),
  fc.constantFrom("", "words").map((text) => ({ type: "final" as const, heard: heard(text) })),
  fc.record({ turn: fc.nat(4), text: fc.constantFrom("", "words"), next: then, id: sayId }).map((so) => ({
    type: "answer" as const,
    answer: {
      ...{ sayId: so.id, turn: so.turn, text: so.text, language: "en" as const, rate: 1 },
      ...{ then: so.next, listenLanguage: null, flow: null },
    },
  })),
  sayId.map((id) => ({ type: "finished" as const, sayId: id, outcome: "heard" as const })),
  fc.nat(4).map((n) => ({ type: "menu-key" as const, item: flow().menu[n]!, flow: flow({ id: "zh" }) })),
  fc.constant({ type: "other-key" as const }),
  fc.boolean().map((on) => ({ type: "attached" as const, on })),
  fc.boolean().map((canHear) => ({ type: "hearing-changed" as const, canHear })),
  fc.constant({ type: "pause" as const }),
  fc.constant({ type: "resume" as const }),
  fc.constant({ type: "wake" as const }),
);

const legId = fc.constantFrom("l1", "l2");
const callInput: fc.Arbitrary<call.CallInput> = fc.oneof(
  fc.constantFrom<call.CallInput>(
    { type: "answered" },
    { type: "cancel" },
    { type: "prompt-done" },
    { type: "take-message" },
    { type: "message-done", taken: true },
    { type: "sip-lost" },
    { type: "sip-back", knows: true },
    { type: "sip-back", knows: false },
    { type: "wake" },
    { type: "hang-up", reason: "r" },
    { type: "bye", reason: "r", byServer: false, q850: 0 },
    { type: "handoff", queue: { queueId: "q", ringSeconds: 5, registered: 1 }, reason: "r" },
    { type: "legs", legs: [{ legId: "l1", phoneId: "p" }] },
  ),
  legId.map((id) => ({ type: "leg-answered" as const, legId: id })),
  legId.map((id) => ({ type: "leg-failed" as const, legId: id, reason: "r" })),
  legId.map((id) => ({ type: "leg-bye" as const, legId: id })),
  fc.boolean().map((on) => ({ type: "hold" as const, on })),
  fc.nat(100_000).map((silentMs) => ({ type: "media" as const, silentMs, agentSilentMs: null })),
);
const callConfig: call.CallConfig = {
  ...{ mediaTimeoutMs: 60_000, initialMediaTimeoutMs: 30_000, holdTimeoutMs: 1_800_000 },
  ...{ lostMediaTimeoutMs: 5000, maxCallMs: 600_000, answerMs: 20_000 },
  handoffPromptMs: 20_000,
};

const timed = <T>(input: fc.Arbitrary<T>) => fc.array(fc.tuple(input, fc.nat(3000)), { maxLength: 60 });

describe("the machines, whatever comes", () => {
  it("nothing is played after a stop until something new is asked for, and never two says at once", () => {
    fc.assert(
      fc.property(timed(playbackInput), (inputs) => {
        let state = playback.SILENT;
        let now = 0;
        let speaking: string | null = null;
        let mayPlay = false;
        for (const [input, ms] of inputs) {
          now += ms;
          const made = playback.step(state, input, monoMs(now));
          for (const output of made.outputs) {
            if (output.type === "synthesize") {
              expect(speaking).toBeNull();
              speaking = output.item.sayId;
              mayPlay = true;
            } else if (output.type === "finished" && output.item.sayId === speaking) speaking = null;
            else if (output.type === "play") expect(mayPlay && speaking !== null).toBe(true);
          }
          if (input.type === "stop") {
            expect(made.state.at).toBe("idle");
            expect(made.outputs.some((output) => output.type === "play")).toBe(false);
            mayPlay = false;
            speaking = null;
          }
          // A wake that is due is dealt with by the wake: it never stays in the past.
          if (input.type === "wake" && made.wakeAt !== null) expect(made.wakeAt).toBeGreaterThan(now);
          state = made.state;
        }
      }),
    );
  });

  it("the turn machine never asks for a wake that a wake does not settle, and numbers turns one by one", () => {
    fc.assert(
      fc.property(timed(turnInput), fc.boolean(), fc.boolean(), (inputs, canHear, attached) => {
        let state = turns.newTurns(flow(), { canHear, attached });
        let now = 0;
        let turn = 0;
        for (const [input, ms] of inputs) {
          now += ms;
          const made = turns.step(state, input, monoMs(now));
          for (const output of made.outputs) {
            if (output.type === "utterance") expect(output.turn).toBe(++turn);
            if (output.type === "speak" && output.item.turn !== 0) expect(output.item.turn).toBe(turn);
          }
          if (input.type === "wake" && made.wakeAt !== null) expect(made.wakeAt).toBeGreaterThan(now);
          state = made.state;
        }
      }),
    );
  });

  it("a call ends once, and after it nobody new is rung or bridged", () => {
    fc.assert(
      fc.property(timed(callInput), (inputs) => {
        let state = call.newCall(monoMs(0));
        let now = 0;
        let ended = 0;
        for (const [input, ms] of inputs) {
          now += ms;
          const made = call.step(state, input, monoMs(now), callConfig);
          const wasOver = ended > 0;
          for (const output of made.outputs) {
            if (wasOver) expect(output.type).toBe("bye-leg");
            if (output.type === "ended") ended++;
          }
          if (input.type === "wake" && made.wakeAt !== null) expect(made.wakeAt).toBeGreaterThan(now);
          state = made.state;
        }
        expect(ended).toBeLessThanOrEqual(1);
        expect(state.phase.at === "ended").toBe(ended === 1);
      }),
    );
  });

  it("a message is taken or not, but done once", () => {
    const input: fc.Arbitrary<message.MessageInput> = fc.oneof(
      fc.constantFrom<message.MessageInput>(
        { type: "start" },
        { type: "prompt-done" },
        { type: "beep-done" },
        { type: "hash" },
        { type: "hang-up" },
        { type: "words-end" },
        { type: "words", text: "w" },
        { type: "wake" },
      ),
      fc.double({ min: -96, max: 0, noNaN: true }).map((dbfs) => ({ type: "level" as const, dbfs })),
    );
    fc.assert(
      fc.property(timed(input), (inputs) => {
        let state = message.NO_MESSAGE;
        let now = 0;
        let done = 0;
        let taken = 0;
        for (const [given, ms] of inputs) {
          now += ms;
          const made = message.step(state, given, monoMs(now));
          for (const output of made.outputs) {
            if (output.type === "done") done++;
            if (output.type === "taken") taken++;
          }
          if (given.type === "wake" && made.wakeAt !== null) expect(made.wakeAt).toBeGreaterThan(now);
          state = made.state;
        }
        expect(done).toBeLessThanOrEqual(1);
        expect(taken).toBeLessThanOrEqual(done);
      }),
    );
  });
});
