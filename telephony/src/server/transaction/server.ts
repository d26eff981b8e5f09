import { type MonoMs, monoMs, type Step, type Wake } from "@intramuros/contracts";
import { giveUpMs, type TransactionConfig } from "./timers.ts";

/**
 * Non-INVITE server transaction, RFC 3261 §17.2.2.
 *
 * | state      | input        | next       | outputs | timers                                   |
 * | ---------- | ------------ | ---------- | ------- | ---------------------------------------- |
 * | trying     | request      | trying     |         | give up: 64·T1 (ours; the peer's F is over) |
 * | trying     | respond 1xx  | proceeding | send    | give up goes on                          |
 * | proceeding | request      | proceeding | resend  |                                          |
 * | trying, proceeding | respond ≥ 200 | completed | send | J: 64·T1 (reliable: terminated at once) |
 * | completed  | request      | completed  | resend  |                                          |
 * | completed  | wake J       | terminated |         |                                          |
 * | trying, proceeding | wake | terminated | timeout | nothing is sent: RFC 4320 §4.1 forbids a late 408 |
 * | any        | transport-fault | terminated | fault |                                         |
 */
export type Server =
  | { readonly at: "trying" | "proceeding"; readonly giveUpAt: MonoMs }
  | { readonly at: "completed"; readonly endAt: MonoMs }
  | { readonly at: "terminated" };

export type ServerInput =
  | { readonly type: "request" }
  | { readonly type: "respond"; readonly status: number }
  | { readonly type: "transport-fault" };

export type ServerOutput =
  | { readonly type: "send" }
  | { readonly type: "resend" }
  | { readonly type: "timeout" }
  | { readonly type: "fault" };

type Answer = Step<Server, ServerOutput>;

const SEND: readonly ServerOutput[] = [{ type: "send" }];
const RESEND: readonly ServerOutput[] = [{ type: "resend" }];
const TIMEOUT: readonly ServerOutput[] = [{ type: "timeout" }];
const FAULT: readonly ServerOutput[] = [{ type: "fault" }];
const NOTHING: readonly ServerOutput[] = [];
const TERMINATED: Server = { at: "terminated" };

export function startServer(now: MonoMs, config: TransactionConfig): Answer {
  const giveUpAt = monoMs(now + giveUpMs(config.timers));
  return { state: { at: "trying", giveUpAt }, outputs: NOTHING, wakeAt: giveUpAt };
}

export function stepServer(state: Server, input: ServerInput | Wake, now: MonoMs, config: TransactionConfig): Answer {
  switch (state.at) {
    case "terminated":
      return { state, outputs: NOTHING, wakeAt: null };
    case "completed":
      if (input.type === "transport-fault") return { state: TERMINATED, outputs: FAULT, wakeAt: null };
      if (input.type === "wake" && now >= state.endAt) return { state: TERMINATED, outputs: NOTHING, wakeAt: null };
      return { state, outputs: input.type === "request" ? RESEND : NOTHING, wakeAt: state.endAt };
    case "trying":
    case "proceeding":
      return onOpen(state, input, now, config);
  }
}

function onOpen(
  state: Extract<Server, { at: "trying" | "proceeding" }>,
  input: ServerInput | Wake,
  now: MonoMs,
  config: TransactionConfig,
): Answer {
  switch (input.type) {
    case "request":
      return { state, outputs: state.at === "proceeding" ? RESEND : NOTHING, wakeAt: state.giveUpAt };
    case "respond": {
      if (input.status < 200) {
        return { state: { at: "proceeding", giveUpAt: state.giveUpAt }, outputs: SEND, wakeAt: state.giveUpAt };
      }
      if (config.reliable) return { state: TERMINATED, outputs: SEND, wakeAt: null };
      const endAt = monoMs(now + giveUpMs(config.timers));
      return { state: { at: "completed", endAt }, outputs: SEND, wakeAt: endAt };
    }
    case "wake":
      if (now >= state.giveUpAt) return { state: TERMINATED, outputs: TIMEOUT, wakeAt: null };
      return { state, outputs: NOTHING, wakeAt: state.giveUpAt };
    case "transport-fault":
      return { state: TERMINATED, outputs: FAULT, wakeAt: null };
  }
}
