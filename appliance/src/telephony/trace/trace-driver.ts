import type { CallList, CallTrace, LadderEntry, LegMediaReport } from "@intramuros/contracts";
import { attemptOf, seenIn } from "./attempt.ts";
import { type CallContextDeps, openCallContext } from "./call-context-driver.ts";
import { type CallListQuery, listCalls } from "./call-list-driver.ts";
import type { CallMedia } from "./call-media-client.ts";
import { drawLadder, type ReadMessage, readMessages } from "./ladder.ts";
import { pcapHeader, pcapRecord } from "./pcap.ts";
import { isAway, type SipCapture } from "./sip-capture-client.ts";
import { ticketText } from "./ticket.ts";
import { endpointText, hostOf, type MediaPacket, type WirePacket } from "./wire.ts";

/** Joins what the SIP server captured, what telephony measured and what the conversations know. */
export interface Traces {
  list(query: CallListQuery): Promise<CallList>;
  /** Undefined: the ring has nothing of this call (any more). */
  trace(sipCallId: string): Promise<CallTrace | undefined>;
  /** Pieces of a pcap file. Rejects with a gRPC fault while a process that is needed is away. */
  capture(sipCallId: string, include: "sip" | "rtcp" | "rtp"): Promise<AsyncIterable<Buffer> | undefined>;
}

export interface TracesDeps extends CallContextDeps {
  readonly sip: SipCapture;
  readonly siteName: string;
}

const LEGS_MAX = 20;
const MESSAGES_MAX = 2000;
const RTCP_MAX = 2000;
/** Of one trace, so that an answer stays small enough for a browser. */
const TEXT_MAX = 4 << 20;
const CAPTURE_MAX_BYTES = 256 << 20;

export function openTraces(deps: TracesDeps): Traces {
  const context = openCallContext(deps);
  /** The Call-IDs of all legs of a call, this one first. */
  const callIdsOf = (sipCallId: string, others: readonly string[]): readonly string[] =>
    [...new Set([sipCallId, ...others])].slice(0, LEGS_MAX);

  return {
    async list(query) {
      try {
        return await listCalls({ ...deps, context }, query);
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
      const peerOf = await context.peers();
      const own = messages.filter(({ sip }) => sip.callId === sipCallId);
      const attempt = attemptOf(call, {
        peer: peerOf(call.remote),
        conversation: await context.linkOf(sipCallId, media?.sipCallIds ?? []),
        legs: media?.legs.filter((leg) => leg.sipCallId === sipCallId) ?? [],
        now: deps.now(),
        seen: seenIn(own),
      });
      const trunk = deps.setup.records().trunks.find(({ id }) => id === attempt.trunkId);
      const rtcp = await rtcpOf(deps.media, sipCallId, media?.legs ?? []);
      const drawn = drawLadder({
        messages,
        rtcp,
        notes: attempt.conversationId === undefined ? [] : await context.notesOf(attempt.conversationId),
        ownName: deps.siteName,
        // Telephony knows best whose call it was; the address alone is the second witness.
        nameOf: (remote) =>
          (hostOf(call.remote) === remote.address ? trunk?.name : undefined) ?? peerOf(endpointText(remote)).name,
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
        streams.push(deps.media.packets(sipCallId, include === "rtp")[Symbol.asyncIterator]());
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

/** Reports of all legs, each with the Call-ID of its own leg, which its port on our side tells. */
async function rtcpOf(
  media: CallMedia,
  sipCallId: string,
  legs: readonly LegMediaReport[],
): Promise<readonly MediaPacket[]> {
  const byPort = new Map(legs.map((leg) => [Number(/\d+$/.exec(leg.local)?.[0] ?? 0), leg.sipCallId]));
  const found: MediaPacket[] = [];
  try {
    for await (const packet of media.packets(sipCallId, false)) {
      const { port } = packet.local;
      // RTCP stands one port above its RTP, or on the same one (RFC 5761).
      if (packet.rtcp) found.push({ ...packet, sipCallId: byPort.get(port) ?? byPort.get(port - 1) ?? sipCallId });
      if (found.length >= RTCP_MAX) break;
    }
  } catch (error) {
    if ((error as { code?: number }).code === undefined) throw error;
    // Telephony is away: the ladder is drawn without.
  }
  return found;
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
