import { type MonoMs, monoMs, type Step, type Wake } from "@intramuros/contracts";
import { giveUpMs, type TransactionConfig } from "./timers.ts";

/**
 * INVITE server transaction, RFC 3261 §17.2.1 with the Accepted state of RFC 6026.
 *
 * | state      | input           | next       | outputs  | timers                                              |
 * | ---------- | --------------- | ---------- | -------- | --------------------------------------------------- |
 * | proceeding | request         | proceeding | resend   |                                                     |
 * | proceeding | respond 1xx     | proceeding | send     |                                                     |
 * | proceeding | respond 2xx     | accepted   | send     | L: 64·T1                                            |
 * | proceeding | respond 3xx–6xx | completed  | send     | G: T1 doubling to T2 (unreliable); H: 64·T1          |
 * | completed  | request, wake G | completed  | resend   |                                                     |
 * | completed  | ack             | confirmed  |          | I: T4 (reliable: terminated at once)                |
 * | completed  | wake H          | terminated | timeout  |                                                     |
 * | confirmed  | anything        | confirmed  |          |                                                     |
 * | accepted   | request         | accepted   |          | the dialog repeats the 2xx, not the transaction     |
 * | accepted   | respond 2xx     | accepted   | send     |                                                     |
 * | accepted   | ack             | accepted   | pass-ack | only from elements that reuse the INVITE's branch   |
 * | confirmed, accepted | wake I or L | terminated |     |                                                     |
 * | proceeding, completed | transport-fault | terminated | fault |                                               |
 *
 * `send` sends the response just made and keeps it as the last; `resend` repeats the last. The 100 is the parent's first response.
 */
export type InviteServer =
  | { readonly at: "proceeding" }
  | {
      readonly at: "completed";
      readonly intervalMs: number;
      readonly resendAt: MonoMs | null;
      readonly giveUpAt: MonoMs;
    }
  | { readonly at: "confirmed"; readonly endAt: MonoMs }
  | { readonly at: "accepted"; readonly endAt: MonoMs }
  | { readonly at: "terminated" };

export type InviteServerInput =
  | { readonly type: "request" }
  | { readonly type: "ack" }
  | { readonly type: "respond"; readonly status: number }
  | { readonly type: "transport-fault" };

export type InviteServerOutput =
  | { readonly type: "send" }
  | { readonly type: "resend" }
  | { readonly type: "pass-ack" }
  | { readonly type: "timeout" }
  | { readonly type: "fault" };

type Answer = Step<InviteServer, InviteServerOutput>;

const SEND: readonly InviteServerOutput[] = [{ type: "send" }];
const RESEND: readonly InviteServerOutput[] = [{ type: "resend" }];
const PASS_ACK: readonly InviteServerOutput[] = [{ type: "pass-ack" }];
const TIMEOUT: readonly InviteServerOutput[] = [{ type: "timeout" }];
const FAULT: readonly InviteServerOutput[] = [{ type: "fault" }];
const NOTHING: readonly InviteServerOutput[] = [];
const TERMINATED: InviteServer = { at: "terminated" };

export const INVITE_SERVER_START: InviteServer = { at: "proceeding" };

export function stepInviteServer(
  state: InviteServer,
  input: InviteServerInput | Wake,
  now: MonoMs,
  config: TransactionConfig,
): Answer {
  switch (state.at) {
    case "proceeding":
      return onProceeding(state, input, now, config);
    case "completed":
      return onCompleted(state, input, now, config);
    case "confirmed":
      if (input.type === "wake" && now >= state.endAt) return { state: TERMINATED, outputs: NOTHING, wakeAt: null };
      return { state, outputs: NOTHING, wakeAt: state.endAt };
    case "accepted":
      if (input.type === "wake" && now >= state.endAt) return { state: TERMINATED, outputs: NOTHING, wakeAt: null };
      if (input.type === "ack") return { state, outputs: PASS_ACK, wakeAt: state.endAt };
      if (input.type === "respond" && input.status >= 200 && input.status < 300) {
        return { state, outputs: SEND, wakeAt: state.endAt };
      }
      return { state, outputs: NOTHING, wakeAt: state.endAt };
    case "terminated":
      return { state, outputs: NOTHING, wakeAt: null };
  }
}

function onProceeding(
  state: InviteServer,
  input: InviteServerInput | Wake,
  now: MonoMs,
  config: TransactionConfig,
): Answer {
  switch (input.type) {
    case "request":
      return { state, outputs: RESEND, wakeAt: null };
    case "respond": {
      if (input.status < 200) return { state, outputs: SEND, wakeAt: null };
      const giveUpAt = monoMs(now + giveUpMs(config.timers));
      if (input.status < 300) return { state: { at: "accepted", endAt: giveUpAt }, outputs: SEND, wakeAt: giveUpAt };
      const { t1Ms } = config.timers;
      return completed({ intervalMs: t1Ms, resendAt: config.reliable ? null : monoMs(now + t1Ms), giveUpAt }, SEND);
    }
    case "transport-fault":
      return { state: TERMINATED, outputs: FAULT, wakeAt: null };
    case "ack":
    case "wake":
      return { state, outputs: NOTHING, wakeAt: null };
  }
}

interface Repeating {
  readonly intervalMs: number;
  readonly resendAt: MonoMs | null;
  readonly giveUpAt: MonoMs;
}

function completed({ intervalMs, resendAt, giveUpAt }: Repeating, outputs: readonly InviteServerOutput[]): Answer {
  return {
    state: { at: "completed", intervalMs, resendAt, giveUpAt },
    outputs,
    wakeAt: resendAt !== null && resendAt < giveUpAt ? resendAt : giveUpAt,
  };
}

function onCompleted(
  state: Repeating,
  input: InviteServerInput | Wake,
  now: MonoMs,
  config: TransactionConfig,
): Answer {
  switch (input.type) {
    case "request":
      return completed(state, RESEND);
    case "ack": {
      if (config.reliable) return { state: TERMINATED, outputs: NOTHING, wakeAt: null };
      const endAt = monoMs(now + config.timers.t4Ms);
      return { state: { at: "confirmed", endAt }, outputs: NOTHING, wakeAt: endAt };
    }
    case "wake": {
      if (now >= state.giveUpAt) return { state: TERMINATED, outputs: TIMEOUT, wakeAt: null };
      if (state.resendAt === null || now < state.resendAt) return completed(state, NOTHING);
      const intervalMs = Math.min(state.intervalMs * 2, config.timers.t2Ms);
      return completed({ ...state, intervalMs, resendAt: monoMs(now + intervalMs) }, RESEND);
    }
    case "transport-fault":
      return { state: TERMINATED, outputs: FAULT, wakeAt: null };
    case "respond":
      return completed(state, NOTHING);
  }
}
