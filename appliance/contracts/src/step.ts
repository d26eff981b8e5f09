import type { MonoMs } from "./units.ts";

/** The input a driver gives a machine when the time that it asked for has come. */
export interface Wake {
  readonly type: "wake";
}

/** What a machine answers: its next state, what to do in order, and when it wants to be woken (null: never by itself). */
export interface Step<State, Output> {
  readonly state: State;
  readonly outputs: readonly Output[];
  readonly wakeAt: MonoMs | null;
}
