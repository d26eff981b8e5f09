/**
 * One call's media: two sockets, a turn every 20 ms on the shared clock, everything decided in the plain files beside it.
 * Each turn takes 20 ms out of the jitter buffer for `onFrame` and sends 20 ms of what is to be played, or silence: packets never
 * stop while `sending`, which keeps NATs open and PBXs content.
 */
import { randomBytes } from "node:crypto";
import type { RemoteInfo, Socket } from "node:dgram";
import { performance } from "node:perf_hooks";
import { type AudioCodec, FRAME_MS, FRAME_TICKS, openCodec, TICKS_PER_MS } from "./codec.ts";
import { DTMF_PAYLOAD_BYTES, DtmfReceiver, DtmfSender, writeDtmfPayload } from "./dtmf-events.ts";
import { FrameReceiver } from "./frame-receiver.ts";
import { Latch } from "./latch.ts";
import { pacingClock } from "./pacing-clock-driver.ts";
import { PlayQueue } from "./play-queue.ts";
import type { RtpPortPool, RtpSockets } from "./port-pool-driver.ts";
import { ReceptionStats } from "./reception-stats.ts";
import { Doubler, Halver } from "./resample.ts";
import { RtcpLink } from "./rtcp-link-driver.ts";
import type { CodecName, RtpEndpoint, RtpEndpointOptions, RtpReport } from "./rtp-endpoint.ts";
import {
  looksLikeRtcp,
  parseRtp,
  RTP_HEADER_BYTES,
  type RtpHeader,
  sequenceDistance,
  timestampDistance,
  writeRtpHeader,
} from "./rtp-packet.ts";

export { createRtpPortPool, type RtpPortPool } from "./port-pool-driver.ts";

const RTP_CLOCK_HZ = 8000;
const DEFAULT_DIGIT_MS = 160;
/** A bridged peer that is silent for longer gets its place taken by our own silence. */
const RELAY_SILENT_MS = 100;
/** Sound of a bridge that waits to be sent; more is dropped, for late sound is worse than none. */
const MAX_BRIDGE_QUEUE_MS = 200;
/** Packets that are in the kernel's hands while the next is written. */
const PACKET_BUFFERS = 4;

/** Binds a pair of ports from the pool; throws what the pool throws. */
export async function openRtpEndpoint(pool: RtpPortPool, options: RtpEndpointOptions): Promise<RtpEndpoint> {
  return new Endpoint(pool, await pool.open(options.localAddress), options);
}

/** The endpoint behind the interface; `bridge-driver.ts` alone may know it. */
export class Endpoint implements RtpEndpoint {
  readonly localPort: number;
  readonly #pool: RtpPortPool;
  readonly #sockets: RtpSockets;
  readonly #socket: Socket;
  readonly #options: RtpEndpointOptions;
  readonly #latch: Latch;
  readonly #leave: () => void;
  readonly #rtcp: RtcpLink;
  readonly #startedMs = performance.now();

  #codecName: CodecName;
  #codec: AudioCodec;
  #payloadType: number;
  #dtmfPayloadType: number | null;
  #sending = true;
  #closing: Promise<void> | null = null;

  // Outgoing
  readonly #ssrc = randomBytes(4).readUInt32BE();
  #sequence = randomBytes(2).readUInt16BE();
  #ticks = randomBytes(4).readUInt32BE();
  #marker = true;
  #packetsOut = 0;
  #octetsOut = 0;
  readonly #packets = Array.from({ length: PACKET_BUFFERS }, () => Buffer.alloc(RTP_HEADER_BYTES + FRAME_TICKS));
  #outFrame: Int16Array;
  #queue: PlayQueue;
  readonly #digitsOut = new DtmfSender();

  // Incoming
  #receiver: FrameReceiver;
  readonly #stats = new ReceptionStats(RTP_CLOCK_HZ);
  readonly #digitsIn = new DtmfReceiver();
  #ssrcIn: number | null = null;
  #packetsIn = 0;
  #lateIn = 0;
  #strangerIn = 0;
  #malformedIn = 0;
  #concealedBeforeMs = 0;
  #lastPacketMs = Number.NEGATIVE_INFINITY;
  #turns = 0;
  /** Media time of the next frame for `onFrame`; null: to be taken from the clock. */
  #heardMs: number | null = null;

  // Bridge
  #peer: Endpoint | null = null;
  #toPeer: Doubler | Halver | null = null;
  /** How numbers of the relayed stream map to ours; null: to be set by the next packet. */
  #relayBase: { readonly ssrc: number; readonly sequence: number; readonly ticks: number } | null = null;
  #relayedMs = Number.NEGATIVE_INFINITY;

  constructor(pool: RtpPortPool, sockets: RtpSockets, options: RtpEndpointOptions) {
    this.#pool = pool;
    this.#sockets = sockets;
    this.#socket = sockets.rtp;
    this.#options = options;
    this.localPort = sockets.port;
    this.#latch = new Latch(options.remote, options.allowedSources);
    this.#codecName = options.codec;
    this.#codec = openCodec(options.codec);
    this.#payloadType = options.payloadType;
    this.#dtmfPayloadType = options.dtmfPayloadType;
    this.#outFrame = new Int16Array(FRAME_TICKS * this.#codec.samplesPerTick);
    this.#queue = new PlayQueue(this.#codec.sampleRateHz);
    this.#receiver = new FrameReceiver(this.#codec, "prompt");
    this.#rtcp = new RtcpLink(sockets.rtcp, this.#latch, this.#ssrc);
    this.#socket.on("message", (packet, from) => {
      try {
        this.#take(packet, from);
      } catch (fault) {
        this.#raise(fault);
      }
    });
    // An unreachable peer shows as silence; a call ends by its own time-out, not by an ICMP message that anyone may forge.
    this.#socket.on("error", () => undefined);
    this.#leave = pacingClock.join((dueMs, skipped) => {
      try {
        this.#turn(dueMs, skipped);
      } catch (fault) {
        this.#raise(fault);
      }
    });
  }

  /** The clock and the other calls go on, whatever one call's callbacks do. */
  #raise(fault: unknown): void {
    const { onFault } = this.#options;
    if (onFault !== undefined) onFault(fault);
    else
      queueMicrotask(() => {
        throw fault;
      });
  }

  get codec(): CodecName {
    return this.#codecName;
  }
  get sampleRateHz(): 8000 | 16000 {
    return this.#codec.sampleRateHz;
  }

  play(samples: Int16Array): boolean {
    return this.#queue.add(samples);
  }

  whenPlayed(callback: () => void): void {
    if (!this.#queue.mark(callback)) callback();
  }

  stopPlaying(): { readonly droppedMs: number } {
    return this.#queue.clear();
  }

  sendDigit(digit: string, durationMs = DEFAULT_DIGIT_MS): void {
    if (this.#dtmfPayloadType !== null) this.#digitsOut.press(digit, durationMs);
  }

  update(change: Parameters<RtpEndpoint["update"]>[0]): void {
    if (change.remote !== undefined) this.#latch.redirect(change.remote);
    if (change.payloadType !== undefined) this.#payloadType = change.payloadType;
    if (change.dtmfPayloadType !== undefined) this.#dtmfPayloadType = change.dtmfPayloadType;
    if (change.codec !== undefined && change.codec !== this.#codecName) this.#changeCodec(change.codec);
    if (change.sending !== undefined && change.sending !== this.#sending) {
      this.#sending = change.sending;
      this.#marker = true;
      this.#relayBase = null;
    }
  }

  /** What was queued at another sampling rate cannot be played any more and is dropped. */
  #changeCodec(name: CodecName): void {
    const codec = openCodec(name);
    if (codec.sampleRateHz !== this.#codec.sampleRateHz) {
      this.#queue = new PlayQueue(codec.sampleRateHz);
      this.#outFrame = new Int16Array(FRAME_TICKS * codec.samplesPerTick);
    }
    this.#codecName = name;
    this.#codec = codec;
    this.#renewReceiver();
    this.#relayBase = null;
    this.#marker = true;
  }

  /** A person's ear behind a bridge wants a steady voice; a recogniser wants it soon and whole. */
  #renewReceiver(): void {
    this.#concealedBeforeMs += this.#receiver.concealedMs;
    this.#receiver = new FrameReceiver(this.#codec, this.#peer === null ? "prompt" : "steady");
  }

  report(): RtpReport {
    const sinceMs = performance.now() - this.#lastPacketMs;
    return {
      packetsIn: this.#packetsIn,
      packetsOut: this.#packetsOut,
      lostIn: this.#stats.lost,
      lateIn: this.#lateIn,
      strangerIn: this.#strangerIn,
      jitterInMs: this.#stats.jitterMs,
      roundTripMs: this.#rtcp.roundTripMs,
      lossOutFraction: this.#rtcp.lossOutFraction,
      jitterOutMs: this.#rtcp.jitterOutMs,
      concealedMs: this.#concealedBeforeMs + this.#receiver.concealedMs,
      silentForMs: sinceMs,
    };
  }

  /** Datagrams that were not RTP. */
  get malformedIn(): number {
    return this.#malformedIn;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.joinPeer(null);
    this.#leave();
    this.#queue.clear();
    this.#rtcp.bye(this.#rtcpFigures());
    await this.#pool.close(this.#sockets);
  }

  // ---- incoming

  #take(packet: Buffer, from: RemoteInfo): void {
    const nowMs = performance.now();
    if (looksLikeRtcp(packet)) {
      this.#rtcp.take(packet, from, nowMs);
      return;
    }
    const header = parseRtp(packet);
    if (header.type === "fault") {
      this.#malformedIn++;
      return;
    }
    if (!this.#latch.admit(from.address, from.port, nowMs)) {
      this.#strangerIn++;
      return;
    }
    this.#packetsIn++;
    this.#lastPacketMs = nowMs;
    if (header.ssrc !== this.#ssrcIn) this.#beginStream(header.ssrc);
    if (this.#stats.receive(header, nowMs) === "jump") return;
    if (header.payloadType === this.#dtmfPayloadType) this.#takeDigit(header, packet);
    else if (header.payloadType === this.#payloadType) this.#takeAudio(header, packet, nowMs);
  }

  #beginStream(ssrc: number): void {
    if (this.#ssrcIn !== null) {
      this.#stats.restart();
      this.#receiver.reset();
      this.#digitsIn.reset();
    }
    this.#ssrcIn = ssrc;
  }

  #takeAudio(header: RtpHeader, packet: Buffer, nowMs: number): void {
    const peer = this.#peer;
    if (peer !== null && peer.#codecName === this.#codecName) {
      peer.#relay(header, packet, { payloadType: peer.#payloadType, nowMs, isEvent: false });
      return;
    }
    const range = { from: header.payloadStart, to: header.payloadEnd };
    if (this.#receiver.push(header.timestampTicks, packet, range, nowMs) === "late") this.#lateIn++;
  }

  #takeDigit(header: RtpHeader, packet: Buffer): void {
    const range = { from: header.payloadStart, to: header.payloadEnd };
    const digit = this.#digitsIn.receive(header, packet, range);
    const peer = this.#peer;
    if (peer !== null && peer.#dtmfPayloadType !== null) {
      if (peer.#codecName === this.#codecName) {
        const relayed = { payloadType: peer.#dtmfPayloadType, nowMs: performance.now(), isEvent: true };
        peer.#relay(header, packet, relayed);
      } else if (digit !== null) peer.sendDigit(digit);
    }
    if (digit !== null) this.#options.onDigit(digit);
  }

  // ---- every 20 ms

  #turn(dueMs: number, skipped: number): void {
    this.#turns += 1 + skipped;
    const relayed = this.#peer !== null && this.#peer.#codecName === this.#codecName;
    if (!relayed) this.#listen(dueMs, 1 + skipped);
    if (this.#closing !== null) return; // closed by what it heard
    if (skipped > 0) {
      this.#ticks = (this.#ticks + skipped * FRAME_TICKS) >>> 0;
      this.#marker = true;
    }
    if (this.#sending) this.#sendTurn(dueMs);
    else this.#ticks = (this.#ticks + FRAME_TICKS) >>> 0;
    if (this.#rtcp.isDue(dueMs)) this.#rtcp.sendReport(this.#rtcpFigures());
  }

  #listen(dueMs: number, turns: number): void {
    const receiver = this.#receiver;
    receiver.beginTurn(dueMs, turns);
    for (let frame = receiver.next(); frame !== null; frame = receiver.next()) {
      this.#deliver(frame, receiver.concealed);
      if (this.#closing !== null || receiver !== this.#receiver) return; // ended or changed by what it heard
    }
  }

  #deliver(samples: Int16Array, concealed: boolean): void {
    const peer = this.#peer;
    if (peer === null) {
      this.#heardMs ??= (this.#turns - 1) * FRAME_MS;
      const atMs = this.#heardMs;
      this.#heardMs += FRAME_MS;
      this.#options.onFrame({ samples, atMs, concealed });
      return;
    }
    if (!peer.#sending || peer.#queue.queuedMs > MAX_BRIDGE_QUEUE_MS) return;
    peer.#queue.add(this.#toPeerRate(peer, samples));
  }

  #toPeerRate(peer: Endpoint, frame: Int16Array): Int16Array {
    if (peer.sampleRateHz === this.sampleRateHz) return frame;
    if (peer.sampleRateHz === 16000) {
      if (!(this.#toPeer instanceof Doubler)) this.#toPeer = new Doubler();
    } else if (!(this.#toPeer instanceof Halver)) this.#toPeer = new Halver();
    return this.#toPeer.process(frame);
  }

  #sendTurn(dueMs: number): void {
    const target = this.#latch.target;
    const event = this.#dtmfPayloadType === null ? null : this.#digitsOut.tick(this.#ticks);
    // The bridged peer speaks for itself, unless it is silent or something of ours is to be played over it.
    if (event === null && this.#queue.queuedSamples === 0 && dueMs - this.#relayedMs < RELAY_SILENT_MS) return;
    const packet = this.#packets[this.#packetsOut % PACKET_BUFFERS]!;
    let length = RTP_HEADER_BYTES;
    const fields = { ssrc: this.#ssrc, sequence: this.#sequence, timestampTicks: this.#ticks };
    if (event !== null) {
      const { marker, timestampTicks } = event;
      writeRtpHeader(packet, { ...fields, marker, timestampTicks, payloadType: this.#dtmfPayloadType! });
      writeDtmfPayload(packet, RTP_HEADER_BYTES, event);
      length += DTMF_PAYLOAD_BYTES;
      this.#marker = true; // the first audio after a key begins a talkspurt
    } else {
      this.#queue.take(this.#outFrame);
      writeRtpHeader(packet, { ...fields, marker: this.#marker, payloadType: this.#payloadType });
      this.#codec.encode(this.#outFrame, packet, RTP_HEADER_BYTES);
      length += FRAME_TICKS;
      this.#marker = false;
    }
    this.#relayBase = null;
    this.#ticks = (this.#ticks + FRAME_TICKS) >>> 0;
    this.#sequence = (this.#sequence + 1) & 0xffff;
    if (target !== null) this.#send(packet, 0, length);
    for (const callback of this.#queue.passed()) callback();
  }

  #send(packet: Buffer, offset: number, length: number): void {
    const target = this.#latch.target;
    if (target === null) return;
    this.#packetsOut++;
    this.#octetsOut += length - RTP_HEADER_BYTES;
    this.#socket.send(packet, offset, length, target.port, target.address);
  }

  // ---- bridge

  /** From now on this endpoint's voice goes to `peer` instead of `onFrame`; null ends that. `peer` is told separately. */
  joinPeer(peer: Endpoint | null): void {
    if (this.#peer === peer) return;
    if (this.#peer !== null) {
      this.#peer.#relayBase = null;
      this.#peer.#relayedMs = Number.NEGATIVE_INFINITY;
    }
    this.#peer = peer;
    this.#toPeer = null;
    this.#heardMs = null;
    this.#renewReceiver();
  }

  /**
   * Sends a packet of the bridged peer's as ours: our source, numbers that run on from ours and keep the gaps of what was lost. The new
   * header is written over the bytes before the payload, in the packet as it came.
   */
  #relay(
    header: RtpHeader,
    packet: Buffer,
    as: { readonly payloadType: number; readonly nowMs: number; readonly isEvent: boolean },
  ): void {
    if (!this.#sending || this.#closing !== null) return;
    if (!as.isEvent && (this.#queue.queuedSamples > 0 || this.#digitsOut.busy)) return; // our own sound goes first
    let base = this.#relayBase;
    let first = false;
    if (base === null || base.ssrc !== header.ssrc) {
      base = {
        ssrc: header.ssrc,
        sequence: sequenceDistance(header.sequence, this.#sequence),
        ticks: timestampDistance(header.timestampTicks, this.#ticks),
      };
      this.#relayBase = base;
      first = true;
    }
    const sequence = (header.sequence + base.sequence) & 0xffff;
    const timestampTicks = (header.timestampTicks + base.ticks) >>> 0;
    const payloadBytes = header.payloadEnd - header.payloadStart;
    const start = header.payloadStart - RTP_HEADER_BYTES;
    writeRtpHeader(packet.subarray(start), {
      marker: header.marker || first,
      payloadType: as.payloadType,
      sequence,
      timestampTicks,
      ssrc: this.#ssrc,
    });
    if (sequenceDistance(this.#sequence, sequence) >= 0) {
      this.#sequence = (sequence + 1) & 0xffff;
      const endTicks = (timestampTicks + (as.isEvent ? FRAME_TICKS : payloadBytes)) >>> 0;
      if (timestampDistance(this.#ticks, endTicks) > 0) this.#ticks = endTicks;
    }
    this.#relayedMs = as.nowMs;
    this.#send(packet, start, RTP_HEADER_BYTES + payloadBytes);
  }

  #rtcpFigures() {
    return {
      stats: this.#stats,
      ssrcIn: this.#ssrcIn,
      packetsOut: this.#packetsOut,
      octetsOut: this.#octetsOut,
      ticksNow: (this.#ticks + Math.round((performance.now() - this.#startedMs) % FRAME_MS) * TICKS_PER_MS) >>> 0,
    };
  }
}
