import { performance } from "node:perf_hooks";
import { type MonoMs, monoMs } from "@intramuros/contracts";
import type { MachinesConfig } from "./call-config.ts";
import * as call from "./call-machine.ts";
import * as digits from "./digits-machine.ts";
import * as message from "./message-machine.ts";
import * as playback from "./playback-machine.ts";
import type { TurnInput, TurnOutput, TurnState } from "./turn.ts";
import * as turns from "./turn-machine.ts";

/**
 * Runs the five machines of one call. Inputs wait in one line; each is taken to its machine, all of its outputs are performed, and
 * what these ask of other machines goes before what waited already: "stop, then say this" must not become "say this, then stop".
 * Wakes are kept by one timer.
 */
export type Post =
  | { readonly to: "call"; readonly input: call.CallInput }
  | { readonly to: "turn"; readonly input: TurnInput }
  | { readonly to: "playback"; readonly input: playback.PlaybackInput }
  | { readonly to: "digits"; readonly input: digits.DigitsInput }
  | { readonly to: "message"; readonly input: message.MessageInput };

export interface Performer {
  call(output: call.CallOutput): void;
  turn(output: TurnOutput): void;
  playback(output: playback.PlaybackOutput): void;
  digits(output: digits.DigitsOutput): void;
  message(output: message.MessageOutput): void;
  /** The call has ended and nothing waits any more. Told once. */
  over(): void;
  fault(error: unknown): void;
}

/** More waiting inputs than any call brings in a second: something runs in circles. */
const MAX_WAITING = 10_000;

export class Machines {
  call: call.CallState;
  turn: TurnState;
  playback: playback.Playback = playback.SILENT;
  digits: digits.Digits;
  message: message.Message = message.NO_MESSAGE;
  readonly #config: MachinesConfig;
  readonly #performer: Performer;
  readonly #wakes = new Map<Post["to"], MonoMs>();
  readonly #line: Post[] = [];
  /** Asked for while the input in hand is dealt with. */
  #fresh: Post[] = [];
  #isRunning = false;
  #isOver = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(
    begin: { readonly call: call.CallState; readonly turn: TurnState; readonly digits: digits.Digits },
    config: MachinesConfig,
    performer: Performer,
  ) {
    this.call = begin.call;
    this.turn = begin.turn;
    this.digits = begin.digits;
    this.#config = config;
    this.#performer = performer;
  }

  /** The first deadline runs from here. */
  start(): void {
    this.post("call", { type: "wake" });
  }

  post<To extends Post["to"]>(to: To, input: Extract<Post, { to: To }>["input"]): void {
    if (this.#isOver || this.#line.length + this.#fresh.length > MAX_WAITING) return;
    this.#fresh.push({ to, input } as Post);
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#freshFirst();
    for (let next = this.#line.shift(); next !== undefined; next = this.#line.shift()) {
      try {
        this.#take(next);
      } catch (error) {
        this.#fault(error);
      }
      this.#freshFirst();
    }
    this.#isRunning = false;
    if (this.call.phase.at === "ended") this.#end();
    else this.#setTimer();
  }

  #freshFirst(): void {
    if (this.#fresh.length === 0) return;
    this.#line.unshift(...this.#fresh);
    this.#fresh = [];
  }

  #take(post: Post): void {
    const at = now();
    switch (post.to) {
      case "call": {
        const made = call.step(this.call, post.input, at, this.#config.call);
        this.call = made.state;
        this.#wake("call", made.wakeAt);
        for (const output of made.outputs) this.#performer.call(output);
        return;
      }
      case "turn": {
        const made = turns.step(this.turn, post.input, at, this.#config.turn);
        this.turn = made.state;
        this.#wake("turn", made.wakeAt);
        for (const output of made.outputs) this.#performer.turn(output);
        return;
      }
      case "playback": {
        const made = playback.step(this.playback, post.input, at);
        this.playback = made.state;
        this.#wake("playback", made.wakeAt);
        for (const output of made.outputs) this.#performer.playback(output);
        return;
      }
      case "digits": {
        const made = digits.step(this.digits, post.input, at, this.#config.digits);
        this.digits = made.state;
        for (const output of made.outputs) this.#performer.digits(output);
        return;
      }
      case "message": {
        const made = message.step(this.message, post.input, at);
        this.message = made.state;
        this.#wake("message", made.wakeAt);
        for (const output of made.outputs) this.#performer.message(output);
        return;
      }
    }
  }

  /** Ends the call as far as it can still be ended; a second fault on the way leaves out the rest. */
  #fault(error: unknown): void {
    this.#performer.fault(error);
    if (this.call.phase.at === "ended") return;
    this.#line.length = 0;
    this.#fresh = [];
    this.#line.push({ to: "call", input: { type: "fault", reason: "a fault of ours" } });
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#performer.over();
  }

  #wake(to: Post["to"], at: MonoMs | null): void {
    if (at === null) this.#wakes.delete(to);
    else this.#wakes.set(to, at);
  }

  #setTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#wakes.size === 0) return;
    const next = Math.min(...this.#wakes.values());
    this.#timer = setTimeout(() => this.#ring(), Math.max(1, Math.ceil(next - performance.now())));
  }

  #ring(): void {
    const at = performance.now();
    const due = [...this.#wakes].filter(([, wakeAt]) => wakeAt <= at).map(([to]) => to);
    for (const to of due) if (to !== "digits") this.post(to, { type: "wake" });
    if (due.length === 0) this.#setTimer();
  }
}

export const now = (): MonoMs => monoMs(performance.now());
