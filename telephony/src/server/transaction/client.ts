import { type MonoMs, monoMs, type Step, type Wake } from "@intramuros/contracts";
import { giveUpMs, type TransactionConfig } from "./timers.ts";

/**
 * Non-INVITE client transaction, RFC 3261 §17.1.2.
 *
 * | state      | input        | next       | outputs | timers                                             |
 * | ---------- | ------------ | ---------- | ------- | -------------------------------------------------- |
 * | trying     | start        | trying     | send    | E: T1 doubling to T2 (unreliable); F: 64·T1         |
 * | trying     | 1xx          | proceeding | pass    | E: T2; F goes on                                   |
 * | trying, proceeding | ≥ 200 | completed | pass    | K: T4 (reliable: terminated at once)               |
 * | trying, proceeding | wake E | same      | send    |                                                    |
 * | trying, proceeding | wake F | terminated | timeout |                                                   |
 * | trying, proceeding | transport-fault | terminated | fault |                                            |
 * | completed  | response     | completed  |         |                                                    |
 * | completed  | wake K       | terminated |         |                                                    |
 */
export type Client =
  | {
      readonly at: "trying" | "proceeding";
      readonly intervalMs: number;
      readonly resendAt: MonoMs | null;
      readonly giveUpAt: MonoMs;
    }
  | { readonly at: "completed"; readonly endAt: MonoMs }
  | { readonly at: "terminated" };

export type ClientInput = { readonly type: "response"; readonly status: number } | { readonly type: "transport-fault" };

export type ClientOutput =
  | { readonly type: "send" }
  | { readonly type: "pass" }
  | { readonly type: "timeout" }
  | { readonly type: "fault" };

type Answer = Step<Client, ClientOutput>;
type Waiting = Extract<Client, { at: "trying" | "proceeding" }>;

const SEND: readonly ClientOutput[] = [{ type: "send" }];
const PASS: readonly ClientOutput[] = [{ type: "pass" }];
const TIMEOUT: readonly ClientOutput[] = [{ type: "timeout" }];
const FAULT: readonly ClientOutput[] = [{ type: "fault" }];
const NOTHING: readonly ClientOutput[] = [];
const TERMINATED: Client = { at: "terminated" };

/** The request goes out for the first time. */
export function startClient(now: MonoMs, config: TransactionConfig): Answer {
  const { t1Ms } = config.timers;
  const state: Waiting = {
    at: "trying",
    intervalMs: t1Ms,
    resendAt: config.reliable ? null : monoMs(now + t1Ms),
    giveUpAt: monoMs(now + giveUpMs(config.timers)),
  };
  return waiting(state, SEND);
}

function waiting(state: Waiting, outputs: readonly ClientOutput[]): Answer {
  const { resendAt, giveUpAt } = state;
  return { state, outputs, wakeAt: resendAt !== null && resendAt < giveUpAt ? resendAt : giveUpAt };
}

export function stepClient(state: Client, input: ClientInput | Wake, now: MonoMs, config: TransactionConfig): Answer {
  switch (state.at) {
    case "terminated":
      return { state, outputs: NOTHING, wakeAt: null };
    case "completed":
      if (input.type === "wake" && now >= state.endAt) return { state: TERMINATED, outputs: NOTHING, wakeAt: null };
      return { state, outputs: NOTHING, wakeAt: state.endAt };
    case "trying":
    case "proceeding":
      return onWaiting(state, input, now, config);
  }
}

function onWaiting(state: Waiting, input: ClientInput | Wake, now: MonoMs, config: TransactionConfig): Answer {
  switch (input.type) {
    case "transport-fault":
      return { state: TERMINATED, outputs: FAULT, wakeAt: null };
    case "response": {
      if (input.status < 200) return waiting({ ...state, at: "proceeding" }, PASS);
      if (config.reliable) return { state: TERMINATED, outputs: PASS, wakeAt: null };
      const endAt = monoMs(now + config.timers.t4Ms);
      return { state: { at: "completed", endAt }, outputs: PASS, wakeAt: endAt };
    }
    case "wake": {
      if (now >= state.giveUpAt) return { state: TERMINATED, outputs: TIMEOUT, wakeAt: null };
      if (state.resendAt === null || now < state.resendAt) return waiting(state, NOTHING);
      const { t2Ms } = config.timers;
      const intervalMs = state.at === "proceeding" ? t2Ms : Math.min(2 * state.intervalMs, t2Ms);
      return waiting({ ...state, intervalMs, resendAt: monoMs(now + intervalMs) }, SEND);
    }
  }
}
