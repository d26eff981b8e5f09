import type { CallAttempt, CallList, CallListQuerySchema, CallTrace, LegMediaReport } from "@intramuros/contracts";
import type { Static } from "typebox";
import type { Conversations } from "../../conversation/conversations-driver.ts";
import type { SetupStore } from "../setup-store.ts";
import type { TelephonyClient } from "../telephony-client.ts";
import { type AttemptContext, attemptOf, seenIn } from "./attempt.ts";
import type { CallMedia } from "./call-media-client.ts";
import { drawLadder, type ReadMessage, readMessages } from "./ladder.ts";
import { pcapHeader, pcapRecord } from "./pcap.ts";
import { type Peer, peerNames } from "./peer-names.ts";
import { type CapturedCall, isAway, type SipCapture } from "./sip-capture-client.ts";
import { ticketText } from "./ticket.ts";
import type { ToldEnd } from "./verdict.ts";
import { hostOf, type MediaPacket, type WirePacket } from "./wire.ts";

/** Joins what the SIP server captured, what telephony measured and what the conversations know. */
export interface Traces {
  list(query: Static<typeof CallListQuerySchema>): Promise<CallList>;
  /** Undefined: the ring has nothing of this call (any more). */
  trace(sipCallId: string): Promise<CallTrace | undefined>;
  /** Pieces of a pcap file. Rejects with a gRPC fault while a process that is needed is away. */
  capture(sipCallId: string, include: "sip" | "rtcp" | "rtp"): Promise<AsyncIterable<Buffer> | undefined>;
}

export interface TracesDeps {
  readonly sip: SipCapture;
  readonly media: CallMedia;
  readonly conversations: Pick<Conversations, "linkOfCall" | "detail">;
  readonly setup: Pick<SetupStore, "records">;
  readonly telephony: Pick<TelephonyClient, "status">;
  readonly siteName: string;
  readonly now: () => number;
}

const LIST_STEP = 500;
const LIST_STEPS_MAX = 10;
const LEGS_MAX = 20;
const MESSAGES_MAX = 2000;
const RTCP_MAX = 2000;
const ENDED_KEPT = 2000;
const CAPTURE_MAX_BYTES = 256 << 20;

export function openTraces(deps: TracesDeps): Traces {
  /** What can change no more: the ends of conversations, and the audio of calls that are over. */
  const ends = keepLatest<ToldEnd>();
  const audio = keepLatest<readonly LegMediaReport[]>();

  const peers = () => peerNames(deps.setup.records(), deps.telephony.status()?.phones ?? []);
  const peerOf = (find: ReturnType<typeof peers>, remote: string): Peer =>
    find(hostOf(remote), Number(/\d+$/.exec(remote)?.[0] ?? 0));

  const linkOf = async (sipCallIds: readonly string[]): Promise<AttemptContext["conversation"]> => {
    for (const sipCallId of sipCallIds) {
      const link = await deps.conversations.linkOfCall(sipCallId);
      if (link !== undefined) return { ...link, told: await toldEnd(link.id) };
    }
    return null;
  };
  const toldEnd = async (conversationId: string): Promise<ToldEnd | null> => {
    const known = ends.get(conversationId);
    if (known !== undefined) return known;
    const events = (await deps.conversations.detail(conversationId))?.events ?? [];
    const body = events.map((event) => event.body).findLast((item) => item.type === "contact-ended");
    if (body?.type !== "contact-ended") return null;
    const told = { side: body.side, reason: body.reason, sipCode: body.sipCode ?? 0, q850: body.q850 ?? 0 };
    ends.set(conversationId, told);
    return told;
  };
  const legsOf = async (call: CapturedCall): Promise<readonly LegMediaReport[]> => {
    // Without an answer there was no audio of its own worth a mark in the list.
    if (call.finalStatus < 200 || call.finalStatus >= 300) return [];
    const known = audio.get(call.callId);
    if (known !== undefined) return known;
    const legs = (await deps.media.of(call.callId))?.legs.filter(({ sipCallId }) => sipCallId === call.callId) ?? [];
    if (call.endMs > 0 && legs.length > 0) audio.set(call.callId, legs);
    return legs;
  };

  const list: Traces["list"] = async (query) => {
    const { limit = 50 } = query;
    const find = peers();
    const items: CallAttempt[] = [];
    let beforeMs = query.cursor === undefined ? 0 : Number(query.cursor) || 0;
    let oldestAt = 0;
    for (let step = 0; step < LIST_STEPS_MAX; step++) {
      const { calls, oldestMs } = await deps.sip.list({ limit: LIST_STEP, beforeMs });
      oldestAt = oldestMs;
      for (const call of calls) {
        if (query.since !== undefined && call.atMs < query.since) return { items, oldestAt, problem: "" };
        if (items.length === limit) return { items, oldestAt, problem: "", next: String(beforeMs) };
        beforeMs = call.atMs;
        if (!isAsked(call, query)) continue;
        const context = {
          peer: peerOf(find, call.remote),
          conversation: await linkOf([call.callId]),
          now: deps.now(),
        };
        const attempt = attemptOf(call, { ...context, legs: [] });
        if (query.trunkId !== undefined && attempt.trunkId !== query.trunkId) continue;
        items.push(attemptOf(call, { ...context, legs: await legsOf(call) }));
      }
      if (calls.length < LIST_STEP) return { items, oldestAt, problem: "" };
    }
    return { items, oldestAt, problem: "", next: String(beforeMs) };
  };

  /** The Call-IDs of all legs of a call, this one first. */
  const callIdsOf = (sipCallId: string, others: readonly string[]): readonly string[] =>
    [...new Set([sipCallId, ...others])].slice(0, LEGS_MAX);

  return {
    async list(query) {
      try {
        return await list(query);
      } catch (error) {
        if (!isAway(error)) throw error;
        return { items: [], problem: "the SIP server is not to be reached: what was on the wire cannot be shown now" };
      }
    },
    async trace(sipCallId) {
      const media = await deps.media.of(sipCallId);
      const callIds = callIdsOf(sipCallId, media?.sipCallIds ?? []);
      const messages = readMessages(await deps.sip.messages(callIds, MESSAGES_MAX));
      const { calls } = await deps.sip.list({ limit: 1, callIds: [sipCallId] });
      const call = calls[0];
      if (call === undefined) return undefined;
      const find = peers();
      const own = messages.filter(({ sip }) => sip.callId === sipCallId);
      const attempt = attemptOf(call, {
        peer: peerOf(find, call.remote),
        conversation: await linkOf([sipCallId, ...(media?.sipCallIds ?? [])]),
        legs: media?.legs ?? [],
        now: deps.now(),
        seen: seenIn(own),
      });
      const trunk = deps.setup.records().trunks.find(({ id }) => id === attempt.trunkId);
      const rtcp = await rtcpOf(deps.media, callIds);
      const drawn = drawLadder({
        messages,
        rtcp,
        ownName: deps.siteName,
        // Telephony knows best whose call it was; the address alone is the second witness.
        nameOf: ({ address, port }) =>
          (hostOf(call.remote) === address ? trunk?.name : undefined) ?? find(address, port).name,
      });
      const trace: Omit<CallTrace, "ticket"> = {
        attempt,
        lanes: drawn.lanes,
        ladder: [...drawn.entries],
        sdp: [...drawn.sdp],
        legs: [...(media?.legs ?? [])],
        complete: beginsWhole(own) && messages.length < MESSAGES_MAX,
      };
      return { ...trace, ticket: ticketText(trace) };
    },
    async capture(sipCallId, include) {
      const others = (await deps.media.of(sipCallId))?.sipCallIds ?? [];
      const callIds = callIdsOf(sipCallId, others);
      const messages = await deps.sip.messages(callIds, MESSAGES_MAX);
      if (messages.length === 0) return undefined;
      const streams: AsyncIterator<WirePacket>[] = [
        (async function* () {
          yield* messages;
        })(),
      ];
      if (include !== "sip") {
        for (const callId of callIds)
          streams.push(deps.media.packets(callId, include === "rtp")[Symbol.asyncIterator]());
      }
      // The first packet of each stream is asked for now, so that a process that is away is told of before the file begins.
      const heads = await Promise.all(streams.map(async (stream) => ({ stream, head: await stream.next() })));
      return pcapOf(heads);
    },
  };
}

type Head = { readonly stream: AsyncIterator<WirePacket>; readonly head: IteratorResult<WirePacket> };

/** Streams that are each in the order of time, as one file in the order of time. */
async function* pcapOf(given: readonly Head[]): AsyncGenerator<Buffer> {
  const heads = [...given];
  let bytes = 0;
  yield pcapHeader();
  try {
    for (;;) {
      let first = -1;
      heads.forEach(({ head }, i) => {
        if (head.done !== true && (first === -1 || head.value.atMs < (heads[first] as Head).head.value.atMs)) first = i;
      });
      const next = heads[first];
      if (next === undefined || bytes > CAPTURE_MAX_BYTES) return;
      const record = pcapRecord(next.head.value);
      bytes += record.length;
      yield record;
      heads[first] = { stream: next.stream, head: await next.stream.next() };
    }
  } finally {
    for (const { stream } of heads) await stream.return?.();
  }
}

async function rtcpOf(media: CallMedia, callIds: readonly string[]): Promise<readonly MediaPacket[]> {
  const found: MediaPacket[] = [];
  for (const callId of callIds) {
    try {
      for await (const packet of media.packets(callId, false)) {
        if (packet.rtcp) found.push(packet);
        if (found.length >= RTCP_MAX) return found;
      }
    } catch (error) {
      if (!isAway(error) && (error as { code?: number }).code === undefined) throw error;
      return found; // telephony is away or does not know the call: the ladder is drawn without
    }
  }
  return found;
}

function isAsked(call: CapturedCall, { q, result }: Static<typeof CallListQuerySchema>): boolean {
  const wanted = (q ?? "").trim().toLowerCase();
  const fits =
    wanted === "" || [call.fromUser, call.toUser, call.callId].some((text) => text.toLowerCase().includes(wanted));
  if (!fits || result === undefined) return fits;
  const state =
    call.finalStatus === 0 && call.endMs === 0
      ? "open"
      : call.finalStatus >= 200 && call.finalStatus < 300
        ? "answered"
        : "failed";
  return result === state || (result === "open" && state === "answered" && call.endMs === 0);
}

/** The INVITE that began it is still there. */
const beginsWhole = (messages: readonly ReadMessage[]): boolean =>
  messages[0]?.sip.method === "INVITE" && messages[0].sip.toTag === "";

function keepLatest<T>(): { get(key: string): T | undefined; set(key: string, value: T): void } {
  const kept = new Map<string, T>();
  return {
    get: (key) => kept.get(key),
    set(key, value) {
      kept.delete(key);
      kept.set(key, value);
      const oldest = kept.keys().next().value;
      if (kept.size > ENDED_KEPT && oldest !== undefined) kept.delete(oldest);
    },
  };
}
