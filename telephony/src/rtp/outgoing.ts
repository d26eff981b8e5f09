/**
 * What one endpoint sends: numbers and timestamps that never break, 20 ms a turn from the queue (or a key, or a tone) in packets as long
 * as the peer asks for, and the packets of a bridged peer with numbers that run on from ours. Changed in place; no clock, no socket.
 */
import { type AudioCodec, FRAME_TICKS, TICKS_PER_MS } from "./codec.ts";
import { DTMF_PAYLOAD_BYTES, type DtmfPacket, DtmfSender, writeDtmfPayload } from "./dtmf-events.ts";
import { ToneSender } from "./dtmf-tones.ts";
import { PlayQueue } from "./play-queue.ts";
import { RTP_HEADER_BYTES, type RtpHeader, sequenceDistance, timestampDistance, writeRtpHeader } from "./rtp-packet.ts";
import { SRTP_ROOM_BYTES } from "./srtp.ts";

export const MIN_PTIME_MS = 10;
export const MAX_PTIME_MS = 40;
/** Packets that are in the kernel's hands while the next is written. */
const PACKET_BUFFERS = 8;

/** Takes a packet in `buffer[0..length)`, which has room for SRTP behind it and is used again some packets later. */
export type Emit = (buffer: Buffer, length: number) => void;

export class Outgoing {
  readonly ssrc: number;
  readonly keys = new DtmfSender();
  readonly tones = new ToneSender();
  payloadType: number;
  dtmfPayloadType: number | null;
  #codec: AudioCodec;
  #queue: PlayQueue;
  #frame: Int16Array;
  #sequence: number;
  /** Timestamp of the next turn's first tick. */
  #ticks: number;
  #marker = true;
  readonly #packets = Array.from({ length: PACKET_BUFFERS }, () =>
    Buffer.alloc(RTP_HEADER_BYTES + MAX_PTIME_MS * TICKS_PER_MS + SRTP_ROOM_BYTES),
  );
  #at = 0;
  #packetTicks: number;
  readonly #codes = new Uint8Array(FRAME_TICKS);
  /** Of the packet that is being filled. */
  #pending = 0;
  #pendingTicks = 0;
  /** How numbers of the relayed stream map to ours; null: to be set by the next packet. */
  #relayBase: { readonly ssrc: number; readonly sequence: number; readonly ticks: number } | null = null;
  /** When the key that was relayed last began: at its sender's, and as we have told it. One press has one timestamp (RFC 4733 §2.2). */
  #relayedKey: { readonly ssrc: number; readonly from: number; readonly to: number } | null = null;

  constructor(
    seeds: { readonly ssrc: number; readonly sequence: number; readonly ticks: number },
    codec: AudioCodec,
    as: { readonly payloadType: number; readonly dtmfPayloadType: number | null; readonly ptimeMs: number },
  ) {
    this.ssrc = seeds.ssrc;
    this.#sequence = seeds.sequence;
    this.#ticks = seeds.ticks;
    this.#codec = codec;
    this.payloadType = as.payloadType;
    this.dtmfPayloadType = as.dtmfPayloadType;
    this.#packetTicks = ticksOf(as.ptimeMs);
    this.#queue = new PlayQueue(codec.sampleRateHz);
    this.#frame = new Int16Array(FRAME_TICKS * codec.samplesPerTick);
  }

  get queue(): PlayQueue {
    return this.#queue;
  }
  get ticks(): number {
    return this.#ticks;
  }
  get ptimeMs(): number {
    return this.#packetTicks / TICKS_PER_MS;
  }
  /** Something of our own is to be heard: it goes before what a bridged peer says. */
  get isBusy(): boolean {
    return this.#queue.queuedSamples > 0 || this.keys.busy || this.tones.busy;
  }

  /** What was queued at another sampling rate cannot be played any more and is dropped. */
  changeCodec(codec: AudioCodec): void {
    if (codec.sampleRateHz !== this.#codec.sampleRateHz) {
      this.#queue = new PlayQueue(codec.sampleRateHz);
      this.#frame = new Int16Array(FRAME_TICKS * codec.samplesPerTick);
    }
    this.#codec = codec;
    this.#pending = 0;
    this.interrupted();
  }

  changePtime(ptimeMs: number): void {
    if (ticksOf(ptimeMs) === this.#packetTicks) return;
    this.#packetTicks = ticksOf(ptimeMs);
    this.#pending = 0;
  }

  /** The next packet begins a talkspurt, and a relayed stream is to be joined on anew. */
  interrupted(): void {
    this.#marker = true;
    this.#relayBase = null;
  }

  /** Turns that were left out. */
  skip(turns: number): void {
    this.#ticks = (this.#ticks + turns * FRAME_TICKS) >>> 0;
    this.#marker = true;
    this.#pending = 0;
  }

  /** A turn in which nothing is sent. */
  rest(): void {
    this.#ticks = (this.#ticks + FRAME_TICKS) >>> 0;
    this.#pending = 0;
  }

  /**
   * A turn of our own. `relaying`: a bridged peer speaks in this turn; then only what is ours is sent, and without it nothing.
   */
  turn(relaying: boolean, emit: Emit): void {
    const key = this.dtmfPayloadType === null ? null : this.keys.tick(this.#ticks);
    if (relaying && key === null && this.#queue.queuedSamples === 0 && !this.tones.busy) return;
    this.#relayBase = null;
    if (key === null) this.#voice(emit);
    else this.#key(key, emit);
    this.#ticks = (this.#ticks + FRAME_TICKS) >>> 0;
  }

  #key(key: DtmfPacket, emit: Emit): void {
    if (this.#pending > 0) this.#finish(emit);
    const packet = this.#packets[this.#at]!;
    const { marker, timestampTicks } = key;
    const { ssrc } = this;
    const payloadType = this.dtmfPayloadType!;
    writeRtpHeader(packet, { marker, timestampTicks, ssrc, sequence: this.#sequence, payloadType });
    writeDtmfPayload(packet, RTP_HEADER_BYTES, key);
    this.#marker = true; // the first audio after a key begins a talkspurt
    this.#next();
    emit(packet, RTP_HEADER_BYTES + DTMF_PAYLOAD_BYTES);
  }

  #voice(emit: Emit): void {
    if (!this.tones.fill(this.#frame, this.#codec.sampleRateHz)) this.#queue.take(this.#frame);
    this.#codec.encode(this.#frame, this.#codes, 0);
    for (let from = 0; from < FRAME_TICKS; ) {
      if (this.#pending === 0) this.#pendingTicks = (this.#ticks + from) >>> 0;
      const count = Math.min(FRAME_TICKS - from, this.#packetTicks - this.#pending);
      const packet = this.#packets[this.#at]!;
      const at = RTP_HEADER_BYTES + this.#pending;
      for (let i = 0; i < count; i++) packet[at + i] = this.#codes[from + i]!;
      this.#pending += count;
      from += count;
      if (this.#pending === this.#packetTicks) this.#finish(emit);
    }
  }

  #finish(emit: Emit): void {
    const packet = this.#packets[this.#at]!;
    const length = RTP_HEADER_BYTES + this.#pending;
    writeRtpHeader(packet, {
      marker: this.#marker,
      payloadType: this.payloadType,
      sequence: this.#sequence,
      timestampTicks: this.#pendingTicks,
      ssrc: this.ssrc,
    });
    this.#marker = false;
    this.#pending = 0;
    this.#next();
    emit(packet, length);
  }

  #next(): void {
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#at = (this.#at + 1) % PACKET_BUFFERS;
  }

  /**
   * Makes a packet of the bridged peer's ours: our source, numbers that run on from ours and keep the gaps of what was lost. The new
   * header is written over the bytes before the payload, in the packet as it came; returns where it begins.
   */
  relay(header: RtpHeader, packet: Buffer, as: { readonly payloadType: number; readonly isEvent: boolean }): number {
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
    let timestampTicks = (header.timestampTicks + base.ticks) >>> 0;
    if (as.isEvent) {
      const key = this.#relayedKey;
      if (key !== null && key.ssrc === header.ssrc && key.from === header.timestampTicks) {
        // Something of ours came between its packets, which must not make two presses of it.
        timestampTicks = key.to;
        first = false;
      } else this.#relayedKey = { ssrc: header.ssrc, from: header.timestampTicks, to: timestampTicks };
    }
    const start = header.payloadStart - RTP_HEADER_BYTES;
    const { payloadType } = as;
    writeRtpHeader(packet.subarray(start), {
      ...{ marker: header.marker || first, payloadType, sequence, timestampTicks, ssrc: this.ssrc },
    });
    if (sequenceDistance(this.#sequence, sequence) >= 0) {
      this.#sequence = (sequence + 1) & 0xffff;
      const lengthTicks = as.isEvent ? FRAME_TICKS : header.payloadEnd - header.payloadStart;
      const endTicks = (timestampTicks + lengthTicks) >>> 0;
      if (timestampDistance(this.#ticks, endTicks) > 0) this.#ticks = endTicks;
    }
    this.#pending = 0;
    return start;
  }
}

const ticksOf = (ptimeMs: number): number =>
  Math.min(MAX_PTIME_MS, Math.max(MIN_PTIME_MS, Math.round(ptimeMs))) * TICKS_PER_MS;
