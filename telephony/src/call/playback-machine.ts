import type { Language, MonoMs, Step, Wake } from "@intramuros/contracts";

/**
 * What the caller hears from the assistant: one say after the other, each from its synthesis (or a prompt on disk) to the line.
 * After `stop` nothing that was asked for before it is played: audio is taken only for the say that is on.
 *
 * | state     | say    | audio            | audio-end        | audio-failed      | played           | stop           | wake               |
 * | --------- | ------ | ---------------- | ---------------- | ----------------- | ---------------- | -------------- | ------------------ |
 * | idle      | → prep | –                | –                | –                 | –                | –              | –                  |
 * | preparing | queue  | → playing, play  | finish (silent)  | finish (failed)   | –                | drop all → idle| finish (failed)    |
 * | playing   | queue  | play             | mark             | mark, or finish   | finish → next    | drop all → idle| finish → next      |
 */
export interface SayItem {
  readonly sayId: string;
  readonly text: string;
  readonly language: Language;
  readonly rate: number;
  /** The turn that it answers; 0: none. */
  readonly turn: number;
  /** "say": the appliance's; else a prompt that telephony speaks by itself, or a tone. */
  readonly kind: SayKind;
}
export type SayKind =
  | "say"
  | "greeting"
  | "menu"
  | "no-input"
  | "no-match"
  | "handoff"
  | "message"
  | "goodbye"
  | "interrupted"
  | "digit-answer"
  | "beep";

export type Playback =
  | { readonly at: "idle" }
  | {
      readonly at: "preparing";
      readonly item: SayItem;
      readonly queue: readonly SayItem[];
      readonly requestedAt: MonoMs;
    }
  | {
      readonly at: "playing";
      readonly item: SayItem;
      readonly queue: readonly SayItem[];
      readonly startedAt: MonoMs;
      /** Audio given to the line so far. */
      readonly audioMs: number;
      /** All audio is there; the line has been asked to tell when it was heard. */
      readonly complete: boolean;
      readonly deadline: MonoMs;
    };

export type PlaybackInput =
  | { readonly type: "say"; readonly item: SayItem }
  | { readonly type: "audio"; readonly sayId: string; readonly samples: Int16Array; readonly sampleRateHz: number }
  | { readonly type: "audio-end"; readonly sayId: string }
  | { readonly type: "audio-failed"; readonly sayId: string }
  | { readonly type: "played"; readonly sayId: string }
  | { readonly type: "stop" }
  | Wake;

export type PlaybackOutput =
  | { readonly type: "synthesize"; readonly item: SayItem }
  | { readonly type: "cancel-synthesis"; readonly sayId: string }
  | { readonly type: "play"; readonly samples: Int16Array }
  /** Ask the line to tell when all of it was heard. */
  | { readonly type: "mark"; readonly sayId: string }
  | { readonly type: "silence" }
  | { readonly type: "started"; readonly item: SayItem; readonly synthesisMs: number }
  | {
      readonly type: "finished";
      readonly item: SayItem;
      readonly outcome: "heard" | "interrupted" | "failed";
      readonly started: boolean;
      readonly playedMs: number;
    };

export interface PlaybackConfig {
  /** Longest wait for the first audio of a say. */
  readonly firstAudioMs: number;
  /** Longest gap between what was played and more of the same say. */
  readonly stallMs: number;
  readonly maxQueue: number;
}
export const PLAYBACK_CONFIG: PlaybackConfig = { firstAudioMs: 6000, stallMs: 3000, maxQueue: 8 };

export const SILENT: Playback = { at: "idle" };
type PlaybackStep = Step<Playback, PlaybackOutput>;

export function step(
  state: Playback,
  input: PlaybackInput,
  now: MonoMs,
  config: PlaybackConfig = PLAYBACK_CONFIG,
): PlaybackStep {
  switch (input.type) {
    case "say":
      return say(state, input.item, now, config);
    case "audio":
      return audio(state, input, now, config);
    case "audio-end":
      return state.at === "idle" || state.item.sayId !== input.sayId
        ? stay(state, config)
        : ended(state, "heard", now, config);
    case "audio-failed":
      return state.at === "idle" || state.item.sayId !== input.sayId
        ? stay(state, config)
        : ended(state, "failed", now, config);
    case "played":
      return state.at === "playing" && state.complete && state.item.sayId === input.sayId
        ? next(state, "heard", now, config)
        : stay(state, config);
    case "stop":
      return stop(state, now);
    case "wake":
      return wake(state, now, config);
  }
}

/** True while anything is heard or about to be. */
export const isBusy = (state: Playback): boolean => state.at !== "idle";

function stay(state: Playback, config: PlaybackConfig, outputs: readonly PlaybackOutput[] = []): PlaybackStep {
  return { state, outputs, wakeAt: wakeOf(state, config) };
}

function wakeOf(state: Playback, config: PlaybackConfig): MonoMs | null {
  switch (state.at) {
    case "idle":
      return null;
    case "preparing":
      return plus(state.requestedAt, config.firstAudioMs);
    case "playing":
      return state.deadline;
  }
}

function say(state: Playback, item: SayItem, now: MonoMs, config: PlaybackConfig): PlaybackStep {
  if (state.at === "idle") return begin(item, [], now, config, []);
  if (state.queue.length >= config.maxQueue) {
    return stay(state, config, [{ type: "finished", item, outcome: "failed", started: false, playedMs: 0 }]);
  }
  return stay({ ...state, queue: [...state.queue, item] }, config);
}

function begin(
  item: SayItem,
  queue: readonly SayItem[],
  now: MonoMs,
  config: PlaybackConfig,
  before: readonly PlaybackOutput[],
): PlaybackStep {
  return stay({ at: "preparing", item, queue, requestedAt: now }, config, [...before, { type: "synthesize", item }]);
}

function audio(
  state: Playback,
  input: Extract<PlaybackInput, { type: "audio" }>,
  now: MonoMs,
  config: PlaybackConfig,
): PlaybackStep {
  if (state.at === "idle" || state.item.sayId !== input.sayId || input.samples.length === 0) return stay(state, config);
  const moreMs = (input.samples.length * 1000) / input.sampleRateHz;
  const play: PlaybackOutput = { type: "play", samples: input.samples };
  const { item, queue } = state;
  if (state.at === "preparing") {
    const deadline = plus(now, moreMs + config.stallMs);
    return stay({ at: "playing", item, queue, startedAt: now, audioMs: moreMs, complete: false, deadline }, config, [
      play,
      { type: "started", item, synthesisMs: Math.round(now - state.requestedAt) },
    ]);
  }
  if (state.complete) return stay(state, config);
  const audioMs = state.audioMs + moreMs;
  const deadline = plus(later(now, plus(state.startedAt, audioMs)), config.stallMs);
  return stay({ ...state, audioMs, deadline }, config, [play]);
}

function ended(
  state: Exclude<Playback, { at: "idle" }>,
  outcome: "heard" | "failed",
  now: MonoMs,
  config: PlaybackConfig,
): PlaybackStep {
  if (state.at === "preparing") return next(state, outcome, now, config);
  if (state.complete) return stay(state, config);
  // What is there is played to its end even when the rest failed: half a sentence is better than none.
  return stay({ ...state, complete: true }, config, [{ type: "mark", sayId: state.item.sayId }]);
}

function next(
  state: Exclude<Playback, { at: "idle" }>,
  outcome: "heard" | "failed",
  now: MonoMs,
  config: PlaybackConfig,
): PlaybackStep {
  const finished = finishedOf(state, outcome, now);
  const [item, ...queue] = state.queue;
  if (item === undefined) return stay({ at: "idle" }, config, [finished]);
  return begin(item, queue, now, config, [finished]);
}

function stop(state: Playback, now: MonoMs): PlaybackStep {
  if (state.at === "idle") return { state, outputs: [], wakeAt: null };
  const dropped = state.queue.map(
    (item): PlaybackOutput => ({ type: "finished", item, outcome: "interrupted", started: false, playedMs: 0 }),
  );
  const outputs: PlaybackOutput[] = [
    { type: "silence" },
    { type: "cancel-synthesis", sayId: state.item.sayId },
    finishedOf(state, "interrupted", now),
    ...dropped,
  ];
  return { state: { at: "idle" }, outputs, wakeAt: null };
}

function wake(state: Playback, now: MonoMs, config: PlaybackConfig): PlaybackStep {
  const due = wakeOf(state, config);
  if (state.at === "idle" || due === null || now < due) return stay(state, config);
  const step = next(state, state.at === "preparing" ? "failed" : "heard", now, config);
  return { ...step, outputs: [{ type: "cancel-synthesis", sayId: state.item.sayId }, ...step.outputs] };
}

function finishedOf(
  state: Exclude<Playback, { at: "idle" }>,
  outcome: "heard" | "interrupted" | "failed",
  now: MonoMs,
): PlaybackOutput {
  const started = state.at === "playing";
  const playedMs = started ? Math.round(Math.min(state.audioMs, Math.max(0, now - state.startedAt))) : 0;
  return { type: "finished", item: state.item, outcome, started, playedMs };
}

const plus = (time: MonoMs, ms: number): MonoMs => (time + ms) as MonoMs;
const later = (a: MonoMs, b: MonoMs): MonoMs => (a > b ? a : b);
