import type { CallAttempt, CallList, CallListQuerySchema } from "@intramuros/contracts";
import type { Static } from "typebox";
import { type AttemptContext, attemptOf, needsMessages, seenIn } from "./attempt.ts";
import { type CallContext, NO_MEDIA } from "./call-context-driver.ts";
import { readMessages } from "./ladder.ts";
import type { CapturedCall, SipCapture } from "./sip-capture-client.ts";

export type CallListQuery = Static<typeof CallListQuerySchema>;

const STEP = 500;
const STEPS_MAX = 10;
const MEDIA_MS = 1500;
/** Calls whose messages are asked for at once, and messages of all of them. */
const LOOK_CALLS = 50;
const LOOK_MESSAGES = 1000;

interface Row {
  readonly call: CapturedCall;
  readonly context: AttemptContext;
}

/** A page of the list, newest first. The filters that only we can judge are judged here, step by step through the ring. */
export async function listCalls(
  deps: { readonly sip: SipCapture; readonly context: CallContext; readonly now: () => number },
  query: CallListQuery,
): Promise<CallList> {
  const { limit = 50 } = query;
  const peerOf = await deps.context.peers();
  const mediaUntil = deps.now() + MEDIA_MS;
  const rows: Row[] = [];
  let beforeMs = Number(query.cursor ?? 0) || 0;
  let oldestAt = 0;
  const page = async (isLast: boolean): Promise<CallList> => ({
    items: await explained(deps.sip, rows),
    problem: "",
    ...(oldestAt > 0 ? { oldestAt } : {}),
    ...(isLast ? {} : { next: String(beforeMs) }),
  });
  for (let step = 0; step < STEPS_MAX; step++) {
    const { calls, oldestMs } = await deps.sip.list({ limit: STEP, beforeMs });
    oldestAt = oldestMs;
    for (const call of calls) {
      if (query.since !== undefined && call.atMs < query.since) return page(true);
      if (rows.length === limit) return page(false);
      beforeMs = call.atMs;
      if (!isAsked(call, query)) continue;
      // A telephony that hangs costs the list its figures of audio, not its rows.
      const { legs, sipCallIds } = deps.now() < mediaUntil ? await deps.context.mediaOf(call) : NO_MEDIA;
      const conversation = await deps.context.linkOf(call.callId, sipCallIds);
      const context = { peer: peerOf(call.remote), conversation, legs, now: deps.now() };
      const { trunkId } = attemptOf(call, context);
      if (query.trunkId === undefined || trunkId === query.trunkId) rows.push({ call, context });
    }
    if (calls.length < STEP) return page(true);
  }
  return page(false);
}

/** Some refusals are told apart by their messages only: these are looked at, so that list and ladder say the same. */
async function explained(sip: SipCapture, rows: readonly Row[]): Promise<CallAttempt[]> {
  const unclear = rows.filter(({ call, context }) => needsMessages(call, context.now)).map(({ call }) => call.callId);
  const looks = Array.from({ length: Math.ceil(unclear.length / LOOK_CALLS) }, (_, i) =>
    sip.messages(unclear.slice(i * LOOK_CALLS, (i + 1) * LOOK_CALLS), LOOK_MESSAGES),
  );
  const byCall = Map.groupBy(readMessages((await Promise.all(looks)).flat()), ({ sip: message }) => message.callId);
  return rows.map(({ call, context }) => {
    const messages = byCall.get(call.callId);
    return attemptOf(call, messages === undefined ? context : { ...context, seen: seenIn(messages) });
  });
}

function isAsked(call: CapturedCall, { q, result }: CallListQuery): boolean {
  const wanted = (q ?? "").trim().toLowerCase();
  const texts = [call.fromUser, call.toUser, call.callId];
  if (wanted !== "" && !texts.some((text) => text.toLowerCase().includes(wanted))) return false;
  if (result === undefined) return true;
  const answered = call.finalStatus >= 200 && call.finalStatus < 300;
  switch (result) {
    case "answered":
      return answered;
    case "open":
      return call.endMs === 0 && (answered || call.finalStatus === 0);
    case "failed":
      return !answered && (call.finalStatus !== 0 || call.endMs !== 0);
  }
}
