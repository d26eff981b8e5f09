/**
 * How both directions of one leg's audio fare over time, every five seconds and as a whole, and whether one of them was silent.
 * What comes in is measured here; what goes out is known only from the peer's RTCP reports. Where a figure cannot be known, `unknown`
 * says why.
 *
 * One way: for more than 2 s of a call that is up and not on hold, nothing came (a peer that announced its silence with comfort noise
 * excepted), nothing left, or two reports of the peer's in a row say that nothing of ours arrived.
 *
 * Changed in place; time is an argument.
 */
import { mosOf } from "./e-model.ts";
import type { CodecName } from "./rtp-endpoint.ts";

const QUALITY_INTERVAL_MS = 5000;
const WATCH_MS = 500;
const ONE_WAY_MS = 2000;
const MAX_SAMPLES = 4000;
/** Beside half the round trip: what a jitter buffer holds, on either side. */
const PLAYOUT_MS = 40;

export interface QualitySample {
  readonly atMs: number;
  readonly packets: number;
  readonly lost: number;
  readonly late: number;
  readonly jitterMs: number;
  readonly roundTripMs: number | null;
  readonly mos: number | null;
}
export interface DirectionQuality {
  readonly samples: readonly QualitySample[];
  readonly packets: number;
  readonly lost: number;
  readonly lossFraction: number;
  readonly jitterMs: number;
  readonly maxJitterMs: number;
  readonly roundTripMs: number | null;
  readonly mos: number | null;
  readonly unknownBecause: string;
}
export type Side = "" | "in" | "out";
export interface Quality {
  readonly in: DirectionQuality;
  readonly out: DirectionQuality;
  readonly oneWaySide: Side;
}

/** Counters of the endpoint, all since its beginning. */
export interface QualityCounters {
  readonly packetsIn: number;
  readonly lostIn: number;
  readonly lateIn: number;
  readonly jitterIn: JitterSum;
  readonly packetsOut: number;
  /** What the peer's reports say of us; null: none came. */
  readonly reported: PeerReports | null;
  /** Reports of the peer's that speak of none of our packets. */
  readonly emptyReports: number;
  readonly roundTripMs: number | null;
  readonly rtcpSent: boolean;
}
export interface JitterSum {
  readonly sumMs: number;
  readonly count: number;
  readonly maxMs: number;
}
export interface PeerReports {
  readonly count: number;
  readonly lost: number;
  readonly jitterSumMs: number;
  readonly maxJitterMs: number;
}

export interface LineState {
  readonly up: boolean;
  /** By signalling: the peer may send, and we do. */
  readonly receiving: boolean;
  readonly sending: boolean;
  /** The peer said by comfort noise that it is silent. */
  readonly resting: boolean;
  readonly lastInMs: number;
  readonly lastOutMs: number;
}

interface AudioForm {
  readonly name: CodecName;
  readonly ptimeMs: number;
}

interface Direction {
  readonly samples: QualitySample[];
  packets: number;
  lost: number;
  late: number;
  jitterSumMs: number;
  jitterCount: number;
}
const nothing = (): Direction => ({ samples: [], packets: 0, lost: 0, late: 0, jitterSumMs: 0, jitterCount: 0 });

export class QualityWatch {
  readonly #in = nothing();
  readonly #out = nothing();
  #roundTripSum = 0;
  #roundTrips = 0;
  #receivingSince: number | null = null;
  #sendingSince: number | null = null;
  #emptyReports = 0;
  #emptySince: number | null = null;
  #oneWay: Side = "";
  #watchDueMs = Number.NEGATIVE_INFINITY;
  #sampleDueMs: number;

  constructor(startMs: number) {
    this.#sampleDueMs = startMs + QUALITY_INTERVAL_MS;
  }

  /** Twice a second. */
  isDue(nowMs: number): boolean {
    return nowMs >= this.#watchDueMs;
  }

  /** `unixMs` is Unix time at `nowMs`. */
  look(
    time: { readonly nowMs: number; readonly unixMs: number },
    line: LineState,
    counters: QualityCounters,
    codec: AudioForm,
  ): void {
    const { nowMs, unixMs } = time;
    this.#watchDueMs = nowMs + WATCH_MS;
    this.watch(nowMs, line, counters.emptyReports);
    if (nowMs < this.#sampleDueMs) return;
    this.#sampleDueMs = Math.max(nowMs, this.#sampleDueMs + QUALITY_INTERVAL_MS);
    this.sample(unixMs, counters, codec);
  }

  /** Ends an interval. */
  sample(atMs: number, counters: QualityCounters, codec: AudioForm): void {
    if (this.#in.samples.length >= MAX_SAMPLES) return;
    const { roundTripMs, reported, jitterIn } = counters;
    if (roundTripMs !== null) {
      this.#roundTripSum += roundTripMs;
      this.#roundTrips++;
    }
    const came = change(this.#in, {
      packets: counters.packetsIn,
      lost: counters.lostIn,
      late: counters.lateIn,
      jitterSumMs: jitterIn.sumMs,
      jitterCount: jitterIn.count,
    });
    const went = change(this.#out, {
      packets: counters.packetsOut,
      lost: reported?.lost ?? 0,
      late: 0,
      jitterSumMs: reported?.jitterSumMs ?? 0,
      jitterCount: reported?.count ?? 0,
    });
    const delayMs = delayOf(roundTripMs, codec.ptimeMs);
    const common = { codec: codec.name, delayMs, concealed: true };
    const heard = came.packets + came.lost > 0;
    this.#in.samples.push({
      ...{ atMs, packets: came.packets, lost: came.lost, late: came.late, jitterMs: came.jitterMs, roundTripMs },
      mos: heard ? mosOf({ ...common, lossFraction: (came.lost + came.late) / (came.packets + came.lost) }) : null,
    });
    const told = reported !== null && went.packets > 0 && went.jitterCount > 0;
    this.#out.samples.push({
      ...{ atMs, packets: went.packets, lost: went.lost, late: 0, jitterMs: went.jitterMs, roundTripMs },
      mos: told ? mosOf({ ...common, lossFraction: went.lost / Math.max(1, went.packets) }) : null,
    });
  }

  watch(nowMs: number, line: LineState, emptyReports: number): void {
    const receiving = line.up && line.receiving;
    const sending = line.up && line.sending;
    if (!receiving) this.#receivingSince = null;
    else this.#receivingSince ??= nowMs;
    if (!sending) this.#sendingSince = null;
    else this.#sendingSince ??= nowMs;
    if (emptyReports < this.#emptyReports || !sending) this.#emptySince = null;
    else if (emptyReports >= 2) this.#emptySince ??= nowMs;
    this.#emptyReports = emptyReports;
    if (this.#oneWay !== "") return;
    const silent = (since: number | null, lastMs: number): boolean =>
      since !== null && nowMs - Math.max(since, lastMs) > ONE_WAY_MS;
    if (!line.resting && silent(this.#receivingSince, line.lastInMs)) this.#oneWay = "in";
    else if (silent(this.#sendingSince, line.lastOutMs)) this.#oneWay = "out";
    else if (this.#emptySince !== null && this.#sendingSince !== null && nowMs - this.#sendingSince > ONE_WAY_MS) {
      this.#oneWay = "out";
    }
  }

  report(counters: QualityCounters, codec: AudioForm): Quality {
    const { packetsIn, lostIn, lateIn, jitterIn, packetsOut, reported } = counters;
    const roundTripMs = this.#roundTrips > 0 ? this.#roundTripSum / this.#roundTrips : counters.roundTripMs;
    const common = { codec: codec.name, delayMs: delayOf(roundTripMs, codec.ptimeMs), concealed: true };
    const expectedIn = packetsIn + lostIn;
    const lostOut = reported?.lost ?? 0;
    const lossOut = packetsOut === 0 ? 0 : Math.min(1, lostOut / packetsOut);
    return {
      in: {
        samples: [...this.#in.samples],
        packets: packetsIn,
        lost: lostIn,
        lossFraction: expectedIn === 0 ? 0 : lostIn / expectedIn,
        jitterMs: jitterIn.count === 0 ? 0 : jitterIn.sumMs / jitterIn.count,
        maxJitterMs: jitterIn.maxMs,
        roundTripMs,
        mos: packetsIn === 0 ? null : mosOf({ ...common, lossFraction: (lostIn + lateIn) / expectedIn }),
        unknownBecause: unknownIn(packetsIn, roundTripMs, counters),
      },
      out: {
        samples: [...this.#out.samples],
        packets: packetsOut,
        lost: lostOut,
        lossFraction: lossOut,
        jitterMs: reported === null || reported.count === 0 ? 0 : reported.jitterSumMs / reported.count,
        maxJitterMs: reported?.maxJitterMs ?? 0,
        roundTripMs,
        mos: reported === null || packetsOut === 0 ? null : mosOf({ ...common, lossFraction: lossOut }),
        unknownBecause: unknownOut(counters),
      },
      oneWaySide: this.#oneWay,
    };
  }
}

function change(
  direction: Direction,
  now: Omit<Direction, "samples">,
): { packets: number; lost: number; late: number; jitterMs: number; jitterCount: number } {
  const count = now.jitterCount - direction.jitterCount;
  const changed = {
    packets: now.packets - direction.packets,
    lost: Math.max(0, now.lost - direction.lost), // what was lost may still come
    late: now.late - direction.late,
    jitterMs: count > 0 ? (now.jitterSumMs - direction.jitterSumMs) / count : 0,
    jitterCount: count,
  };
  Object.assign(direction, now);
  return changed;
}

const delayOf = (roundTripMs: number | null, ptimeMs: number): number => (roundTripMs ?? 0) / 2 + ptimeMs + PLAYOUT_MS;

function unknownIn(packetsIn: number, roundTripMs: number | null, { rtcpSent }: QualityCounters): string {
  if (packetsIn === 0) return "no audio came";
  if (roundTripMs !== null) return "";
  return rtcpSent
    ? "the peer answers none of our RTCP reports: the round trip is unknown, and the MOS reckons without the network's delay"
    : "RTCP is off for this trunk: the round trip is unknown, and the MOS reckons without the network's delay";
}

function unknownOut({ packetsOut, reported, emptyReports }: QualityCounters): string {
  if (packetsOut === 0) return "no audio was sent";
  if (reported !== null) return "";
  return emptyReports > 0
    ? "the peer's RTCP reports say nothing of our audio: what arrived there is unknown"
    : "the peer sends no RTCP reports: what arrived there is unknown";
}
