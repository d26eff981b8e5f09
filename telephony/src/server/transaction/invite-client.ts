import { type MonoMs, monoMs, type Step, type Wake } from "@intramuros/contracts";
import { giveUpMs, type TransactionConfig } from "./timers.ts";

/**
 * INVITE client transaction, RFC 3261 §17.1.1 with the Accepted state of RFC 6026.
 *
 * | state      | input          | next       | outputs            | timers                                   |
 * | ---------- | -------------- | ---------- | ------------------ | ---------------------------------------- |
 * | calling    | start          | calling    | send               | A: T1 doubling (unreliable); B: 64·T1     |
 * | calling    | wake A         | calling    | send               |                                          |
 * | calling    | wake B         | terminated | timeout            |                                          |
 * | calling    | 1xx            | proceeding | pass               | ring limit                               |
 * | calling    | 2xx            | accepted   | pass               | M: 64·T1                                 |
 * | calling    | 3xx–6xx        | completed  | ack, pass          | D: 32 s (reliable: terminated at once)   |
 * | proceeding | 1xx            | proceeding | pass               | ring limit anew                          |
 * | proceeding | 2xx, 3xx–6xx   | as calling |                    |                                          |
 * | proceeding | wake           | terminated | timeout            |                                          |
 * | completed  | 3xx–6xx        | completed  | ack                |                                          |
 * | accepted   | 2xx            | accepted   | pass               |                                          |
 * | any        | wake D or M    | terminated |                    |                                          |
 * | calling, proceeding, completed | transport-fault | terminated | fault |                                   |
 *
 * `send` repeats the request, `ack` sends the ACK of §17.1.1.3 (see `ack.ts`), `pass` hands the response up.
 */
export type InviteClient =
  | { readonly at: "calling"; readonly intervalMs: number; readonly resendAt: MonoMs | null; readonly giveUpAt: MonoMs }
  | { readonly at: "proceeding"; readonly giveUpAt: MonoMs }
  | { readonly at: "completed"; readonly endAt: MonoMs }
  | { readonly at: "accepted"; readonly endAt: MonoMs }
  | { readonly at: "terminated" };

export type InviteClientInput =
  | { readonly type: "response"; readonly status: number }
  | { readonly type: "transport-fault" };

export type InviteClientOutput =
  | { readonly type: "send" }
  | { readonly type: "ack" }
  | { readonly type: "pass" }
  | { readonly type: "timeout" }
  | { readonly type: "fault" };

type Answer = Step<InviteClient, InviteClientOutput>;

const SEND: readonly InviteClientOutput[] = [{ type: "send" }];
const ACK: readonly InviteClientOutput[] = [{ type: "ack" }];
const ACK_PASS: readonly InviteClientOutput[] = [{ type: "ack" }, { type: "pass" }];
const PASS: readonly InviteClientOutput[] = [{ type: "pass" }];
const TIMEOUT: readonly InviteClientOutput[] = [{ type: "timeout" }];
const FAULT: readonly InviteClientOutput[] = [{ type: "fault" }];
const NOTHING: readonly InviteClientOutput[] = [];
const TERMINATED: InviteClient = { at: "terminated" };

/** The request goes out for the first time. */
export function startInviteClient(now: MonoMs, config: TransactionConfig): Answer {
  const { t1Ms } = config.timers;
  return calling(t1Ms, now, monoMs(now + giveUpMs(config.timers)), config);
}

function calling(intervalMs: number, now: MonoMs, giveUpAt: MonoMs, config: TransactionConfig): Answer {
  const resendAt = config.reliable ? null : monoMs(now + intervalMs);
  const state: InviteClient = { at: "calling", intervalMs, resendAt, giveUpAt };
  return { state, outputs: SEND, wakeAt: resendAt !== null && resendAt < giveUpAt ? resendAt : giveUpAt };
}

export function stepInviteClient(
  state: InviteClient,
  input: InviteClientInput | Wake,
  now: MonoMs,
  config: TransactionConfig,
): Answer {
  if (state.at === "terminated") return { state, outputs: NOTHING, wakeAt: null };
  switch (input.type) {
    case "transport-fault":
      // Once a 2xx has come the dialog lives on; what failed was a stray retransmission.
      if (state.at === "accepted") return { state, outputs: NOTHING, wakeAt: state.endAt };
      return { state: TERMINATED, outputs: FAULT, wakeAt: null };
    case "response":
      return onResponse(state, input.status, now, config);
    case "wake":
      return onWake(state, now, config);
  }
}

function onResponse(
  state: Exclude<InviteClient, { at: "terminated" }>,
  status: number,
  now: MonoMs,
  config: TransactionConfig,
): Answer {
  switch (state.at) {
    case "calling":
    case "proceeding": {
      if (status < 200) {
        const giveUpAt = monoMs(now + config.timers.ringMs);
        return { state: { at: "proceeding", giveUpAt }, outputs: PASS, wakeAt: giveUpAt };
      }
      if (status < 300) {
        const endAt = monoMs(now + giveUpMs(config.timers));
        return { state: { at: "accepted", endAt }, outputs: PASS, wakeAt: endAt };
      }
      if (config.reliable) return { state: TERMINATED, outputs: ACK_PASS, wakeAt: null };
      const endAt = monoMs(now + config.timers.timerDMs);
      return { state: { at: "completed", endAt }, outputs: ACK_PASS, wakeAt: endAt };
    }
    case "completed":
      return { state, outputs: status >= 300 ? ACK : NOTHING, wakeAt: state.endAt };
    case "accepted":
      return { state, outputs: status >= 200 && status < 300 ? PASS : NOTHING, wakeAt: state.endAt };
  }
}

function onWake(state: Exclude<InviteClient, { at: "terminated" }>, now: MonoMs, config: TransactionConfig): Answer {
  switch (state.at) {
    case "calling":
      if (now >= state.giveUpAt) return { state: TERMINATED, outputs: TIMEOUT, wakeAt: null };
      if (state.resendAt !== null && now >= state.resendAt) {
        return calling(state.intervalMs * 2, now, state.giveUpAt, config);
      }
      return {
        state,
        outputs: NOTHING,
        wakeAt: state.resendAt !== null && state.resendAt < state.giveUpAt ? state.resendAt : state.giveUpAt,
      };
    case "proceeding":
      if (now >= state.giveUpAt) return { state: TERMINATED, outputs: TIMEOUT, wakeAt: null };
      return { state, outputs: NOTHING, wakeAt: state.giveUpAt };
    case "completed":
    case "accepted":
      if (now >= state.endAt) return { state: TERMINATED, outputs: NOTHING, wakeAt: null };
      return { state, outputs: NOTHING, wakeAt: state.endAt };
  }
}
