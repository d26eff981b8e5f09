import type { PeerStatus, TrunkInput, UnixMs } from "@intramuros/contracts";

/**
 * Whether a peer is there, from its answers to OPTIONS. Any final response below 500 is alive: what matters is that somebody is at home.
 *
 * | state   | wake (time) | answered < 500     | answered ≥ 500, silent (`failures` in a row) | configured with 0 |
 * | ------- | ----------- | ------------------ | -------------------------------------------- | ----------------- |
 * | unknown | send        | → up               | → down                                       | stays unknown     |
 * | up      | send        | up                 | → down                                       | → unknown         |
 * | down    | send, often | → up               | down                                         | → unknown         |
 *
 * While an OPTIONS is under way no other is sent. A call that came through, or was seen to get no answer, counts like OPTIONS.
 */
export interface Keepalive {
  readonly at: "unknown" | "up" | "down";
  readonly since: UnixMs;
  readonly isAsking: boolean;
  readonly nextAt: UnixMs;
  /** Without an answer, in a row. */
  readonly failed: number;
  readonly lastAt: UnixMs | null;
  /** 0: no answer; null: never asked. */
  readonly lastCode: number | null;
  readonly roundTripMs: number | null;
}

export type KeepaliveInput =
  | { readonly type: "wake" }
  | { readonly type: "answered"; readonly sipCode: number; readonly roundTripMs: number | null }
  | { readonly type: "silent" }
  /** No OPTIONS can be sent now: our own SIP server is away. The peer is not to blame. */
  | { readonly type: "unsent" }
  /** It is back. */
  | { readonly type: "retry" };

export interface KeepaliveStep {
  readonly state: Keepalive;
  readonly send: boolean;
  readonly changed: boolean;
  readonly wakeAt: UnixMs | null;
}

const UNSENT_SECONDS = 5;

export type KeepaliveForm = TrunkInput["keepalive"];

/** `spreadMs`: many trunks must not all ask in the same moment. */
export const newKeepalive = (now: UnixMs, spreadMs: number): Keepalive => ({
  at: "unknown",
  since: now,
  isAsking: false,
  nextAt: (now + spreadMs) as UnixMs,
  failed: 0,
  lastAt: null,
  lastCode: null,
  roundTripMs: null,
});

export function step(state: Keepalive, input: KeepaliveInput, now: UnixMs, form: KeepaliveForm): KeepaliveStep {
  switch (input.type) {
    case "wake":
      if (form.optionsSeconds === 0) {
        const forgotten: Keepalive =
          state.at === "unknown" ? state : { ...state, at: "unknown", since: now, failed: 0 };
        return { state: forgotten, send: false, changed: forgotten !== state, wakeAt: null };
      }
      if (state.isAsking) return made(state, state, now, form);
      if (now < state.nextAt) return made(state, state, now, form);
      return { ...made(state, { ...state, isAsking: true, lastAt: now }, now, form), send: true };
    case "unsent":
      return made(state, { ...state, isAsking: false, nextAt: later(now, UNSENT_SECONDS) }, now, form);
    case "retry":
      return step({ ...state, nextAt: now }, { type: "wake" }, now, form);
    case "answered": {
      const { sipCode, roundTripMs } = input;
      const heard = { ...state, lastCode: sipCode, roundTripMs: roundTripMs ?? state.roundTripMs };
      return sipCode < 500 ? alive(state, heard, now, form) : failed(state, heard, now, form);
    }
    case "silent":
      return failed(state, { ...state, lastCode: 0, roundTripMs: null }, now, form);
  }
}

function alive(before: Keepalive, heard: Keepalive, now: UnixMs, form: KeepaliveForm): KeepaliveStep {
  const since = before.at === "up" ? before.since : now;
  const nextAt = later(now, form.optionsSeconds);
  return made(before, { ...heard, at: "up", since, failed: 0, isAsking: false, nextAt }, now, form);
}

function failed(before: Keepalive, heard: Keepalive, now: UnixMs, form: KeepaliveForm): KeepaliveStep {
  const count = before.failed + 1;
  const isDown = before.at === "down" || count >= form.failures;
  const at = isDown ? "down" : before.at;
  // The next try of a peer that has just begun to fail comes as soon as that of one that is down.
  const nextAt = later(
    now,
    form.optionsSeconds === 0 ? form.downSeconds : Math.min(form.optionsSeconds, form.downSeconds),
  );
  const since = at === before.at ? before.since : now;
  return made(before, { ...heard, at, since, failed: count, isAsking: false, nextAt }, now, form);
}

function made(before: Keepalive, state: Keepalive, _now: UnixMs, form: KeepaliveForm): KeepaliveStep {
  const wakeAt = form.optionsSeconds === 0 || state.isAsking ? null : state.nextAt;
  return { state, send: false, changed: before.at !== state.at, wakeAt };
}

const later = (now: UnixMs, seconds: number): UnixMs => (now + seconds * 1000) as UnixMs;

/** For the console. */
export function peerProblem(state: Keepalive): string {
  if (state.at !== "down") return "";
  if (state.lastCode === 0 || state.lastCode === null) return "no answer to OPTIONS";
  return `OPTIONS is answered with ${state.lastCode}`;
}
export const peerTimes = (
  state: Keepalive,
): Pick<PeerStatus, "state" | "sinceAt" | "lastOptionsAt" | "lastCode" | "roundTripMs"> => ({
  state: state.at,
  sinceAt: state.since,
  ...(state.lastAt === null ? {} : { lastOptionsAt: state.lastAt }),
  ...(state.lastCode === null ? {} : { lastCode: state.lastCode }),
  ...(state.roundTripMs === null ? {} : { roundTripMs: state.roundTripMs }),
});
