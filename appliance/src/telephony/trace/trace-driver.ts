import type { CallAttempt, CallList, CallListQuerySchema, CallTrace, LadderEntry } from "@intramuros/contracts";
import type { Static } from "typebox";
import type { Conversations } from "../../conversation/conversations-driver.ts";
import type { SetupStore } from "../setup-store.ts";
import type { TelephonyClient } from "../telephony-client.ts";
import { statusOfAll } from "../trunk-status.ts";
import { type AttemptContext, attemptOf, seenIn } from "./attempt.ts";
import type { CallMedia, CallMediaReport } from "./call-media-client.ts";
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
  readonly telephony: Pick<TelephonyClient, "status" | "trunkStatus">;
  readonly siteName: string;
  readonly now: () => number;
}

const LIST_STEP = 500;
const LIST_STEPS_MAX = 10;
const LIST_MEDIA_MS = 1500;
const LEGS_MAX = 20;
const MESSAGES_MAX = 2000;
const RTCP_MAX = 2000;
const ENDED_KEPT = 2000;
const USED_FOR_MS = 10_000;
/** Of one trace, so that an answer stays small enough for a browser. */
const TEXT_MAX = 4 << 20;
const CAPTURE_MAX_BYTES = 256 << 20;

const NO_MEDIA: CallMediaReport = { legs: [], sipCallIds: [] };

export function openTraces(deps: TracesDeps): Traces {
  /** What can change no more: the ends of conversations, and the audio of calls that are over. */
  const ends = keepLatest<ToldEnd>();
  const audio = keepLatest<CallMediaReport>();

  let used: { readonly at: number; readonly places: Parameters<typeof peerNames>[2] } | null = null;
  const peers = async () => {
    const setup = deps.setup.records();
    if (used === null || deps.now() - used.at > USED_FOR_MS) {
      const json = await deps.telephony.trunkStatus("").catch(() => "[]");
      const places = statusOfAll(setup.trunks, { json }).flatMap(({ trunkId, peers: list }) =>
        list.map(({ address }) => ({ trunkId, address })),
      );
      used = { at: deps.now(), places };
    }
    return peerNames(setup, deps.telephony.status()?.phones ?? [], used.places);
  };
  const peerOf = (find: ReturnType<typeof peerNames>, remote: string): Peer =>
    find(hostOf(remote), Number(/\d+$/.exec(remote)?.[0] ?? 0));

  /** By its own Call-ID, or by that of the customer's leg; then trunk and end are the customer's leg's, not its own. */
  const linkOf = async (sipCallId: string, others: readonly string[]): Promise<AttemptContext["conversation"]> => {
    const own = await deps.conversations.linkOfCall(sipCallId);
    if (own !== undefined) return { ...own, told: await toldEnd(own.id) };
    for (const other of others) {
      const link = await deps.conversations.linkOfCall(other);
      if (link !== undefined) return { id: link.id, trunkId: "", told: null };
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
  /** What telephony measured of this attempt, and the Call-IDs of the other legs. */
  const mediaOf = async (call: CapturedCall): Promise<CallMediaReport> => {
    const answered = call.finalStatus >= 200 && call.finalStatus < 300;
    // An inbound call that was refused had neither audio nor other legs.
    if (!answered && call.direction === "inbound") return NO_MEDIA;
    const known = audio.get(call.callId);
    if (known !== undefined) return known;
    const report = (await deps.media.of(call.callId)) ?? NO_MEDIA;
    const own = { ...report, legs: report.legs.filter(({ sipCallId }) => sipCallId === call.callId) };
    if (call.endMs > 0 && own.sipCallIds.length > 0) audio.set(call.callId, own);
    return own;
  };

  const list: Traces["list"] = async (query) => {
    const { limit = 50 } = query;
    const find = await peers();
    const items: CallAttempt[] = [];
    let beforeMs = query.cursor === undefined ? 0 : Number(query.cursor) || 0;
    let oldestAt = 0;
    const mediaUntil = deps.now() + LIST_MEDIA_MS;
    for (let step = 0; step < LIST_STEPS_MAX; step++) {
      const { calls, oldestMs } = await deps.sip.list({ limit: LIST_STEP, beforeMs });
      oldestAt = oldestMs;
      for (const call of calls) {
        if (query.since !== undefined && call.atMs < query.since) return { items, oldestAt, problem: "" };
        if (items.length === limit) return { items, oldestAt, problem: "", next: String(beforeMs) };
        beforeMs = call.atMs;
        if (!isAsked(call, query)) continue;
        // A telephony that hangs costs the list its figures of audio, not its rows.
        const { legs, sipCallIds } = deps.now() < mediaUntil ? await mediaOf(call) : NO_MEDIA;
        const attempt = attemptOf(call, {
          ...{ peer: peerOf(find, call.remote), legs, now: deps.now() },
          conversation: await linkOf(call.callId, sipCallIds),
        });
        if (query.trunkId === undefined || attempt.trunkId === query.trunkId) items.push(attempt);
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
      const find = await peers();
      const own = messages.filter(({ sip }) => sip.callId === sipCallId);
      const attempt = attemptOf(call, {
        peer: peerOf(find, call.remote),
        conversation: await linkOf(sipCallId, media?.sipCallIds ?? []),
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
        ladder: withinText(drawn.entries),
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

/** Whole messages as long as there is room; the lines of the rest. */
function withinText(entries: readonly LadderEntry[]): LadderEntry[] {
  let room = TEXT_MAX;
  return entries.map((entry) => {
    room -= entry.text?.length ?? 0;
    if (room >= 0 || entry.text === undefined) return entry;
    const { text: _, ...rest } = entry;
    return rest;
  });
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
