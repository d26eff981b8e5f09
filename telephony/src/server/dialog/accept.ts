import { type MonoMs, monoMs, type Step, type Wake } from "@intramuros/contracts";
import { giveUpMs, type SipTimers } from "../transaction/index.ts";

/**
 * A 2xx to an INVITE waits for its ACK (RFC 3261 §13.3.1.4). The dialog repeats it end to end, on unreliable transports only
 * (the RFC repeats it on all; we follow the daemon that our applications know, since TCP to the next hop does not lose it).
 *
 * | state   | input           | next    | outputs | timers                                     |
 * | ------- | --------------- | ------- | ------- | ------------------------------------------ |
 * | waiting | wake            | waiting | resend  | interval doubles from T1 to T2 (unreliable) |
 * | waiting | wake at 64·T1   | over    | give-up |                                            |
 * | waiting | ack             | over    | acked   |                                            |
 * | over    | anything        | over    |         |                                            |
 */
export type Accept =
  | {
      readonly at: "waiting";
      readonly intervalMs: number;
      readonly resendAt: MonoMs | null;
      readonly giveUpAt: MonoMs;
    }
  | { readonly at: "over" };

export type AcceptOutput = { readonly type: "resend" } | { readonly type: "give-up" } | { readonly type: "acked" };
type Answer = Step<Accept, AcceptOutput>;

const OVER: Accept = { at: "over" };

export function startAccept(
  now: MonoMs,
  { reliable, timers }: { readonly reliable: boolean; readonly timers: SipTimers },
): Answer {
  return waiting(
    {
      at: "waiting",
      intervalMs: timers.t1Ms,
      resendAt: reliable ? null : monoMs(now + timers.t1Ms),
      giveUpAt: monoMs(now + giveUpMs(timers)),
    },
    [],
  );
}

function waiting(state: Extract<Accept, { at: "waiting" }>, outputs: readonly AcceptOutput[]): Answer {
  const { resendAt, giveUpAt } = state;
  return { state, outputs, wakeAt: resendAt !== null && resendAt < giveUpAt ? resendAt : giveUpAt };
}

export function stepAccept(
  state: Accept,
  input: { readonly type: "ack" } | Wake,
  now: MonoMs,
  timers: SipTimers,
): Answer {
  if (state.at === "over") return { state, outputs: [], wakeAt: null };
  if (input.type === "ack") return { state: OVER, outputs: [{ type: "acked" }], wakeAt: null };
  if (now >= state.giveUpAt) return { state: OVER, outputs: [{ type: "give-up" }], wakeAt: null };
  if (state.resendAt === null || now < state.resendAt) return waiting(state, []);
  const intervalMs = Math.min(state.intervalMs * 2, timers.t2Ms);
  return waiting({ ...state, intervalMs, resendAt: monoMs(now + intervalMs) }, [{ type: "resend" }]);
}
