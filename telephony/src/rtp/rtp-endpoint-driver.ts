/**
 * One call's media: two sockets, a turn every 20 ms on the shared clock, everything decided in the plain files beside it.
 * Each turn takes 20 ms out of the jitter buffer for `onFrame` and sends 20 ms of what is to be played, or silence: packets never
 * stop while `sending`, which keeps NATs open and PBXs content.
 */
import { randomBytes } from "node:crypto";
import type { RemoteInfo, Socket } from "node:dgram";
import { performance } from "node:perf_hooks";
import { type AudioCodec, FRAME_MS, openCodec, TICKS_PER_MS } from "./codec.ts";
import { DtmfReceiver } from "./dtmf-events.ts";
import { ToneReceiver } from "./dtmf-tones.ts";
import { FrameReceiver } from "./frame-receiver.ts";
import { Latch } from "./latch.ts";
import { Outgoing } from "./outgoing.ts";
import { pacingClock } from "./pacing-clock-driver.ts";
import type { RtpPortPool, RtpSockets } from "./port-pool-driver.ts";
import { type Quality, type QualityCounters, QualityWatch } from "./quality.ts";
import { ReceptionStats } from "./reception-stats.ts";
import { Doubler, Halver } from "./resample.ts";
import { RtcpLink } from "./rtcp-link-driver.ts";
import type { CodecName, DigitVia, RtpAddress, RtpEndpoint, RtpEndpointOptions, RtpReport } from "./rtp-endpoint.ts";
import { looksLikeRtcp, parseRtp, RTP_HEADER_BYTES, type RtpHeader } from "./rtp-packet.ts";
import { SRTP_ROOM_BYTES, type SrtpKeys, SrtpPair } from "./srtp.ts";

export { createRtpPortPool, type RtpPortPool } from "./port-pool-driver.ts";

const RTP_CLOCK_HZ = 8000;
const DEFAULT_DIGIT_MS = 160;
/** A bridged peer that is silent for longer gets its place taken by our own silence. */
const RELAY_SILENT_MS = 100;
/** Sound of a bridge that waits to be sent; more is dropped, for late sound is worse than none. */
const MAX_BRIDGE_QUEUE_MS = 200;
/** Comfort noise (RFC 3389), and what it was before that. */
const isComfortNoise = (payloadType: number): boolean => payloadType === 13 || payloadType === 19;

/** Binds a pair of ports from the pool; throws what the pool throws. */
export async function openRtpEndpoint(pool: RtpPortPool, options: RtpEndpointOptions): Promise<RtpEndpoint> {
  return new Endpoint(pool, await pool.open(options.localAddress, options.localPort), options);
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
  #sending = true;
  #receiving = true;
  #isUp = false;
  #maxPtimeMs = Number.POSITIVE_INFINITY;
  #closing: Promise<void> | null = null;

  // Outgoing
  readonly #out: Outgoing;
  #packetsOut = 0;
  #octetsOut = 0;
  #lastOutMs = Number.NEGATIVE_INFINITY;
  #cipher: SrtpPair | null = null;
  readonly #emit = (buffer: Buffer, length: number): void => {
    if (this.#latch.target !== null) this.#send(buffer, 0, length);
  };

  // Incoming
  #receiver: FrameReceiver;
  readonly #stats = new ReceptionStats(RTP_CLOCK_HZ);
  readonly #digitsIn = new DtmfReceiver();
  #tonesIn: ToneReceiver | null = null;
  #ssrcIn: number | null = null;
  #packetsIn = 0;
  #lateIn = 0;
  #strangerIn = 0;
  #malformedIn = 0;
  #undecipheredIn = 0;
  #concealedBeforeMs = 0;
  #lastPacketMs = Number.NEGATIVE_INFINITY;
  #isResting = false;
  /** Length of the packet that came last. */
  #ptimeInMs = FRAME_MS;
  #turns = 0;
  /** Media time of the next frame for `onFrame`; null: to be taken from the clock. */
  #heardMs: number | null = null;

  // Quality
  readonly #watch = new QualityWatch(this.#startedMs);

  // Bridge
  #peer: Endpoint | null = null;
  #toPeer: Doubler | Halver | null = null;
  #relayedMs = Number.NEGATIVE_INFINITY;

  constructor(pool: RtpPortPool, sockets: RtpSockets, options: RtpEndpointOptions) {
    this.#pool = pool;
    this.#sockets = sockets;
    this.#socket = sockets.rtp;
    this.#options = options;
    this.localPort = sockets.port;
    const { symmetric = true, tap = null, ptimeMs = FRAME_MS } = options;
    this.#latch = new Latch(options.remote, options.allowedSources, { symmetric, staleSsrc: sockets.staleSsrc });
    this.#codecName = options.codec;
    this.#codec = openCodec(options.codec);
    const seeds = randomBytes(10);
    this.#out = new Outgoing(
      { ssrc: seeds.readUInt32BE(), sequence: seeds.readUInt16BE(4), ticks: seeds.readUInt32BE(6) },
      this.#codec,
      { payloadType: options.payloadType, dtmfPayloadType: options.dtmfPayloadType, ptimeMs },
    );
    this.#receiver = new FrameReceiver(this.#codec, "prompt");
    tap?.bind({ address: options.localAddress, port: sockets.port });
    this.#rtcp = new RtcpLink(sockets.rtcp, this.#latch, { ssrc: this.#out.ssrc, sends: options.rtcp ?? true, tap });
    this.#encrypt(options.srtp ?? null);
    this.#listenForTones();
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
  get ptimeMs(): number {
    return this.#out.ptimeMs;
  }
  get remote(): RtpAddress | null {
    return this.#latch.target;
  }

  play(samples: Int16Array): boolean {
    return this.#out.queue.add(samples);
  }

  whenPlayed(callback: () => void): void {
    if (!this.#out.queue.mark(callback)) callback();
  }

  stopPlaying(): { readonly droppedMs: number } {
    return this.#out.queue.clear();
  }

  sendDigit(digit: string, durationMs = DEFAULT_DIGIT_MS): DigitVia | null {
    if (this.#usesTones) return this.#out.tones.press(digit, durationMs) ? "inband" : null;
    if (this.#out.dtmfPayloadType === null) return null;
    return this.#out.keys.press(digit, durationMs) ? "rfc4733" : null;
  }

  get #usesTones(): boolean {
    const { tones = "off" } = this.#options;
    return tones === "always" || (tones === "fallback" && this.#out.dtmfPayloadType === null);
  }

  #listenForTones(): void {
    this.#tonesIn = this.#usesTones ? new ToneReceiver(this.#codec.sampleRateHz) : null;
  }

  update(change: Parameters<RtpEndpoint["update"]>[0]): void {
    const out = this.#out;
    if (change.remote !== undefined) this.#latch.redirect(change.remote);
    if (change.rtcpRemote !== undefined) this.#rtcp.redirect(change.rtcpRemote);
    if (change.payloadType !== undefined) out.payloadType = change.payloadType;
    if (change.dtmfPayloadType !== undefined) out.dtmfPayloadType = change.dtmfPayloadType;
    if (change.codec !== undefined && change.codec !== this.#codecName) this.#changeCodec(change.codec);
    if (change.codec !== undefined || change.dtmfPayloadType !== undefined) this.#listenForTones();
    if (change.ptimeMs !== undefined) out.changePtime(change.ptimeMs);
    if (change.maxPtimeMs !== undefined) this.#maxPtimeMs = Math.max(FRAME_MS / 2, change.maxPtimeMs);
    if (out.ptimeMs > this.#maxPtimeMs) out.changePtime(this.#maxPtimeMs);
    if (change.srtp !== undefined) this.#encrypt(change.srtp);
    if (change.receiving !== undefined) this.#receiving = change.receiving;
    if (change.sending !== undefined && change.sending !== this.#sending) {
      this.#sending = change.sending;
      out.interrupted();
    }
  }

  #encrypt(keys: SrtpKeys | null): void {
    this.#cipher = keys === null ? null : new SrtpPair(keys, this.#cipher);
    this.#rtcp.encrypt(this.#cipher);
  }

  #changeCodec(name: CodecName): void {
    this.#codecName = name;
    this.#codec = openCodec(name);
    this.#out.changeCodec(this.#codec);
    this.#renewReceiver();
  }

  /** A person's ear behind a bridge wants a steady voice; a recogniser wants it soon and whole. */
  #renewReceiver(): void {
    this.#concealedBeforeMs += this.#receiver.concealedMs;
    this.#receiver = new FrameReceiver(this.#codec, this.#peer === null ? "prompt" : "steady");
  }

  answered(): void {
    this.#isUp = true;
  }

  report(): RtpReport {
    const sinceMs = performance.now() - this.#lastPacketMs;
    return {
      packetsIn: this.#packetsIn,
      packetsOut: this.#packetsOut,
      lostIn: this.#stats.lost,
      lateIn: this.#lateIn,
      strangerIn: this.#strangerIn,
      undecipheredIn: this.#undecipheredIn,
      jitterInMs: this.#stats.jitterMs,
      roundTripMs: this.#rtcp.roundTripMs ?? 0,
      lossOutFraction: this.#rtcp.lossOutFraction,
      jitterOutMs: this.#rtcp.jitterOutMs,
      concealedMs: this.#concealedBeforeMs + this.#receiver.concealedMs,
      silentForMs: sinceMs,
    };
  }

  quality(): Quality {
    return this.#watch.report(this.#counters(), this.#form);
  }

  get #form() {
    return { name: this.#codecName, ptimeMs: this.#out.ptimeMs };
  }

  #counters(): QualityCounters {
    const { reported, emptyReports, roundTripMs } = this.#rtcp;
    return {
      packetsIn: this.#packetsIn,
      lostIn: this.#stats.lost,
      lateIn: this.#lateIn,
      jitterIn: this.#stats.jitterSum,
      packetsOut: this.#packetsOut,
      ...{ reported, emptyReports, roundTripMs, rtcpSent: this.#options.rtcp ?? true },
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
    this.#out.queue.clear();
    this.#rtcp.bye(this.#rtcpFigures());
    await this.#pool.close(this.#sockets, this.#ssrcIn);
  }

  // ---- incoming

  #take(packet: Buffer, from: RemoteInfo): void {
    const nowMs = performance.now();
    if (looksLikeRtcp(packet)) {
      this.#rtcp.take(packet, from, nowMs);
      return;
    }
    const plain = this.#plainOf(packet, from, nowMs);
    if (plain === null) return;
    const header = parseRtp(plain);
    if (header.type === "fault") {
      this.#malformedIn++;
      return;
    }
    if (!this.#latch.admit(from.address, from.port, nowMs, header.ssrc)) {
      this.#strangerIn++;
      return;
    }
    this.#packetsIn++;
    this.#lastPacketMs = nowMs;
    if (header.ssrc !== this.#ssrcIn) this.#beginStream(header.ssrc);
    const isDigit = header.payloadType === this.#out.dtmfPayloadType;
    if (this.#stats.receive(header, nowMs, !isDigit) === "jump") return;
    if (isDigit) this.#takeDigit(header, plain, nowMs);
    else if (header.payloadType === this.#out.payloadType) this.#takeAudio(header, plain, nowMs);
    else if (isComfortNoise(header.payloadType)) this.#isResting = true;
  }

  /** The packet as it is, or deciphered in place; null when it is nobody's who may speak. What came is kept as it came. */
  #plainOf(packet: Buffer, from: RemoteInfo, nowMs: number): Buffer | null {
    const { tap } = this.#options;
    if (tap == null && this.#cipher === null) return packet;
    if (!this.#latch.mayCome(from.address)) {
      this.#strangerIn++;
      return null;
    }
    const atMs = performance.timeOrigin + nowMs;
    tap?.take({ outgoing: false, rtcp: false, atMs }, { bytes: packet, length: packet.length }, from);
    if (this.#cipher === null) return packet;
    const length = this.#cipher.receive.rtp(packet);
    if (typeof length === "number") return packet.subarray(0, length);
    this.#undecipheredIn++;
    return null;
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
    this.#isResting = false;
    const peer = this.#peer;
    const range = { from: header.payloadStart, to: header.payloadEnd };
    this.#ptimeInMs = (range.to - range.from) / TICKS_PER_MS;
    if (peer !== null && this.#isRelayedTo(peer)) {
      peer.#relay(header, packet, { payloadType: peer.#out.payloadType, nowMs, isEvent: false });
      return;
    }
    if (this.#receiver.push(header.timestampTicks, packet, range, nowMs) === "late") this.#lateIn++;
  }

  /** Packets pass as they are, or else the voice is decoded and encoded again. */
  #isRelayedTo(peer: Endpoint): boolean {
    return peer.#codecName === this.#codecName && this.#ptimeInMs <= peer.#maxPtimeMs;
  }

  #takeDigit(header: RtpHeader, packet: Buffer, nowMs: number): void {
    const range = { from: header.payloadStart, to: header.payloadEnd };
    const digit = this.#digitsIn.receive(header, packet, range);
    const peer = this.#peer;
    if (peer !== null) {
      const payloadType = peer.#out.dtmfPayloadType;
      if (payloadType !== null && this.#isRelayedTo(peer)) {
        peer.#relay(header, packet, { payloadType, nowMs, isEvent: true });
      } else if (digit !== null) peer.sendDigit(digit);
    }
    if (digit !== null) this.#options.onDigit(digit, "rfc4733");
  }

  // ---- every 20 ms

  #turn(dueMs: number, skipped: number): void {
    this.#turns += 1 + skipped;
    const relayed = this.#peer !== null && this.#isRelayedTo(this.#peer);
    if (!relayed) this.#listen(dueMs, 1 + skipped);
    if (this.#closing !== null) return; // closed by what it heard
    const out = this.#out;
    if (skipped > 0) out.skip(skipped);
    if (this.#sending) {
      // The bridged peer speaks for itself, unless it is silent or something of ours is to be played over it.
      out.turn(dueMs - this.#relayedMs < RELAY_SILENT_MS, this.#emit);
      for (const callback of out.queue.passed()) callback();
    } else out.rest();
    if (this.#rtcp.isDue(dueMs)) this.#rtcp.sendReport(this.#rtcpFigures());
    if (this.#watch.isDue(dueMs)) this.#look(dueMs);
  }

  /** How the audio fares. */
  #look(nowMs: number): void {
    const line = {
      ...{ up: this.#isUp, receiving: this.#receiving, sending: this.#sending, resting: this.#isResting },
      ...{ lastInMs: this.#lastPacketMs, lastOutMs: this.#lastOutMs },
    };
    const time = { nowMs, unixMs: performance.timeOrigin + nowMs };
    this.#watch.look(time, line, this.#counters(), this.#form);
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
      this.#tonesIn?.process(samples, (digit) => this.#options.onDigit(digit, "inband"));
      if (this.#tonesIn?.isSounding === true) samples.fill(0); // a key is no speech to be recognised
      this.#options.onFrame({ samples, atMs, concealed });
      return;
    }
    if (!peer.#sending || peer.#out.queue.queuedMs > MAX_BRIDGE_QUEUE_MS) return;
    peer.#out.queue.add(this.#toPeerRate(peer, samples));
  }

  #toPeerRate(peer: Endpoint, frame: Int16Array): Int16Array {
    if (peer.sampleRateHz === this.sampleRateHz) return frame;
    if (peer.sampleRateHz === 16000) {
      if (!(this.#toPeer instanceof Doubler)) this.#toPeer = new Doubler();
    } else if (!(this.#toPeer instanceof Halver)) this.#toPeer = new Halver();
    return this.#toPeer.process(frame);
  }

  /** The packet in `buffer[offset..offset + length)`; of our own buffers, unless it is sent in the open. */
  #send(buffer: Buffer, offset: number, length: number): void {
    const target = this.#latch.target;
    if (target === null) return;
    this.#packetsOut++;
    this.#octetsOut += length - RTP_HEADER_BYTES;
    this.#lastOutMs = performance.now();
    const bytes = this.#cipher === null ? length : this.#cipher.send.rtp(buffer, length);
    const { tap } = this.#options;
    if (tap != null) {
      const atMs = performance.timeOrigin + this.#lastOutMs;
      tap.take({ outgoing: true, rtcp: false, atMs }, { bytes: buffer.subarray(offset), length: bytes }, target);
    }
    this.#socket.send(buffer, offset, bytes, target.port, target.address);
  }

  // ---- bridge

  /** From now on this endpoint's voice goes to `peer` instead of `onFrame`; null ends that. `peer` is told separately. */
  joinPeer(peer: Endpoint | null): void {
    if (this.#peer === peer) return;
    if (this.#peer !== null) {
      this.#peer.#out.interrupted();
      this.#peer.#relayedMs = Number.NEGATIVE_INFINITY;
    }
    this.#peer = peer;
    this.#toPeer = null;
    this.#heardMs = null;
    this.#renewReceiver();
  }

  /** Sends a packet of the bridged peer's as ours. */
  #relay(
    header: RtpHeader,
    packet: Buffer,
    as: { readonly payloadType: number; readonly nowMs: number; readonly isEvent: boolean },
  ): void {
    if (!this.#sending || this.#closing !== null) return;
    if (!as.isEvent && this.#out.isBusy) return; // our own sound goes first
    const start = this.#out.relay(header, packet, as);
    this.#relayedMs = as.nowMs;
    const length = RTP_HEADER_BYTES + header.payloadEnd - header.payloadStart;
    if (this.#cipher === null) {
      this.#send(packet, start, length);
      return;
    }
    // Room is needed for what SRTP adds, and the kernel may still read the packet before.
    const scratch = Buffer.allocUnsafe(length + SRTP_ROOM_BYTES);
    packet.copy(scratch, 0, start, start + length);
    this.#send(scratch, 0, length);
  }

  #rtcpFigures() {
    return {
      stats: this.#stats,
      ssrcIn: this.#ssrcIn,
      packetsOut: this.#packetsOut,
      octetsOut: this.#octetsOut,
      ticksNow: (this.#out.ticks + Math.round((performance.now() - this.#startedMs) % FRAME_MS) * TICKS_PER_MS) >>> 0,
    };
  }
}
