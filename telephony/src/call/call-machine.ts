import type { MonoMs, Step, Wake } from "@intramuros/contracts";

/**
 * One call from a customer: its legs and its end. What is said in it is the affair of the turn, playback, digits and message machines.
 *
 * | state       | answered    | handoff     | prompt-done | leg-answered        | leg-failed (last)  | take-message | hang-up, bye, cancel, media, limit |
 * | ----------- | ----------- | ----------- | ----------- | ------------------- | ------------------ | ------------ | ---------------------------------- |
 * | answering   | → assistant | –           | –           | –                   | –                  | –            | reject → ended                     |
 * | assistant   | –           | → handing   | –           | bye-leg             | –                  | → message    | bye → ended                        |
 * | handing-off | –           | –           | → ringing   | bye-leg             | –                  | –            | bye → ended                        |
 * | ringing     | –           | –           | –           | → bridged           | failed → message   | –            | cancel legs, bye → ended           |
 * | bridged     | –           | –           | –           | bye-leg (too late)  | –                  | –            | bye both → ended                   |
 * | message     | –           | –           | –           | bye-leg             | –                  | –            | keep the message, bye → ended      |
 * | ended       | –           | –           | –           | bye-leg             | –                  | –            | –                                  |
 *
 * `wake` in ringing is "nobody answered"; in any answered state it may be the longest call. A call of the process before this one
 * begins in assistant, bridged or message (`resumedCall`); `resume` sets going what belongs to that.
 */
export type Side = "customer" | "carrier" | "us" | "unknown";
export interface Ending {
  readonly side: Side;
  readonly reason: string;
  readonly sipCode: number;
  /** Q.850 cause. */
  readonly q850: number;
}

export interface RungLeg {
  readonly legId: string;
  readonly phoneId: string;
  readonly ringing: boolean;
}

export type CallPhase =
  | { readonly at: "answering" }
  | { readonly at: "assistant" }
  | { readonly at: "handing-off"; readonly queueId: string; readonly ringMs: number; readonly deadline: MonoMs }
  | {
      readonly at: "ringing";
      readonly queueId: string;
      readonly legs: readonly RungLeg[];
      readonly deadline: MonoMs;
    }
  | { readonly at: "bridged"; readonly legId: string; readonly phoneId: string; readonly since: MonoMs }
  | { readonly at: "message" }
  | { readonly at: "ended" };

export interface CallState {
  readonly phase: CallPhase;
  readonly offeredAt: MonoMs;
  readonly answeredAt: MonoMs | null;
  readonly onHold: boolean;
  /** The SIP server went away: nobody will tell us of a BYE. */
  readonly signallingLost: boolean;
  /** Silence of the caller counts from here; null: from the answer. */
  readonly silentFrom: MonoMs | null;
}

export type CallInput =
  | { readonly type: "answered" }
  | { readonly type: "answer-failed"; readonly reason: string; readonly sipCode: number }
  | { readonly type: "cancel" }
  | { readonly type: "bye"; readonly reason: string; readonly byServer: boolean; readonly q850: number }
  | { readonly type: "handoff"; readonly queue: RingableQueue | null; readonly reason: string }
  | { readonly type: "prompt-done" }
  | { readonly type: "legs"; readonly legs: readonly { readonly legId: string; readonly phoneId: string }[] }
  | { readonly type: "leg-ringing"; readonly legId: string }
  | { readonly type: "leg-answered"; readonly legId: string }
  | { readonly type: "leg-failed"; readonly legId: string; readonly reason: string }
  | { readonly type: "leg-bye"; readonly legId: string }
  | { readonly type: "take-message" }
  | { readonly type: "message-done"; readonly taken: boolean }
  | { readonly type: "hang-up"; readonly reason: string }
  | { readonly type: "hold"; readonly on: boolean }
  | { readonly type: "media"; readonly silentMs: number; readonly agentSilentMs: number | null }
  | { readonly type: "resume" }
  | { readonly type: "sip-lost" }
  /** The SIP server is there again; `knows`: it has this call's dialog. */
  | { readonly type: "sip-back"; readonly knows: boolean }
  | { readonly type: "fault"; readonly reason: string }
  | { readonly type: "shutdown" }
  | Wake;

export interface RingableQueue {
  readonly queueId: string;
  readonly ringSeconds: number;
  /** Phones of the queue that are registered now. */
  readonly registered: number;
}

export type CallOutput =
  | { readonly type: "start-assistant"; readonly first: "greeting" | "interrupted" }
  | { readonly type: "pause-assistant" }
  | { readonly type: "resume-assistant" }
  | { readonly type: "handoff-prompt" }
  | { readonly type: "ring"; readonly queueId: string }
  | { readonly type: "ring-tone"; readonly on: boolean }
  | { readonly type: "cancel-legs"; readonly except: string | null }
  | { readonly type: "bye-leg"; readonly legId: string }
  | { readonly type: "bridge"; readonly legId: string }
  | { readonly type: "start-message" }
  | { readonly type: "close-message" }
  | { readonly type: "answered"; readonly setupMs: number }
  | { readonly type: "ringing"; readonly leg: RungLeg; readonly queueId: string }
  | { readonly type: "bridged"; readonly legId: string; readonly phoneId: string }
  | { readonly type: "handoff-failed"; readonly queueId: string; readonly reason: string }
  | { readonly type: "hold-changed"; readonly on: boolean }
  /** Final response to an INVITE that is not answered yet. */
  | { readonly type: "reject"; readonly sipCode: number }
  | { readonly type: "bye"; readonly q850: number; readonly reason: string }
  | { readonly type: "ended"; readonly ending: Ending; readonly durationMs: number };

export interface CallConfig {
  /** Of the caller's audio, while it runs; before its first packet; on hold. */
  readonly mediaTimeoutMs: number;
  readonly initialMediaTimeoutMs: number;
  readonly holdTimeoutMs: number;
  readonly lostMediaTimeoutMs: number;
  readonly maxCallMs: number;
  readonly answerMs: number;
  readonly handoffPromptMs: number;
}

type CallStep = Step<CallState, CallOutput>;

export const newCall = (now: MonoMs): CallState => ({
  phase: { at: "answering" },
  offeredAt: now,
  answeredAt: null,
  onHold: false,
  signallingLost: false,
  silentFrom: null,
});

/** A call that this process takes over from the one before it. */
export function resumedCall(
  kept: { readonly phase: CallPhase; readonly answeredMsAgo: number; readonly onHold: boolean },
  now: MonoMs,
): CallState {
  const answeredAt = plus(now, -kept.answeredMsAgo);
  const { phase, onHold } = kept;
  return { phase, offeredAt: answeredAt, answeredAt, onHold, signallingLost: true, silentFrom: now };
}

export function step(state: CallState, input: CallInput, now: MonoMs, config: CallConfig): CallStep {
  const made = decide(state, input, now, config);
  return { ...made, wakeAt: wakeOf(made.state, config) };
}

type Made = Omit<CallStep, "wakeAt">;
const made = (state: CallState, outputs: readonly CallOutput[] = []): Made => ({ state, outputs });

function wakeOf(state: CallState, config: CallConfig): MonoMs | null {
  const { phase } = state;
  if (phase.at === "ended") return null;
  if (phase.at === "answering") return plus(state.offeredAt, config.answerMs);
  const limit = plus(state.answeredAt ?? state.offeredAt, config.maxCallMs);
  const own = phase.at === "handing-off" || phase.at === "ringing" ? phase.deadline : limit;
  return own < limit ? own : limit;
}

function decide(state: CallState, input: CallInput, now: MonoMs, config: CallConfig): Made {
  const { phase } = state;
  if (phase.at === "ended") {
    return input.type === "leg-answered" ? made(state, [{ type: "bye-leg", legId: input.legId }]) : made(state);
  }
  switch (input.type) {
    case "answered":
      if (phase.at !== "answering") return made(state);
      return made({ ...state, phase: { at: "assistant" }, answeredAt: now }, [
        { type: "answered", setupMs: Math.round(now - state.offeredAt) },
        { type: "start-assistant", first: "greeting" },
      ]);
    case "answer-failed":
      return end(state, { side: "unknown", reason: input.reason, sipCode: input.sipCode, q850: 41 }, now, "none");
    case "cancel":
      if (phase.at !== "answering") return made(state);
      return end(state, { side: "customer", reason: "the caller gave up", sipCode: 487, q850: 16 }, now, "none");
    case "bye": {
      const ending: Ending = input.byServer
        ? { side: "carrier", reason: input.reason, sipCode: 408, q850: input.q850 || 102 }
        : { side: "customer", reason: input.reason, sipCode: 200, q850: input.q850 || 16 };
      return end(state, ending, now, "none");
    }
    case "handoff":
      return handoff(state, input, now, config);
    case "prompt-done":
      return phase.at === "handing-off" ? ring(state, phase, now) : made(state);
    case "legs":
      return legs(state, input.legs);
    case "leg-ringing":
      return legRinging(state, input.legId);
    case "leg-answered":
      return legAnswered(state, input.legId, now);
    case "leg-failed":
      return legFailed(state, input, now);
    case "leg-bye":
      if (phase.at !== "bridged" || phase.legId !== input.legId) return made(state);
      return end(state, { side: "us", reason: "the agent hung up", sipCode: 200, q850: 16 }, now, "bye");
    case "take-message":
      if (phase.at !== "assistant") return made(state);
      return message(state, [{ type: "pause-assistant" }]);
    case "message-done":
      if (phase.at !== "message") return made(state);
      return end(
        state,
        {
          side: "us",
          reason: input.taken ? "a message was taken" : "the caller left no message",
          sipCode: 200,
          q850: 16,
        },
        now,
        "bye",
      );
    case "hang-up":
      return end(state, { side: "us", reason: input.reason, sipCode: 200, q850: 16 }, now, "bye");
    case "hold":
      return hold(state, input.on);
    case "media":
      return media(state, input, now, config);
    case "resume":
      return made(state, resume(state));
    case "sip-back":
      if (phase.at === "answering") return made(state);
      if (input.knows) return made({ ...state, signallingLost: false, silentFrom: now });
      return end(
        state,
        { side: "unknown", reason: "the call ended while the SIP server or telephony was away", sipCode: 0, q850: 41 },
        now,
        "none",
      );
    case "sip-lost":
      if (phase.at !== "answering") return made({ ...state, signallingLost: true });
      return end(state, { side: "us", reason: "the SIP server went away", sipCode: 0, q850: 41 }, now, "none");
    case "fault":
      return end(state, { side: "us", reason: input.reason, sipCode: 500, q850: 41 }, now, "bye");
    case "shutdown":
      return end(state, { side: "us", reason: "telephony was stopped", sipCode: 503, q850: 41 }, now, "bye");
    case "wake":
      return wake(state, now, config);
  }
}

function resume(state: CallState): readonly CallOutput[] {
  const { phase, onHold } = state;
  switch (phase.at) {
    case "assistant":
      return [
        { type: "start-assistant", first: "interrupted" },
        ...(onHold ? [{ type: "pause-assistant" } as const] : []),
      ];
    case "bridged":
      return [{ type: "bridge", legId: phase.legId }];
    case "message":
      return [{ type: "start-message" }];
    default:
      return [];
  }
}

function wake(state: CallState, now: MonoMs, config: CallConfig): Made {
  const { phase } = state;
  const due = wakeOf(state, config);
  if (due === null || now < due) return made(state);
  if (phase.at === "answering") {
    return end(
      state,
      { side: "us", reason: "the call could not be answered in time", sipCode: 500, q850: 41 },
      now,
      "bye",
    );
  }
  if (now >= plus(state.answeredAt ?? state.offeredAt, config.maxCallMs)) {
    return end(
      state,
      { side: "us", reason: "the longest duration of a call was reached", sipCode: 200, q850: 102 },
      now,
      "bye",
    );
  }
  if (phase.at === "handing-off") return ring(state, phase, now);
  if (phase.at === "ringing") return nobody(state, phase.queueId, "nobody answered");
  return made(state);
}

// ---- handing off

function handoff(
  state: CallState,
  input: Extract<CallInput, { type: "handoff" }>,
  now: MonoMs,
  config: CallConfig,
): Made {
  if (state.phase.at !== "assistant") return made(state);
  const { queue } = input;
  const pause: CallOutput = { type: "pause-assistant" };
  if (queue === null) return nobody(state, "", "the flow has no queue", [pause]);
  if (queue.registered === 0) return nobody(state, queue.queueId, "no phone of the queue is registered", [pause]);
  const { queueId } = queue;
  const ringMs = Math.max(5, queue.ringSeconds) * 1000;
  const phase: CallPhase = { at: "handing-off", queueId, ringMs, deadline: plus(now, config.handoffPromptMs) };
  return made({ ...state, phase }, [pause, { type: "handoff-prompt" }]);
}

function ring(state: CallState, from: Extract<CallPhase, { at: "handing-off" }>, now: MonoMs): Made {
  const { queueId, ringMs } = from;
  return made({ ...state, phase: { at: "ringing", queueId, legs: [], deadline: plus(now, ringMs) } }, [
    { type: "ring-tone", on: true },
    { type: "ring", queueId },
  ]);
}

/** Whom the driver rings; it tells at once after `ring`. */
function legs(state: CallState, rung: Extract<CallInput, { type: "legs" }>["legs"]): Made {
  const { phase } = state;
  if (phase.at !== "ringing") return made(state);
  if (rung.length === 0) return nobody(state, phase.queueId, "no phone of the queue is registered");
  return made({ ...state, phase: { ...phase, legs: rung.map((leg) => ({ ...leg, ringing: false })) } });
}

function legRinging(state: CallState, legId: string): Made {
  const { phase } = state;
  if (phase.at !== "ringing") return made(state);
  const leg = phase.legs.find((item) => item.legId === legId);
  if (leg === undefined || leg.ringing) return made(state);
  const heard: RungLeg = { ...leg, ringing: true };
  const legs = phase.legs.map((item) => (item === leg ? heard : item));
  return made({ ...state, phase: { ...phase, legs } }, [{ type: "ringing", leg: heard, queueId: phase.queueId }]);
}

function legAnswered(state: CallState, legId: string, now: MonoMs): Made {
  const { phase } = state;
  const leg = phase.at === "ringing" ? phase.legs.find((item) => item.legId === legId) : undefined;
  if (leg === undefined) return made(state, [{ type: "bye-leg", legId }]);
  const { phoneId } = leg;
  return made({ ...state, phase: { at: "bridged", legId, phoneId, since: now } }, [
    { type: "cancel-legs", except: legId },
    { type: "ring-tone", on: false },
    { type: "bridge", legId },
    { type: "bridged", legId, phoneId },
  ]);
}

function legFailed(state: CallState, input: Extract<CallInput, { type: "leg-failed" }>, now: MonoMs): Made {
  const { phase } = state;
  if (phase.at === "bridged" && phase.legId === input.legId) {
    return end(
      state,
      { side: "us", reason: `the agent's phone was lost: ${input.reason}`, sipCode: 200, q850: 41 },
      now,
      "bye",
    );
  }
  if (phase.at !== "ringing" || !phase.legs.some((leg) => leg.legId === input.legId)) return made(state);
  const legs = phase.legs.filter((leg) => leg.legId !== input.legId);
  if (legs.length > 0) return made({ ...state, phase: { ...phase, legs } });
  return nobody(state, phase.queueId, input.reason);
}

function nobody(state: CallState, queueId: string, reason: string, first: readonly CallOutput[] = []): Made {
  const ringing: CallOutput[] =
    state.phase.at === "ringing"
      ? [
          { type: "cancel-legs", except: null },
          { type: "ring-tone", on: false },
        ]
      : [];
  return message(state, [...first, ...ringing, { type: "handoff-failed", queueId, reason }]);
}

function message(state: CallState, outputs: readonly CallOutput[]): Made {
  return made({ ...state, phase: { at: "message" } }, [...outputs, { type: "start-message" }]);
}

// ---- hold, media, the end

function hold(state: CallState, on: boolean): Made {
  if (state.onHold === on || state.phase.at === "answering") return made(state);
  const talk: CallOutput[] =
    state.phase.at === "assistant" ? [{ type: on ? "pause-assistant" : "resume-assistant" }] : [];
  return made({ ...state, onHold: on }, [{ type: "hold-changed", on }, ...talk]);
}

function media(state: CallState, input: Extract<CallInput, { type: "media" }>, now: MonoMs, config: CallConfig): Made {
  const { phase } = state;
  if (phase.at === "answering") return made(state);
  const silentMs = Math.min(input.silentMs, now - (state.silentFrom ?? state.answeredAt ?? now));
  // A held caller may be silent, yet not for ever where nobody would tell us that he hung up.
  if (state.signallingLost && silentMs > config.lostMediaTimeoutMs * (state.onHold ? 10 : 1)) {
    const reason = "the SIP server was lost during the call, and then the caller's audio ended";
    return end(state, { side: "unknown", reason, sipCode: 0, q850: 41 }, now, "bye");
  }
  const timeoutMs = state.onHold
    ? config.holdTimeoutMs
    : Number.isFinite(input.silentMs)
      ? config.mediaTimeoutMs
      : config.initialMediaTimeoutMs;
  if (silentMs > timeoutMs) {
    const while_ = state.onHold ? "on hold, " : "";
    const reason = `${while_}no audio came from the caller for ${Math.round(timeoutMs / 1000)} s`;
    return end(state, { side: "carrier", reason, sipCode: 200, q850: 41 }, now, "bye");
  }
  const agentSilentMs = phase.at === "bridged" ? Math.min(input.agentSilentMs ?? 0, now - phase.since) : 0;
  if (agentSilentMs > config.mediaTimeoutMs) {
    return end(
      state,
      { side: "us", reason: "no audio came from the agent's phone", sipCode: 200, q850: 41 },
      now,
      "bye",
    );
  }
  return made(state);
}

/** `how`: what the customer's side still has to be told. */
function end(state: CallState, ending: Ending, now: MonoMs, how: "bye" | "none"): Made {
  const { phase } = state;
  const outputs: CallOutput[] = [];
  if (phase.at === "ringing") outputs.push({ type: "cancel-legs", except: null }, { type: "ring-tone", on: false });
  if (phase.at === "bridged") outputs.push({ type: "bye-leg", legId: phase.legId });
  if (phase.at === "message") outputs.push({ type: "close-message" });
  if (how === "bye") {
    const { q850, reason } = ending;
    outputs.push(
      phase.at === "answering" ? { type: "reject", sipCode: ending.sipCode || 500 } : { type: "bye", q850, reason },
    );
  }
  const durationMs = state.answeredAt === null ? 0 : Math.round(now - state.answeredAt);
  outputs.push({ type: "ended", ending, durationMs });
  return made({ ...state, phase: { at: "ended" } }, outputs);
}

const plus = (time: MonoMs, ms: number): MonoMs => (time + ms) as MonoMs;
