import { performance } from "node:perf_hooks";
import type { Config, LegMediaReport } from "@intramuros/contracts";
import type { RingPacket } from "../rtp/packet-ring.ts";
import { PacketTap, packetRings, type TappedReport } from "../rtp/packet-tap.ts";

/**
 * How the audio of each call fares and fared, and its last packets: of all calls that are up, and of the few hundred that ended last.
 * In memory only. What is said in a call is in the packets of its RTP: they leave after some minutes, and are given out only to whom
 * the appliance lets have them.
 */
export interface CallMediaStore {
  /** A leg's audio begins; `legId` empty: the customer's. */
  begin(leg: LegName): LegRecord;
  /** Reports of all legs of the call that this SIP call belongs to, the customer's first. */
  reportOf(sipCallId: string): CallMediaReport | null;
  /** Oldest first. */
  packetsOf(sipCallId: string, withRtp: boolean): readonly RingPacket[];
  close(): void;
}

export interface LegName {
  readonly callId: string;
  readonly legId: string;
  /** Empty: not known yet. */
  readonly sipCallId: string;
}
/** Without the names, which are the record's. */
export type LegFigures = Omit<LegMediaReport, "sipCallId" | "legId">;

export interface LegRecord {
  readonly tap: PacketTap;
  /** An outgoing call has its SIP Call-ID when it has been sent. */
  named(sipCallId: string): void;
  /** Asked while the leg is there, and once more when it ends. */
  report(figures: () => LegFigures): void;
  end(): void;
}
export interface CallMediaReport {
  readonly callId: string;
  readonly sipCallIds: readonly string[];
  readonly legs: readonly LegMediaReport[];
}

interface Leg {
  readonly legId: string;
  readonly stream: number;
  sipCallId: string;
  figures: (() => LegFigures) | LegFigures | null;
  isOver: boolean;
}
interface Call {
  readonly callId: string;
  readonly legs: Leg[];
}

const MAX_ENDED = 500;
/** Peers that are tried in turn and phones that are rung are legs as well. */
const MAX_LEGS = 100;
const TRIM_MS = 5000;

/** `onReport` sees RTCP as it passes, with the Call-ID of its leg. */
export function openCallMedia(
  config: Config["telephony"]["mediaPackets"],
  onReport?: (sipCallId: string, report: TappedReport) => void,
): CallMediaStore {
  const rings = packetRings({ rtp: config.rtpBytes, rtcp: config.rtcpBytes });
  const calls = new Map<string, Call>();
  const bySipCallId = new Map<string, Call>();
  const ended = new Set<Call>();
  let nextStream = 1;
  const trimming = setInterval(() => {
    const before = performance.timeOrigin + performance.now() - config.minutes * 60_000;
    rings.rtp.trim(before);
    rings.rtcp.trim(before);
  }, TRIM_MS);
  trimming.unref();

  const forget = (call: Call): void => {
    calls.delete(call.callId);
    for (const { sipCallId } of call.legs) if (bySipCallId.get(sipCallId) === call) bySipCallId.delete(sipCallId);
  };
  const settle = (call: Call): void => {
    if (!call.legs.every((leg) => leg.isOver)) {
      ended.delete(call);
      return;
    }
    ended.delete(call);
    ended.add(call); // the newest last
    for (const old of ended) {
      if (ended.size <= MAX_ENDED) return;
      ended.delete(old);
      forget(old);
    }
  };

  return {
    begin({ callId, legId, sipCallId }) {
      const call = calls.get(callId) ?? { callId, legs: [] };
      calls.set(callId, call);
      const leg: Leg = { legId, stream: nextStream++, sipCallId, figures: null, isOver: false };
      if (call.legs.length < MAX_LEGS) call.legs.push(leg);
      if (sipCallId !== "") bySipCallId.set(sipCallId, call);
      settle(call);
      return {
        tap: new PacketTap(rings, leg.stream, onReport && ((report) => onReport(leg.sipCallId, report))),
        named(id) {
          if (leg.sipCallId === id || id === "") return;
          leg.sipCallId = id;
          bySipCallId.set(id, call);
        },
        report(figures) {
          leg.figures = figures;
        },
        end() {
          if (leg.isOver) return;
          leg.isOver = true;
          if (typeof leg.figures === "function") leg.figures = leg.figures();
          settle(call);
        },
      };
    },
    reportOf(sipCallId) {
      const call = bySipCallId.get(sipCallId);
      if (call === undefined) return null;
      const legs = [...call.legs].sort((a, b) => Number(a.legId !== "") - Number(b.legId !== ""));
      return {
        callId: call.callId,
        sipCallIds: [...new Set(legs.map((leg) => leg.sipCallId).filter((id) => id !== ""))],
        legs: legs.flatMap((leg) => {
          const figures = typeof leg.figures === "function" ? leg.figures() : leg.figures;
          return figures === null ? [] : [{ sipCallId: leg.sipCallId, legId: leg.legId, ...figures }];
        }),
      };
    },
    packetsOf(sipCallId, withRtp) {
      const call = bySipCallId.get(sipCallId);
      if (call === undefined) return [];
      const streams = new Set(call.legs.map((leg) => leg.stream));
      const rtcp = rings.rtcp.packetsOf(streams);
      if (!withRtp) return rtcp;
      return [...rtcp, ...rings.rtp.packetsOf(streams)].sort((a, b) => a.atMs - b.atMs);
    },
    close() {
      clearInterval(trimming);
    },
  };
}
