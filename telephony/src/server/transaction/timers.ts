/** Base times of RFC 3261 §17.1.1.1 and the waits derived from them, in milliseconds. */
export interface SipTimers {
  /** Round trip estimate. */
  readonly t1Ms: number;
  /** Longest interval between retransmissions of a non-INVITE request or an INVITE response. */
  readonly t2Ms: number;
  /** Longest time a message stays in the network. */
  readonly t4Ms: number;
  /** Wait for retransmitted final responses after a non-2xx, unreliable transport (timer D). */
  readonly timerDMs: number;
  /** Longest silence between provisional responses to an INVITE that we sent; ours, after timer C of §16.6. */
  readonly ringMs: number;
}

export const SIP_TIMERS: SipTimers = { t1Ms: 500, t2Ms: 4000, t4Ms: 5000, timerDMs: 32_000, ringMs: 1_800_000 };

/** What a machine must know of its surroundings. */
export interface TransactionConfig {
  /** TCP and its like: no retransmissions, no waiting for stray ones. */
  readonly reliable: boolean;
  readonly timers: SipTimers;
}

/** 64·T1: timers B, F, H, J, L and M. */
export const giveUpMs = (timers: SipTimers): number => 64 * timers.t1Ms;
