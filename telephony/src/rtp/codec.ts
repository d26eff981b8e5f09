/**
 * The three codecs that a call may have. All carry 8000 bytes a second and count their RTP timestamps at 8 kHz (G.722 too:
 * RFC 3551 §4.5.2), so that one byte is one tick, whatever the codec: the jitter buffer is built on this.
 */
import { ALAW, type G711Law, ULAW } from "./g711.ts";
import { G722Decoder, G722Encoder } from "./g722.ts";
import type { CodecName } from "./rtp-endpoint.ts";

/** Ticks (and bytes) of one packet of 20 ms. */
export const FRAME_TICKS = 160;
export const TICKS_PER_MS = 8;
export const FRAME_MS = 20;

/** One call's codec, both directions. Changes its state in place. */
export interface AudioCodec {
  readonly sampleRateHz: 8000 | 16000;
  /** 1 or 2. */
  readonly samplesPerTick: number;
  /** Decodes `codes[from..to)` to `out`, beginning at sample `outAt`. */
  decode(codes: Uint8Array, range: { from: number; to: number }, out: Int16Array, outAt: number): void;
  /** Encodes one frame of 20 ms into `into`, beginning at byte `at`. */
  encode(frame: Int16Array, into: Uint8Array, at: number): void;
}

export function openCodec(name: CodecName): AudioCodec {
  switch (name) {
    case "PCMA":
      return g711(ALAW);
    case "PCMU":
      return g711(ULAW);
    case "G722":
      return g722();
  }
}

function g711(law: G711Law): AudioCodec {
  const { decode, encode } = law;
  return {
    sampleRateHz: 8000,
    samplesPerTick: 1,
    decode(codes, { from, to }, out, outAt) {
      for (let i = from; i < to; i++) out[outAt + i - from] = decode[codes[i]!]!;
    },
    encode(frame, into, at) {
      for (let i = 0; i < frame.length; i++) into[at + i] = encode[frame[i]! & 0xffff]!;
    },
  };
}

function g722(): AudioCodec {
  const encoder = new G722Encoder();
  const decoder = new G722Decoder();
  return {
    sampleRateHz: 16000,
    samplesPerTick: 2,
    decode(codes, { from, to }, out, outAt) {
      for (let i = from; i < to; i++) decoder.decode(codes[i]!, out, outAt + (i - from) * 2);
    },
    encode(frame, into, at) {
      for (let i = 0; i < frame.length; i += 2) into[at + (i >> 1)] = encoder.encode(frame[i]!, frame[i + 1]!);
    },
  };
}
