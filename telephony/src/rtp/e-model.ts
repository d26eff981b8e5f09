/**
 * How good a direction of a call sounds by the E-model (ITU-T G.107, all its parameters at their defaults but delay and loss), as MOS.
 *
 * Codecs by G.113: G.711 has Ie 0, and Bpl 25.1 where losses are concealed (appendix I of G.711), 4.3 where they are not. G.722 at
 * 64 kbit/s is reckoned on the wideband scale of G.107.1 (Ro 129, Ie 13) and brought back to the common one by dividing by 1.29, with
 * G.711's Bpl, for our concealment is the same. Loss is taken to be random (BurstR 1).
 */
import type { CodecName } from "./rtp-endpoint.ts";

export interface EModelInput {
  readonly codec: CodecName;
  /** Packets that were not there when they were to be played, 0..1. */
  readonly lossFraction: number;
  /** Mouth to ear, one way. */
  readonly delayMs: number;
  readonly concealed: boolean;
}

/** Rating at no delay and no loss with all defaults (G.107 §7.1: 93.2 with the echo impairments at T = 0 taken off). */
const RO_WITHOUT_ECHO = 93.35;
const RO_WIDEBAND = 129;
const WIDEBAND_RATIO = 1.29;
const IE_G722 = 13;
const BPL_CONCEALED = 25.1;
const BPL_BARE = 4.3;
/** G.107 defaults: talker echo loudness rating, weighted echo path loss, noise sum at 0 dBr, receive loudness rating, Ro. */
const TELR_DB = 65;
const WEPL_DB = 110;
const NO_DBM0P = -61.18;
const RLR_DB = 2;
const RO_NOISE = 94.77;

/** Rating factor R, 0..100. */
export function ratingOf({ codec, lossFraction, delayMs, concealed }: EModelInput): number {
  const lossPercent = Math.min(1, Math.max(0, lossFraction)) * 100;
  const ie = codec === "G722" ? IE_G722 : 0;
  const bpl = concealed ? BPL_CONCEALED : BPL_BARE;
  const equipment = ie + ((95 - ie) * lossPercent) / (lossPercent + bpl);
  const delay = delayImpairment(Math.max(0, delayMs));
  const rating =
    codec === "G722"
      ? (RO_WIDEBAND + RO_WITHOUT_ECHO - 93.2 - delay - equipment) / WIDEBAND_RATIO
      : RO_WITHOUT_ECHO - delay - equipment;
  return Math.min(100, Math.max(0, rating));
}

/** G.107 §7.4: echo to the talker, echo to the listener, and the delay as such. */
function delayImpairment(delayMs: number): number {
  const talkerEchoRating =
    TELR_DB - 40 * Math.log10((1 + delayMs / 10) / (1 + delayMs / 150)) + 6 * Math.exp(-0.3 * delayMs ** 2);
  const noise = -1.5 * (NO_DBM0P - RLR_DB);
  const talkerRating = 80 + 2.5 * (talkerEchoRating - 14);
  const talkerHalf = (noise - talkerRating) / 2;
  const talkerEcho = (talkerHalf + Math.sqrt(talkerHalf ** 2 + 100) - 1) * (1 - Math.exp(-delayMs));
  const listenerRating = 10.5 * (WEPL_DB + 7) * (2 * delayMs + 1) ** -0.25;
  const listenerHalf = (RO_NOISE - listenerRating) / 2;
  const listenerEcho = listenerHalf + Math.sqrt(listenerHalf ** 2 + 169);
  if (delayMs <= 100) return talkerEcho + listenerEcho;
  const x = Math.log2(delayMs / 100);
  const absolute = 25 * ((1 + x ** 6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2);
  return talkerEcho + listenerEcho + absolute;
}

/** Mean opinion score, 1..4.5 (G.107 annex B). */
export function mosOf(input: EModelInput): number {
  const rating = ratingOf(input);
  if (rating <= 0) return 1;
  if (rating >= 100) return 4.5;
  // Below 6.5 the polynomial dips under 1.
  return Math.max(1, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6);
}
