/**
 * One speaker's stream, cut into utterances, each recognised once. Times are milliseconds of audio; `now` is the wall clock and
 * serves only to notice that the audio has stopped coming.
 *
 * | state    | input                          | next     | what it does                                             |
 * | -------- | ------------------------------ | -------- | -------------------------------------------------------- |
 * | quiet    | speech begins                  | speaking | started                                                  |
 * | speaking | every `partialEveryMs`         | speaking | recognise (partial), if wanted                           |
 * | speaking | a frame of silence             | pausing  |                                                          |
 * | speaking | longer than `maxUtteranceMs`   | speaking | ended, recognise (final), started: the next one          |
 * | pausing  | silence ≥ `guessSilenceMs`     | pausing  | recognise (speculative)                                  |
 * | pausing  | speech again                   | speaking | cancel the guess                                         |
 * | pausing  | silence long enough (endpoint) | quiet    | ended, and final at once if the guess is there           |
 * | any open | finish, or no audio for long   | quiet    | ended, recognise (final) or promote the guess            |
 * | any      | a recognition's result         | the same | partial, or final of an utterance that has ended already |
 *
 * An utterance that has ended and waits for its text is `closing`; the next may begin meanwhile. Each `ended` gets one `final`.
 */
import type { MonoMs, Step, Wake } from "@intramuros/contracts";
import { monoMs } from "@intramuros/contracts";
import { type Activity, type ActivityConfig, hear, quiet } from "./activity.ts";
import { completeness, requiredSilenceMs } from "./endpoint.ts";

export interface UtteranceConfig {
  readonly activity: ActivityConfig;
  readonly frameMs: number;
  /** Audio kept before the first likely frame: the soft beginnings of words lie there. */
  readonly preRollMs: number;
  readonly guessSilenceMs: number;
  readonly endpointSilenceMs: number;
  readonly maxUtteranceMs: number;
  /** 0: no partials. */
  readonly partialEveryMs: number;
  /** An utterance is closed when no audio has come for so long. */
  readonly stallMs: number;
  /** False where no recogniser speaks the language: texts stay empty. */
  readonly recognises: boolean;
}

export interface RecognisedText {
  readonly text: string;
  readonly confidence: number;
  readonly ms: number;
}

interface Guess {
  readonly job: number;
  /** null while it is pending; "lost" when it failed or was pushed out of the queue. */
  readonly result: RecognisedText | "lost" | null;
}

interface OpenUtterance {
  readonly number: number;
  readonly startMs: number;
  readonly fromMs: number;
  readonly lastVoicedMs: number;
  readonly guess: Guess | null;
  readonly partialJob: number | null;
  readonly partialAtMs: number;
}

interface Closing {
  readonly number: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly job: number;
  /** What to recognise again if the guess that was promoted got lost; null once that has been tried. */
  readonly again: { readonly fromMs: number; readonly toMs: number } | null;
}

export interface UtteranceState {
  readonly activity: Activity;
  readonly clockMs: number;
  /** Audio before this belongs to an utterance that has ended. */
  readonly floorMs: number;
  readonly nextNumber: number;
  readonly nextJob: number;
  readonly open: OpenUtterance | null;
  readonly closing: readonly Closing[];
  readonly heardAt: MonoMs;
  readonly finished: boolean;
}

export type UtteranceInput =
  | { readonly type: "frame"; readonly probability: number | null }
  | { readonly type: "recognised"; readonly job: number; readonly result: RecognisedText }
  /** `fault` is null when the recognition was cancelled or lost its place. */
  | {
      readonly type: "unrecognised";
      readonly job: number;
      readonly fault: { readonly reason: string; readonly hint: string } | null;
    }
  | { readonly type: "finish" };

export type UtteranceOutput =
  | { readonly type: "started"; readonly utterance: number; readonly atMs: number }
  | {
      readonly type: "ended";
      readonly utterance: number;
      readonly startMs: number;
      readonly endMs: number;
      readonly decidedMs: number;
    }
  | {
      readonly type: "partial";
      readonly utterance: number;
      readonly startMs: number;
      readonly endMs: number;
      readonly result: RecognisedText;
    }
  | {
      readonly type: "final";
      readonly utterance: number;
      readonly startMs: number;
      readonly endMs: number;
      readonly result: RecognisedText;
    }
  | { readonly type: "degraded"; readonly reason: string; readonly hint: string }
  | {
      readonly type: "recognise";
      readonly job: number;
      readonly use: "final" | "speculative" | "partial";
      readonly fromMs: number;
      readonly toMs: number;
    }
  | { readonly type: "promote"; readonly job: number }
  | { readonly type: "cancel"; readonly job: number };

type UtteranceStep = Step<UtteranceState, UtteranceOutput>;

const nothing: RecognisedText = { text: "", confidence: 0, ms: 0 };

export const initialUtterance = (now: MonoMs): UtteranceState => ({
  activity: quiet,
  clockMs: 0,
  floorMs: 0,
  nextNumber: 1,
  nextJob: 1,
  open: null,
  closing: [],
  heardAt: now,
  finished: false,
});

/** True when no event will come any more. */
export const isOver = (state: UtteranceState): boolean =>
  state.finished && state.open === null && state.closing.length === 0;

/** Audio before this time is not needed any more. */
export function neededFromMs(state: UtteranceState, config: UtteranceConfig): number {
  const again = state.closing.flatMap((closing) => (closing.again ? [closing.again.fromMs] : []));
  const onsetMs = config.activity.onsetFrames * config.frameMs;
  return Math.min(state.open?.fromMs ?? state.clockMs - config.preRollMs - onsetMs, ...again);
}

export function step(
  state: UtteranceState,
  input: UtteranceInput | Wake,
  now: MonoMs,
  config: UtteranceConfig,
): UtteranceStep {
  const work = new Work(state, config);
  switch (input.type) {
    case "frame":
      work.frame(input.probability, now);
      break;
    case "recognised":
      work.recognised(input.job, input.result);
      break;
    case "unrecognised":
      work.unrecognised(input.job, input.fault);
      break;
    case "finish":
      work.end();
      work.change({ finished: true });
      break;
    case "wake":
      if (now - state.heardAt >= config.stallMs) work.end();
      break;
  }
  const wakeAt = work.state.open ? monoMs(work.state.heardAt + config.stallMs) : null;
  return { state: work.state, outputs: work.outputs, wakeAt };
}

/** One step under way: the state as it changes and what is to be done. It does not outlive `step`. */
class Work {
  state: UtteranceState;
  readonly outputs: UtteranceOutput[] = [];
  readonly #config: UtteranceConfig;

  constructor(state: UtteranceState, config: UtteranceConfig) {
    this.state = state;
    this.#config = config;
  }

  change(change: Partial<UtteranceState>): void {
    this.state = { ...this.state, ...change };
  }

  frame(probability: number | null, now: MonoMs): void {
    const { frameMs, activity, maxUtteranceMs } = this.#config;
    const heard = hear(this.state.activity, probability, activity);
    this.change({ activity: heard.activity, clockMs: this.state.clockMs + frameMs, heardAt: now });
    if (heard.change === "onset") this.#begin(this.state.clockMs - activity.onsetFrames * frameMs);
    const { open, clockMs } = this.state;
    if (!open) return;
    if (heard.change === "resume") this.#dropGuess();
    if (heard.activity.at === "voiced") this.#changeOpen({ lastVoicedMs: clockMs });
    if (clockMs - open.startMs >= maxUtteranceMs) {
      const goesOn = heard.activity.at === "voiced";
      this.end();
      if (goesOn) {
        this.change({ activity: heard.activity });
        this.#begin(clockMs);
      }
      return;
    }
    if (heard.activity.at === "voiced") this.#maybePartial();
    else this.#maybeGuess();
    this.#maybeEnd();
  }

  recognised(job: number, result: RecognisedText): void {
    const { open, closing } = this.state;
    const closed = closing.find((other) => other.job === job);
    if (closed) {
      this.change({ closing: closing.filter((other) => other !== closed) });
      this.#final(closed, result);
    } else if (open?.guess?.job === job) {
      this.#changeOpen({ guess: { job, result } });
      this.#maybeEnd();
    } else if (open?.partialJob === job) {
      this.#changeOpen({ partialJob: null });
      const { number: utterance, startMs, lastVoicedMs: endMs } = open;
      if (result.text !== "") this.outputs.push({ type: "partial", utterance, startMs, endMs, result });
    }
  }

  unrecognised(job: number, fault: { readonly reason: string; readonly hint: string } | null): void {
    const { open, closing } = this.state;
    const closed = closing.find((other) => other.job === job);
    if (closed) {
      const others = closing.filter((other) => other !== closed);
      if (closed.again) {
        const again = this.#recognise("final", closed.again.fromMs, closed.again.toMs);
        this.change({ closing: [...others, { ...closed, job: again, again: null }] });
        return;
      }
      this.change({ closing: others });
      this.outputs.push({
        type: "degraded",
        reason: fault?.reason ?? "the recognition was given up",
        hint: fault?.hint ?? "fewer calls at once, or more cores",
      });
      this.#final(closed, nothing);
    } else if (open?.guess?.job === job) this.#changeOpen({ guess: { job, result: "lost" } });
    else if (open?.partialJob === job) this.#changeOpen({ partialJob: null });
  }

  /** Ends the open utterance now. */
  end(): void {
    const { open, clockMs } = this.state;
    if (!open) return;
    const { number: utterance, startMs, lastVoicedMs: endMs, fromMs, guess } = open;
    // The same audio whenever it is decided: what a recogniser hears must not depend on how long the silence was.
    const toMs = Math.min(clockMs, endMs + this.#config.guessSilenceMs);
    this.outputs.push({ type: "ended", utterance, startMs, endMs, decidedMs: clockMs });
    if (open.partialJob !== null) this.outputs.push({ type: "cancel", job: open.partialJob });
    this.change({ open: null, activity: quiet, floorMs: endMs });
    const ended = { number: utterance, startMs, endMs };
    if (!this.#config.recognises) this.#final(ended, nothing);
    else if (guess?.result && guess.result !== "lost") this.#final(ended, guess.result);
    else {
      const pending = guess?.result === null ? guess.job : null;
      if (pending !== null) this.outputs.push({ type: "promote", job: pending });
      const job = pending ?? this.#recognise("final", fromMs, toMs);
      const again = pending === null ? null : { fromMs, toMs };
      this.change({ closing: [...this.state.closing, { ...ended, job, again }] });
    }
  }

  #begin(startMs: number): void {
    const number = this.state.nextNumber;
    const atMs = Math.max(0, startMs);
    const open: OpenUtterance = {
      number,
      startMs: atMs,
      fromMs: Math.max(this.state.floorMs, atMs - this.#config.preRollMs, 0),
      lastVoicedMs: this.state.clockMs,
      guess: null,
      partialJob: null,
      partialAtMs: atMs,
    };
    this.change({ open, nextNumber: number + 1 });
    this.outputs.push({ type: "started", utterance: number, atMs });
  }

  #maybePartial(): void {
    const { open, clockMs } = this.state;
    const { partialEveryMs, recognises } = this.#config;
    if (!open || !recognises || partialEveryMs === 0 || open.partialJob !== null) return;
    if (clockMs - open.partialAtMs < partialEveryMs) return;
    const job = this.#recognise("partial", open.fromMs, clockMs);
    this.#changeOpen({ partialJob: job, partialAtMs: clockMs });
  }

  #maybeGuess(): void {
    const { open, clockMs } = this.state;
    const { guessSilenceMs, recognises } = this.#config;
    if (!open || !recognises || open.guess !== null || clockMs - open.lastVoicedMs < guessSilenceMs) return;
    if (open.partialJob !== null) this.outputs.push({ type: "cancel", job: open.partialJob });
    const job = this.#recognise("speculative", open.fromMs, clockMs);
    this.#changeOpen({ partialJob: null, guess: { job, result: null } });
  }

  #maybeEnd(): void {
    const { open, clockMs, activity } = this.state;
    if (!open || activity.at === "voiced") return;
    const { endpointSilenceMs: silenceMs } = this.#config;
    const known = open.guess?.result && open.guess.result !== "lost" ? open.guess.result : null;
    const kind = known ? completeness(known.text, known.confidence) : "unknown";
    if (clockMs - open.lastVoicedMs >= requiredSilenceMs(kind, { silenceMs })) this.end();
  }

  #dropGuess(): void {
    const { open } = this.state;
    if (!open?.guess) return;
    if (open.guess.result === null) this.outputs.push({ type: "cancel", job: open.guess.job });
    this.#changeOpen({ guess: null });
  }

  #recognise(use: "final" | "speculative" | "partial", fromMs: number, toMs: number): number {
    const job = this.state.nextJob;
    this.change({ nextJob: job + 1 });
    this.outputs.push({ type: "recognise", job, use, fromMs, toMs });
    return job;
  }

  #final(
    ended: { readonly number: number; readonly startMs: number; readonly endMs: number },
    result: RecognisedText,
  ): void {
    const { number: utterance, startMs, endMs } = ended;
    this.outputs.push({ type: "final", utterance, startMs, endMs, result });
  }

  #changeOpen(change: Partial<OpenUtterance>): void {
    if (this.state.open) this.change({ open: { ...this.state.open, ...change } });
  }
}
