import type { CallAttempt, LegMediaReport } from "@intramuros/contracts";
import type { ReadMessage } from "./ladder.ts";
import type { Peer } from "./peer-names.ts";
import { judge, NOTHING_SEEN, type SeenFacts, type ToldEnd } from "./verdict.ts";

/** An attempt as the SIP server folded it from its messages; times are absolute, 0: not yet. */
export interface CapturedAttempt {
  readonly callId: string;
  readonly atMs: number;
  readonly direction: string;
  readonly fromUser: string;
  readonly toUser: string;
  readonly transport: string;
  readonly remote: string;
  readonly finalStatus: number;
  readonly finalMs: number;
  readonly ringingMs: number;
  readonly endMs: number;
  readonly endedBy: string;
  readonly reason: string;
}

/** What others know of the call. */
export interface AttemptContext {
  readonly peer: Peer;
  readonly conversation: { readonly id: string; readonly trunkId: string; readonly told: ToldEnd | null } | null;
  readonly legs: readonly LegMediaReport[];
  readonly now: number;
  readonly seen?: SeenFacts;
}

/** 64·T1 of an INVITE (RFC 3261 §17.1.1.2), and a little. */
const STALE_MS = 34_000;

export function attemptOf(call: CapturedAttempt, context: AttemptContext): CallAttempt {
  const { peer, conversation, legs } = context;
  const direction = call.direction === "outbound" ? "outbound" : "inbound";
  const answered = call.finalStatus >= 200 && call.finalStatus < 300;
  const rangAt = call.ringingMs || (answered ? call.finalMs : 0);
  const trunkId = conversation?.trunkId || (peer.kind === "trunk" ? peer.id : "");
  const verdict = judge({
    direction,
    peer: trunkId !== "" ? "trunk" : peer.kind,
    finalStatus: call.finalStatus,
    ended: call.endMs > 0,
    endedBy: enderOf(call.endedBy),
    reason: call.reason,
    isStale: context.now - call.atMs > STALE_MS,
    told: conversation?.told ?? null,
    seen: context.seen ?? NOTHING_SEEN,
  });
  const scores = legs.flatMap((leg) => [leg.in.mos, leg.out.mos]).filter((mos) => mos !== undefined);
  return {
    sipCallId: call.callId,
    at: call.atMs,
    direction,
    trunkId,
    from: call.fromUser,
    to: call.toUser,
    peer: `${call.transport}/${call.remote}`,
    ...(conversation === null ? {} : { conversationId: conversation.id }),
    ...(call.finalMs > 0 ? { setupMs: call.finalMs - call.atMs } : {}),
    ...(rangAt > 0 ? { pddMs: rangAt - call.atMs } : {}),
    ...(answered && call.endMs > call.finalMs ? { durationMs: call.endMs - call.finalMs } : {}),
    ...(verdict === undefined ? {} : { verdict }),
    ...(scores.length === 0 ? {} : { mos: Math.min(...scores) }),
    oneWay: legs.some((leg) => leg.oneWay),
  };
}

/** Codes that mean one thing or another, as the messages show. */
const UNCLEAR = new Set([401, 407, 420, 421, 488, 503, 606]);
export const needsMessages = (call: CapturedAttempt, now: number): boolean =>
  UNCLEAR.has(call.finalStatus) ||
  (call.finalStatus === 0 && call.endMs === 0 && call.direction === "outbound" && now - call.atMs > STALE_MS);

const enderOf = (text: string) => (["caller", "callee", "server"] as const).find((item) => item === text) ?? "nobody";

/** What only the messages of the call itself show. */
export function seenIn(messages: readonly ReadMessage[]): SeenFacts {
  const invites = messages.filter(({ sip }) => sip.method === "INVITE" && sip.toTag === "");
  const answers = messages.filter(({ sip }) => sip.seqMethod === "INVITE" && sip.status > 100);
  const failed = answers.filter(({ sip }) => sip.status >= 300);
  const isSecure = (sdp: string | null): boolean => /^m=audio \d+ \S*SAVP|^a=(crypto|fingerprint):/m.test(sdp ?? "");
  return {
    provisional: messages.some(({ sip }) => sip.seqMethod === "INVITE" && sip.status >= 100),
    passwordTried: invites.some(
      ({ sip }) => sip.header("authorization") !== "" || sip.header("proxy-authorization") !== "",
    ),
    prackAsked: [...invites, ...failed].some(({ sip }) =>
      /\b100rel\b/i.test(`${sip.header("require")} ${sip.header("unsupported")}`),
    ),
    // The refusing side says it in a Warning; else an offer of only SRTP tells enough.
    encryptionDiffers:
      failed.some(({ sip }) => /\b(srtp|encrypt|savp|crypto)/i.test(sip.header("warning") + sip.phrase)) ||
      (failed.some(({ sip }) => sip.status === 488) && invites.some(({ sip }) => isSecure(sip.sdp))),
    retryAfter: failed.some(({ sip }) => sip.header("retry-after") !== ""),
  };
}
