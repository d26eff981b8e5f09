import type { UnixMs } from "@intramuros/contracts";

/**
 * Our registration with a PBX. Peers are tried in the order given; the first that takes us is kept until it fails.
 *
 * | state      | wake            | granted      | brief (423)              | refused, silent                          | remove            |
 * | ---------- | --------------- | ------------ | ------------------------ | ---------------------------------------- | ----------------- |
 * | asking     | –               | → registered | → asking, longer expiry  | next peer: → asking; last: → waiting     | when answered     |
 * | registered | → asking again  | –            | –                        | –                                        | → leaving         |
 * | waiting    | → asking        | –            | –                        | –                                        | → gone            |
 * | leaving    | –               | → gone       | → gone                   | → gone                                   | –                 |
 * | gone       | –               | –            | –                        | –                                        | –                 |
 *
 * `unsent` waits without counting, `retry` ends the waiting unless the PBX refused our password. A refresh that fails keeps the binding that still runs, and says so. Wrong passwords are tried rarely: PBXs lock accounts.
 */
export type RegistrationPhase = "asking" | "registered" | "waiting" | "leaving" | "gone";

export interface Registration {
  readonly at: RegistrationPhase;
  readonly peer: number;
  readonly isLeaving: boolean;
  readonly expiresSeconds: number;
  /** Failures of all peers in a row. */
  readonly failures: number;
  readonly tried: number;
  /** Until when the PBX will keep us; null: it does not. */
  readonly until: UnixMs | null;
  readonly nextAt: UnixMs | null;
  readonly lastCode: number | null;
  readonly problem: string;
}

export type RegistrationInput =
  | { readonly type: "wake" }
  | { readonly type: "granted"; readonly seconds: number }
  | { readonly type: "brief"; readonly minExpires: number }
  | {
      readonly type: "refused";
      readonly sipCode: number;
      readonly problem: string;
      readonly retryAfterSeconds: number | null;
    }
  | { readonly type: "silent"; readonly problem: string }
  /** Our own SIP server did not take it: no fault of the PBX. */
  | { readonly type: "unsent"; readonly problem: string }
  /** The SIP server is back. */
  | { readonly type: "retry" }
  | { readonly type: "remove" };

export type RegistrationOutput =
  /** REGISTER to this peer; 0 seconds unregisters. */
  { readonly type: "send"; readonly peer: number; readonly expiresSeconds: number };

export interface RegistrationStep {
  readonly state: Registration;
  readonly outputs: readonly RegistrationOutput[];
  readonly changed: boolean;
  readonly wakeAt: UnixMs | null;
}

const UNSENT_SECONDS = 5;
export const BACK_OFF = { firstSeconds: 5, maxSeconds: 300, forbiddenSeconds: 120 } as const;
const MAX_EXPIRES = 86_400;
/** Refreshed so long before the end, or at half of a short one. */
const REFRESH_SECONDS = 60;
const NEVER_RETRIES = new Set([401, 403, 404, 407, 410, 604]);

export const newRegistration = (expiresSeconds: number, now: UnixMs): Registration => ({
  at: "waiting",
  peer: 0,
  isLeaving: false,
  expiresSeconds,
  failures: 0,
  tried: 0,
  until: null,
  nextAt: now,
  lastCode: null,
  problem: "not tried yet",
});

/** `random` 0 ≤ x < 1 spreads what many of us do after one PBX came back. */
export function step(
  state: Registration,
  input: RegistrationInput,
  now: UnixMs,
  options: { readonly peers: number; readonly random: number },
): RegistrationStep {
  const made = decide(state, input, now, options);
  const { state: next } = made;
  const changed =
    isUp(state) !== isUp(next) || state.problem !== next.problem || (state.at === "gone") !== (next.at === "gone");
  const wakeAt = next.at === "registered" || next.at === "waiting" ? next.nextAt : null;
  return { ...made, changed, wakeAt };
}

const isUp = (state: Registration): boolean => state.until !== null;
type Made = Pick<RegistrationStep, "state" | "outputs">;
const only = (state: Registration): Made => ({ state, outputs: [] });

function decide(
  state: Registration,
  input: RegistrationInput,
  now: UnixMs,
  options: { readonly peers: number; readonly random: number },
): Made {
  if (state.at === "gone") return only(state);
  switch (input.type) {
    case "wake": {
      const alive = state.until !== null && state.until > now ? state.until : null;
      if (state.at !== "registered" && state.at !== "waiting") return only(state);
      if (state.nextAt !== null && now < state.nextAt) return only(state);
      return ask({ ...state, until: alive, tried: 0, peer: state.peer % Math.max(1, options.peers) });
    }
    case "granted": {
      if (state.at === "leaving") return only({ ...state, at: "gone", until: null });
      if (state.at !== "asking") return only(state);
      const { seconds } = input;
      const refresh = Math.max(Math.trunc(seconds / 2), seconds - REFRESH_SECONDS);
      const up: Registration = {
        ...state,
        at: "registered",
        failures: 0,
        tried: 0,
        until: plus(now, seconds),
        nextAt: plus(now, Math.max(1, refresh)),
        lastCode: 200,
        problem: "",
      };
      return state.isLeaving ? leave(up) : only(up);
    }
    case "brief": {
      if (state.at === "leaving") return only({ ...state, at: "gone", until: null });
      if (state.at !== "asking") return only(state);
      const { minExpires } = input;
      // A registrar that asks for no more than we offered would make us go round in circles.
      if (minExpires <= state.expiresSeconds || minExpires > MAX_EXPIRES) {
        return next(
          state,
          { sipCode: 423, problem: "the PBX calls our expiry too brief and names no better one" },
          now,
          options,
        );
      }
      return ask({ ...state, expiresSeconds: minExpires, lastCode: 423 });
    }
    case "refused":
      if (state.at === "leaving") return only({ ...state, at: "gone", until: null });
      return state.at === "asking" ? next(state, input, now, options) : only(state);
    case "silent":
      if (state.at === "leaving") return only({ ...state, at: "gone", until: null });
      return state.at === "asking"
        ? next(state, { sipCode: 0, problem: input.problem, retryAfterSeconds: null }, now, options)
        : only(state);
    case "unsent":
      if (state.at === "leaving" || (state.at === "asking" && state.isLeaving)) {
        return only({ ...state, at: "gone", until: null });
      }
      return state.at === "asking"
        ? only({ ...state, at: "waiting", problem: input.problem, nextAt: plus(now, UNSENT_SECONDS) })
        : only(state);
    case "retry":
      if (state.at !== "waiting" || NEVER_RETRIES.has(state.lastCode ?? 0)) return only(state);
      return ask({ ...state, tried: 0, peer: state.peer % Math.max(1, options.peers) });
    case "remove":
      if (state.at === "leaving") return only(state);
      if (state.at === "asking") return only({ ...state, isLeaving: true });
      return state.until !== null && state.until > now ? leave(state) : only({ ...state, at: "gone", until: null });
  }
}

const ask = (state: Registration): Made => ({
  state: { ...state, at: "asking", nextAt: null },
  outputs: [{ type: "send", peer: state.peer, expiresSeconds: state.expiresSeconds }],
});
const leave = (state: Registration): Made => ({
  state: { ...state, at: "leaving", nextAt: null },
  outputs: [{ type: "send", peer: state.peer, expiresSeconds: 0 }],
});

/** This peer did not take us: the next one at once, or all of them again after a while. */
function next(
  state: Registration,
  failure: { readonly sipCode: number; readonly problem: string; readonly retryAfterSeconds?: number | null },
  now: UnixMs,
  options: { readonly peers: number; readonly random: number },
): Made {
  const { sipCode, problem } = failure;
  const until = state.until !== null && state.until > now ? state.until : null;
  const told: Registration = { ...state, until, lastCode: sipCode, problem };
  if (state.isLeaving) return until === null ? only({ ...told, at: "gone" }) : leave(told);
  const tried = state.tried + 1;
  const peer = (state.peer + 1) % Math.max(1, options.peers);
  if (tried < options.peers) return ask({ ...told, tried, peer, until: null });
  const failures = state.failures + 1;
  const backOff = Math.min(BACK_OFF.maxSeconds, BACK_OFF.firstSeconds * 2 ** Math.min(10, failures - 1));
  const least = NEVER_RETRIES.has(sipCode) ? BACK_OFF.forbiddenSeconds : 0;
  const seconds = Math.max(least, failure.retryAfterSeconds ?? 0, backOff * (0.75 + options.random / 2));
  return only({ ...told, at: "waiting", tried: 0, peer, failures, nextAt: plus(now, Math.min(seconds, 3600)) });
}

const plus = (now: UnixMs, seconds: number): UnixMs => Math.trunc(now + seconds * 1000) as UnixMs;
