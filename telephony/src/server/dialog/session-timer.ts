import { type MonoMs, monoMs, type Step, type Wake } from "@intramuros/contracts";
import { headerOf, paramOf, type SipHeader } from "../message/index.ts";

/**
 * Whether a call still lives, asked again and again (RFC 4028; protocol §10). One end refreshes at half the interval; when nothing comes
 * for a whole one, the call is over.
 *
 * | state      | input               | next       | outputs | timers                                    |
 * | ---------- | ------------------- | ---------- | ------- | ----------------------------------------- |
 * | waiting (peer refreshes) | wake  | over       | expire  | the whole interval                        |
 * | waiting (we refresh)     | wake  | refreshing | refresh | half the interval, up to 5 s earlier      |
 * | refreshing | wake                | over       | expire  | the rest of the interval                  |
 * | refreshing | busy                | waiting    |         | 2.1–4 s, then again (RFC 3261 §14.1)      |
 * | refreshing | too-short           | refreshing | refresh | the peer's least interval                 |
 * | refreshing | challenged          | waiting    |         | the rest of the interval: nobody here has the password |
 * | refreshing | failed              | over       | expire  |                                           |
 *
 * A 2xx to an INVITE or UPDATE, ours or the peer's, begins anew with what it agrees on ({@link startSession}).
 */
export interface Session {
  readonly at: "waiting" | "refreshing" | "over";
  readonly seconds: number;
  readonly weRefresh: boolean;
  readonly refreshAt: MonoMs | null;
  readonly expireAt: MonoMs;
}

export interface SessionTerms {
  readonly seconds: number;
  readonly weRefresh: boolean;
}

export type SessionInput =
  | { readonly type: "busy" }
  | { readonly type: "too-short"; readonly minSeconds: number }
  | { readonly type: "challenged" }
  | { readonly type: "failed" };

export type SessionOutput = { readonly type: "refresh" } | { readonly type: "expire" };
type Answer = Step<Session, SessionOutput>;

/** Shortest interval that RFC 4028 §4 allows. */
export const MIN_SESSION_SECONDS = 90;
const MAX_SESSION_SECONDS = 86_400;
const EARLY_MS = 5000;

/** `spread`, 0 to 1, keeps calls that began together from refreshing together. */
export function startSession(terms: SessionTerms, now: MonoMs, spread: number): Answer {
  const wholeMs = terms.seconds * 1000;
  const refreshAt = terms.weRefresh ? monoMs(now + wholeMs / 2 - spread * EARLY_MS) : null;
  return answer({ at: "waiting", ...terms, refreshAt, expireAt: monoMs(now + wholeMs) }, []);
}

export function stepSession(session: Session, input: SessionInput | Wake, now: MonoMs, spread: number): Answer {
  if (session.at === "over") return answer(session, []);
  switch (input.type) {
    case "wake":
      if (now >= session.expireAt) return over(session);
      if (session.at === "waiting" && session.refreshAt !== null && now >= session.refreshAt) {
        return answer({ ...session, at: "refreshing", refreshAt: null }, [{ type: "refresh" }]);
      }
      return answer(session, []);
    case "busy": {
      const againAt = monoMs(now + 2100 + spread * 1900);
      return againAt >= session.expireAt
        ? over(session)
        : answer({ ...session, at: "waiting", refreshAt: againAt }, []);
    }
    case "too-short":
      if (input.minSeconds <= session.seconds || input.minSeconds > MAX_SESSION_SECONDS) return over(session);
      return answer({ ...session, at: "refreshing", seconds: input.minSeconds }, [{ type: "refresh" }]);
    case "challenged":
      return answer({ ...session, at: "waiting" }, []);
    case "failed":
      return over(session);
  }
}

const over = (session: Session): Answer => answer({ ...session, at: "over" }, [{ type: "expire" }]);

function answer(state: Session, outputs: readonly SessionOutput[]): Answer {
  if (state.at === "over") return { state, outputs, wakeAt: null };
  const { refreshAt, expireAt } = state;
  return { state, outputs, wakeAt: refreshAt !== null && refreshAt < expireAt ? refreshAt : expireAt };
}

interface SessionExpires {
  readonly seconds: number;
  readonly refresher: "uac" | "uas" | null;
}

export function readSessionExpires(value: string | null): SessionExpires | null {
  const match = value === null ? null : /^\s*(\d{1,8})\s*(;.*)?$/.exec(value);
  if (match === null) return null;
  const refresher = paramOf(match[2] ?? "", "refresher")?.toLowerCase();
  return { seconds: Number(match[1]), refresher: refresher === "uac" || refresher === "uas" ? refresher : null };
}

interface WithHeaders {
  readonly headers: readonly { readonly key: string; readonly value: string }[];
}
const firstOf = ({ headers }: WithHeaders, key: string): string | null =>
  headers.find((item) => item.key === key)?.value ?? null;

const supportsTimer = (message: WithHeaders): boolean =>
  message.headers.some(({ key, value }) => (key === "supported" || key === "require") && /\btimer\b/i.test(value));

/** Whether a request asks for an interval that is too short, which a peer that knows timers can mend (RFC 4028 §9). */
export function isTooShort(request: { readonly headers: readonly SipHeader[] }): boolean {
  const asked = readSessionExpires(headerOf(request, "session-expires"));
  return asked !== null && asked.seconds < MIN_SESSION_SECONDS && supportsTimer(request);
}

/** The peer's request and the application's 2xx: what holds, and the header to add when the application said nothing (protocol §10). */
export function agreeAsUas(
  request: WithHeaders,
  response: WithHeaders,
): { readonly terms: SessionTerms; readonly add: string | null; readonly requireTimer: boolean } | null {
  const own = readSessionExpires(firstOf(response, "session-expires"));
  if (own !== null) {
    const seconds = bounded(own.seconds);
    return { terms: { seconds, weRefresh: own.refresher === "uas" }, add: null, requireTimer: false };
  }
  const asked = readSessionExpires(firstOf(request, "session-expires"));
  if (asked === null) return null;
  const knows = supportsTimer(request);
  // A proxy may have asked for a caller that knows no timers: then it is for us to refresh (RFC 4028 §9, table 2).
  const refresher = knows ? (asked.refresher ?? "uac") : "uas";
  const seconds = bounded(asked.seconds);
  return {
    terms: { seconds, weRefresh: refresher === "uas" },
    add: `${seconds};refresher=${refresher}`,
    requireTimer: refresher === "uac",
  };
}

/** The peer's 2xx to a request of ours; null: no timer. */
export function agreeAsUac(response: WithHeaders): SessionTerms | null {
  const said = readSessionExpires(firstOf(response, "session-expires"));
  return said === null ? null : { seconds: bounded(said.seconds), weRefresh: said.refresher !== "uas" };
}

const bounded = (seconds: number): number => Math.min(MAX_SESSION_SECONDS, Math.max(MIN_SESSION_SECONDS, seconds));
