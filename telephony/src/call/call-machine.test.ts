import { type MonoMs, monoMs } from "@intramuros/contracts";
import { describe, expect, it } from "vitest";
import {
  type CallConfig,
  type CallInput,
  type CallOutput,
  type CallState,
  newCall,
  resumedCall,
  step,
} from "./call-machine.ts";

const config: CallConfig = {
  ...{ mediaTimeoutMs: 60_000, initialMediaTimeoutMs: 30_000, holdTimeoutMs: 1_800_000 },
  ...{ lostMediaTimeoutMs: 5000, maxCallMs: 7_200_000, answerMs: 20_000 },
  handoffPromptMs: 20_000,
};
const queue = { queueId: "q", ringSeconds: 20, registered: 2 };

function call() {
  let state: CallState = newCall(monoMs(0));
  let now: MonoMs = monoMs(0);
  let wakeAt: MonoMs | null = null;
  const give = (input: CallInput): readonly CallOutput[] => {
    const made = step(state, input, now, config);
    state = made.state;
    wakeAt = made.wakeAt;
    return made.outputs;
  };
  return {
    give,
    at: (ms: number) => {
      now = monoMs(ms);
    },
    get state() {
      return state;
    },
    get wakeAt() {
      return wakeAt;
    },
  };
}
function answered() {
  const so = call();
  so.give({ type: "answered" });
  return so;
}
function ringing() {
  const so = answered();
  so.give({ type: "handoff", queue, reason: "asked" });
  so.give({ type: "prompt-done" });
  so.give({
    type: "legs",
    legs: [
      { legId: "a", phoneId: "p1" },
      { legId: "b", phoneId: "p2" },
    ],
  });
  return so;
}
const types = (outputs: readonly CallOutput[]): readonly string[] => outputs.map((output) => output.type);
const ending = (outputs: readonly CallOutput[]) => {
  const output = outputs.find((item) => item.type === "ended");
  return output?.type === "ended" ? output.ending : null;
};

describe("the call machine", () => {
  it("a caller who gives up before the answer has ended the call, and nothing is sent", () => {
    const so = call();
    const outputs = so.give({ type: "cancel" });
    expect(types(outputs)).toEqual(["ended"]);
    expect(ending(outputs)).toMatchObject({ side: "customer", sipCode: 487 });
    expect(so.give({ type: "answered" })).toEqual([]);
  });

  it("the caller's BYE ends it with the cause that it names", () => {
    const outputs = answered().give({ type: "bye", reason: "the caller hung up", byServer: false, q850: 31 });
    expect(ending(outputs)).toMatchObject({ side: "customer", q850: 31 });
  });

  it("an answer that is never confirmed is the carrier's", () => {
    const outputs = answered().give({ type: "bye", reason: "no ACK", byServer: true, q850: 0 });
    expect(ending(outputs)).toMatchObject({ side: "carrier", sipCode: 408, q850: 102 });
  });

  it("rings all phones, bridges the first that answers and cancels the others", () => {
    const so = ringing();
    expect(so.give({ type: "leg-ringing", legId: "a" })).toMatchObject([{ type: "ringing", queueId: "q" }]);
    expect(so.give({ type: "leg-ringing", legId: "a" })).toEqual([]);
    expect(so.give({ type: "leg-answered", legId: "b" })).toEqual([
      { type: "cancel-legs", except: "b" },
      { type: "ring-tone", on: false },
      { type: "bridge", legId: "b" },
      { type: "bridged", legId: "b", phoneId: "p2" },
    ]);
  });

  it("a second phone that answers at the same instant is hung up on", () => {
    const so = ringing();
    so.give({ type: "leg-answered", legId: "b" });
    expect(so.give({ type: "leg-answered", legId: "a" })).toEqual([{ type: "bye-leg", legId: "a" }]);
    expect(so.state.phase).toMatchObject({ at: "bridged", legId: "b" });
  });

  it("a phone that answers after the customer hung up is hung up on", () => {
    const so = ringing();
    so.give({ type: "bye", reason: "", byServer: false, q850: 16 });
    expect(so.give({ type: "leg-answered", legId: "a" })).toEqual([{ type: "bye-leg", legId: "a" }]);
  });

  it("nobody answering leads to a message", () => {
    const so = ringing();
    expect(so.wakeAt).toBe(20_000);
    so.at(20_000);
    expect(types(so.give({ type: "wake" }))).toEqual(["cancel-legs", "ring-tone", "handoff-failed", "start-message"]);
  });

  it("the last phone that declines leads to a message at once", () => {
    const so = ringing();
    expect(so.give({ type: "leg-failed", legId: "a", reason: "busy" })).toEqual([]);
    expect(so.give({ type: "leg-failed", legId: "b", reason: "declined" })).toContainEqual({
      ...{ type: "handoff-failed", queueId: "q", reason: "declined" },
    });
  });

  it("nobody registered leads to a message without a word of waiting", () => {
    const outputs = answered().give({ type: "handoff", queue: { ...queue, registered: 0 }, reason: "asked" });
    expect(types(outputs)).toEqual(["pause-assistant", "handoff-failed", "start-message"]);
  });

  it("the customer's BYE hangs up on the agent, the agent's on the customer", () => {
    const customer = ringing();
    customer.give({ type: "leg-answered", legId: "a" });
    expect(types(customer.give({ type: "bye", reason: "", byServer: false, q850: 0 }))).toEqual(["bye-leg", "ended"]);
    const agent = ringing();
    agent.give({ type: "leg-answered", legId: "a" });
    const outputs = agent.give({ type: "leg-bye", legId: "a" });
    expect(types(outputs)).toContain("bye");
    expect(ending(outputs)).toMatchObject({ side: "us", reason: "the agent hung up" });
  });

  it("hanging up while a message is taken keeps the message first", () => {
    const so = answered();
    so.give({ type: "take-message" });
    expect(types(so.give({ type: "bye", reason: "", byServer: false, q850: 0 }))).toEqual(["close-message", "ended"]);
  });

  it("silence on the line ends the call, but not while it is on hold", () => {
    const so = answered();
    so.at(120_000);
    so.give({ type: "hold", on: true });
    const silent: CallInput = { type: "media", silentMs: 61_000, agentSilentMs: null };
    expect(so.give(silent)).toEqual([]);
    so.give({ type: "hold", on: false });
    expect(ending(so.give(silent))).toMatchObject({ side: "carrier" });
  });

  it("audio that never comes ends the call sooner than audio that stops, and hold has a limit of its own", () => {
    const never: CallInput = { type: "media", silentMs: Number.POSITIVE_INFINITY, agentSilentMs: null };
    const first = answered();
    first.at(29_000);
    expect(first.give(never)).toEqual([]);
    first.at(31_500);
    expect(ending(first.give(never))).toMatchObject({ side: "carrier", reason: expect.stringContaining("for 30 s") });
    const held = answered();
    held.give({ type: "hold", on: true });
    held.at(1_700_000);
    expect(held.give({ type: "media", silentMs: 1_690_000, agentSilentMs: null })).toEqual([]);
    held.at(1_900_000);
    expect(ending(held.give({ type: "media", silentMs: 1_890_000, agentSilentMs: null }))).toMatchObject({
      reason: expect.stringContaining("on hold"),
    });
  });

  it("an agent's phone that never sends audio ends the call, but not before the time-out", () => {
    const so = ringing();
    so.at(30_000);
    so.give({ type: "leg-answered", legId: "a" });
    const never: CallInput = { type: "media", silentMs: 20, agentSilentMs: Number.POSITIVE_INFINITY };
    so.at(31_000);
    expect(so.give(never)).toEqual([]);
    so.at(91_000);
    expect(ending(so.give(never))).toMatchObject({ side: "us", reason: "no audio came from the agent's phone" });
  });

  it("with the SIP server gone, audio keeps the call and its end ends it", () => {
    const so = answered();
    so.at(30_000);
    so.give({ type: "sip-lost" });
    expect(so.give({ type: "media", silentMs: 40, agentSilentMs: null })).toEqual([]);
    expect(ending(so.give({ type: "media", silentMs: 5100, agentSilentMs: null }))).toMatchObject({ side: "unknown" });
  });

  it("with the SIP server back, its word counts: it knows the call and all is well, or the call is over", () => {
    const so = answered();
    so.at(30_000);
    so.give({ type: "sip-lost" });
    so.at(60_000);
    expect(so.give({ type: "sip-back", knows: true })).toEqual([]);
    expect(so.give({ type: "media", silentMs: 31_000, agentSilentMs: null })).toEqual([]);
    const outputs = so.give({ type: "sip-back", knows: false });
    expect(types(outputs)).toEqual(["ended"]);
    expect(ending(outputs)).toMatchObject({ side: "unknown" });
  });

  it("a call of the process before begins where it was, and is not ended because no audio has come yet", () => {
    const kept = { answeredMsAgo: 600_000, onHold: false };
    const begin = (phase: CallState["phase"]): readonly string[] =>
      types(step(resumedCall({ ...kept, phase }, monoMs(1000)), { type: "resume" }, monoMs(1000), config).outputs);
    expect(begin({ at: "assistant" })).toEqual(["start-assistant"]);
    expect(begin({ at: "bridged", legId: "a", phoneId: "p", since: monoMs(1000) })).toEqual(["bridge"]);
    expect(begin({ at: "message" })).toEqual(["start-message"]);
    const state = resumedCall({ ...kept, phase: { at: "assistant" } }, monoMs(1000));
    const silent: CallInput = { type: "media", silentMs: Number.POSITIVE_INFINITY, agentSilentMs: null };
    expect(step(state, silent, monoMs(5000), config).outputs).toEqual([]);
    const { outputs } = step(state, { type: "hang-up", reason: "r" }, monoMs(2000), config);
    expect(outputs.at(-1)).toMatchObject({ type: "ended", durationMs: 601_000 });
  });

  it("the longest call ends", () => {
    const so = answered();
    so.give({ type: "hold", on: false });
    expect(so.wakeAt).toBe(7_200_000);
    so.at(7_200_000);
    expect(ending(so.give({ type: "wake" }))).toMatchObject({ side: "us", q850: 102 });
  });

  it("hold rests the assistant and resuming wakes it", () => {
    const so = answered();
    expect(types(so.give({ type: "hold", on: true }))).toEqual(["hold-changed", "pause-assistant"]);
    expect(so.give({ type: "hold", on: true })).toEqual([]);
    expect(types(so.give({ type: "hold", on: false }))).toEqual(["hold-changed", "resume-assistant"]);
  });
});
