/** RTCP of one endpoint: a report about every 5 s, what the peer reports of us, goodbye. RFC 3550 §6. */
import { randomBytes } from "node:crypto";
import type { RemoteInfo, Socket } from "node:dgram";
import { performance } from "node:perf_hooks";
import type { Latch } from "./latch.ts";
import type { PacketTap } from "./packet-tap.ts";
import type { ReceptionStats } from "./reception-stats.ts";
import { ntpOf, parseRtcp, type ReportBlock, type RtcpPacket, roundTripMs, writeRtcp } from "./rtcp-packet.ts";
import type { RtpAddress } from "./rtp-endpoint.ts";
import type { SrtpPair } from "./srtp.ts";

const INTERVAL_MS = 5000;
const FIRST_MS = 1500;
const RTP_CLOCK_HZ = 8000;

/** What a report tells of its endpoint. */
export interface RtcpFigures {
  readonly stats: ReceptionStats;
  /** The peer's source; null: nothing heard. */
  readonly ssrcIn: number | null;
  readonly packetsOut: number;
  readonly octetsOut: number;
  /** RTP timestamp of now. */
  readonly ticksNow: number;
}

export interface RtcpOptions {
  readonly ssrc: number;
  /** Whether we send any; what the peer sends is read anyway. */
  readonly sends: boolean;
  readonly tap: PacketTap | null;
}

export class RtcpLink {
  readonly #socket: Socket;
  readonly #latch: Latch;
  readonly #ssrc: number;
  readonly #sends: boolean;
  readonly #tap: PacketTap | null;
  #cipher: SrtpPair | null = null;
  /** By signalling (RFC 3605); null: one above RTP's. */
  #signalled: RtpAddress | null = null;
  readonly #cname = randomBytes(12).toString("base64url"); // RFC 7022: says nothing about the machine
  #nextMs = performance.now() + FIRST_MS;
  #heardFrom: RtpAddress | null = null;
  #lastSenderReport = 0;
  #lastSenderReportMs = 0;
  #packetsReported = 0;
  roundTripMs: number | null = null;
  lossOutFraction = 0;
  jitterOutMs = 0;
  /** What the peer's reports said of us so far. */
  reported: { count: number; lost: number; jitterSumMs: number; maxJitterMs: number } | null = null;
  /** Reports in a row that did not speak of us. */
  emptyReports = 0;

  constructor(socket: Socket, latch: Latch, options: RtcpOptions) {
    this.#socket = socket;
    this.#latch = latch;
    this.#ssrc = options.ssrc;
    this.#sends = options.sends;
    this.#tap = options.tap;
    socket.on("message", (bytes, from) => this.take(bytes, from, performance.now()));
    socket.on("error", () => undefined);
  }

  isDue(nowMs: number): boolean {
    return this.#sends && nowMs >= this.#nextMs;
  }

  /** Keys of an encrypted call; null: in the open. */
  encrypt(cipher: SrtpPair | null): void {
    this.#cipher = cipher;
  }

  redirect(remote: RtpAddress | null): void {
    this.#signalled = remote;
  }

  /** From the RTCP port, or from the RTP port of a peer that sends both to one. Strangers are passed over. */
  take(bytes: Buffer, from: RemoteInfo, nowMs: number): void {
    if (!this.#latch.mayCome(from.address)) return;
    const plain = this.#cipher === null ? bytes : this.#cipher.receive.rtcp(bytes);
    if (typeof plain === "string") return;
    const packets = parseRtcp(plain);
    if (!Array.isArray(packets)) return;
    const { length } = plain;
    this.#tap?.take({ outgoing: false, rtcp: true, atMs: wallMs() }, { bytes: plain, length }, from);
    this.#heardFrom = { address: from.address, port: from.port };
    for (const packet of packets as readonly RtcpPacket[]) {
      if (packet.type === "sender-report") {
        this.#lastSenderReport = ((packet.ntpSeconds << 16) | (packet.ntpFraction >>> 16)) >>> 0;
        this.#lastSenderReportMs = nowMs;
      }
      if (packet.type !== "sender-report" && packet.type !== "receiver-report") continue;
      if (this.#packetsReported > 0) this.emptyReports++;
      for (const block of packet.blocks) if (block.ssrc === this.#ssrc) this.#learn(block);
    }
  }

  #learn(block: ReportBlock): void {
    this.lossOutFraction = block.fractionLost / 256;
    this.jitterOutMs = (block.jitterTicks * 1000) / RTP_CLOCK_HZ;
    this.emptyReports = 0;
    this.reported ??= { count: 0, lost: 0, jitterSumMs: 0, maxJitterMs: 0 };
    this.reported.count++;
    this.reported.lost = Math.max(0, block.cumulativeLost);
    this.reported.jitterSumMs += this.jitterOutMs;
    this.reported.maxJitterMs = Math.max(this.reported.maxJitterMs, this.jitterOutMs);
    this.roundTripMs = roundTripMs(block, ntpOf(wallMs()).middle) ?? this.roundTripMs;
  }

  sendReport(figures: RtcpFigures): void {
    this.#nextMs = performance.now() + INTERVAL_MS * (0.5 + randomBytes(1)[0]! / 256); // RFC 3550 §6.3.1: 0.5 to 1.5
    this.#send([this.#report(figures), { type: "source-description", ssrc: this.#ssrc, cname: this.#cname }]);
  }

  bye(figures: RtcpFigures): void {
    if (!this.#sends) return;
    this.#send([
      this.#report(figures),
      { type: "source-description", ssrc: this.#ssrc, cname: this.#cname },
      { type: "bye", ssrcs: [this.#ssrc] },
    ]);
  }

  #report(figures: RtcpFigures): RtcpPacket {
    const blocks = this.#blocks(figures);
    const sentSince = figures.packetsOut - this.#packetsReported;
    this.#packetsReported = figures.packetsOut;
    if (sentSince === 0) return { type: "receiver-report", ssrc: this.#ssrc, blocks };
    const ntp = ntpOf(wallMs());
    return {
      type: "sender-report",
      ssrc: this.#ssrc,
      ntpSeconds: ntp.seconds,
      ntpFraction: ntp.fraction,
      rtpTimestampTicks: figures.ticksNow,
      packetCount: figures.packetsOut >>> 0,
      octetCount: figures.octetsOut >>> 0,
      blocks,
    };
  }

  #blocks({ stats, ssrcIn }: RtcpFigures): readonly ReportBlock[] {
    if (ssrcIn === null || !stats.hasStarted) return [];
    const sinceMs = performance.now() - this.#lastSenderReportMs;
    return [
      {
        ssrc: ssrcIn,
        ...stats.takeReport(),
        highestSequence: stats.highestSequence,
        jitterTicks: stats.jitterTicks,
        lastSenderReport: this.#lastSenderReport,
        delaySinceLastSenderReport: this.#lastSenderReport === 0 ? 0 : Math.round((sinceMs * 65536) / 1000) >>> 0,
      },
    ];
  }

  #send(packets: readonly RtcpPacket[]): void {
    const target = this.#latch.target;
    const next = target === null ? null : { address: target.address, port: target.port + 1 };
    const to = this.#heardFrom ?? this.#signalled ?? next;
    if (to === null || to.port > 65535) return;
    const plain = writeRtcp(packets);
    this.#tap?.take({ outgoing: true, rtcp: true, atMs: wallMs() }, { bytes: plain, length: plain.length }, to);
    this.#socket.send(this.#cipher === null ? plain : this.#cipher.send.rtcp(plain), to.port, to.address);
  }
}

/** Unix time in milliseconds with their fractions. */
const wallMs = (): number => performance.timeOrigin + performance.now();
