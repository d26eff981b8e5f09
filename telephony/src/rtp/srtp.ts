/**
 * SRTP and SRTCP with AES in counter mode and HMAC-SHA1 (RFC 3711), keys by SDES (RFC 4568 §6.2). Both directions, one object each;
 * packets are changed in their own buffers. State is kept for each source: rollover counter (§3.3.1) and replay window (§3.3.2).
 *
 * Not a library's: those on npm that know SRTP are whole WebRTC stacks which make a cipher object a packet. The one thing that
 * is hard to write, AES and SHA-1, is OpenSSL's. Left out on purpose: key derivation rates other than 0 and the F8 mode, which SDES
 * peers do not use.
 */
import {
  type Cipheriv,
  createCipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  timingSafeEqual,
} from "node:crypto";
import { readUint32, writeUint32 } from "./rtp-packet.ts";

export type SrtpSuite = "AES_CM_128_HMAC_SHA1_80" | "AES_CM_128_HMAC_SHA1_32";
export const MASTER_KEY_BYTES = 16;
export const MASTER_SALT_BYTES = 14;

/** What SDES agrees on for one direction. */
export interface SrtpKey {
  readonly suite: SrtpSuite;
  readonly masterKey: Uint8Array;
  readonly masterSalt: Uint8Array;
  /** Master key identifier that the packets carry; empty: none. */
  readonly mki: Uint8Array;
}
export type SrtpFault = "too-short" | "replayed" | "not-authentic";

const BLOCK = 16;
const LABELS = { rtp: { cipher: 0, auth: 1, salt: 2 }, rtcp: { cipher: 3, auth: 4, salt: 5 } } as const;
const AUTH_KEY_BYTES = 20;
const TAG_BYTES: Readonly<Record<SrtpSuite, number>> = { AES_CM_128_HMAC_SHA1_80: 10, AES_CM_128_HMAC_SHA1_32: 4 };
/** RFC 4568 §6.2.2: SRTCP's tag is 80 bits long with both suites. */
const RTCP_TAG_BYTES = 10;
const RTP_HEADER_BYTES = 12;
const RTCP_CLEAR_BYTES = 8;
const RTCP_INDEX_BYTES = 4;
const WINDOW = 128;
const MAX_SOURCES = 8;
/** Of a stream that is met in its middle (our process began anew): rollovers of two hours at 10 ms, and how often they are tried. */
const ROLLOVERS_TO_TRY = 12;
const MAX_TRIES = 500;
const MAX_PACKET_BYTES = 1500;
/** What a packet may grow by. */
export const SRTP_ROOM_BYTES = RTCP_INDEX_BYTES + 16 + RTCP_TAG_BYTES;

/** Session key by §4.3.1 with a key derivation rate of 0. */
export function deriveKey(key: Pick<SrtpKey, "masterKey" | "masterSalt">, label: number, bytes: number): Buffer {
  const counter = Buffer.alloc(BLOCK);
  counter.set(key.masterSalt);
  counter[7]! ^= label; // the label stands above the 48 bits of the index, which are 0
  const cipher = createCipheriv("aes-128-ctr", key.masterKey, counter);
  return cipher.update(Buffer.alloc(bytes));
}

/** Cipher and authentication of one kind of packet in one direction. */
class Session {
  readonly #aes: Cipheriv;
  readonly #salt: Buffer;
  readonly #auth: KeyObject;
  readonly #counters = Buffer.alloc(MAX_PACKET_BYTES + BLOCK);

  constructor(key: SrtpKey, kind: keyof typeof LABELS) {
    const labels = LABELS[kind];
    // A counter's blocks under ECB are the key stream: one cipher object serves all packets.
    this.#aes = createCipheriv("aes-128-ecb", deriveKey(key, labels.cipher, MASTER_KEY_BYTES), null);
    this.#aes.setAutoPadding(false);
    this.#auth = createSecretKey(deriveKey(key, labels.auth, AUTH_KEY_BYTES));
    this.#salt = deriveKey(key, labels.salt, MASTER_SALT_BYTES);
  }

  /** §4.1.1: IV = salt·2^16 ⊕ SSRC·2^64 ⊕ index·2^16; encrypts and decrypts `packet[from..to)`. */
  cipher(packet: Uint8Array, range: { readonly from: number; readonly to: number }, at: PacketIndex): void {
    const length = range.to - range.from;
    if (length <= 0) return;
    const counters = this.#counters;
    const blocks = Math.ceil(length / BLOCK);
    counters.set(this.#salt);
    counters[14] = 0;
    xorUint32(counters, 4, at.ssrc);
    xorUint32(counters, 8, at.high);
    counters[12]! ^= at.low >>> 8;
    counters[13]! ^= at.low;
    counters[15] = 0;
    for (let block = 1; block < blocks; block++) {
      counters.copyWithin(block * BLOCK, 0, BLOCK);
      counters[block * BLOCK + 15] = block; // a packet has fewer than 256 blocks
    }
    const stream = this.#aes.update(counters.subarray(0, blocks * BLOCK));
    for (let i = 0; i < length; i++) packet[range.from + i]! ^= stream[i]!;
  }

  tag(bytes: Uint8Array, rollover: Uint8Array | null): Buffer {
    const hmac = createHmac("sha1", this.#auth).update(bytes);
    if (rollover !== null) hmac.update(rollover);
    return hmac.digest();
  }
}

/** The 48 bits of a packet's index (32 above, 16 below), and its source. SRTCP's 31 bits are shifted to fit. */
interface PacketIndex {
  readonly ssrc: number;
  readonly high: number;
  readonly low: number;
}

/** What is known of one source. */
class Source {
  rollover: number;
  highest: number;
  /** Bit i: the packet i below the highest was taken. */
  readonly #seen = new Uint32Array(WINDOW / 32);

  constructor(sequence: number) {
    this.rollover = 0;
    this.highest = sequence;
  }

  /** The rollover counter that the packet was sent under (§3.3.1, appendix A). */
  rolloverOf(sequence: number): number {
    if (this.highest < 0x8000) {
      return sequence - this.highest > 0x8000 && this.rollover > 0 ? this.rollover - 1 : this.rollover;
    }
    return this.highest - 0x8000 > sequence ? (this.rollover + 1) >>> 0 : this.rollover;
  }

  /** How far the packet lies above the highest; negative: below. */
  aheadOf(rollover: number, sequence: number): number {
    return (rollover - this.rollover) * 0x10000 + sequence - this.highest;
  }

  isReplayed(ahead: number): boolean {
    if (ahead > 0) return false;
    const back = -ahead;
    return back >= WINDOW || ((this.#seen[back >> 5]! >>> (back & 31)) & 1) === 1;
  }

  take(ahead: number, rollover: number, sequence: number): void {
    const seen = this.#seen;
    if (ahead > 0) {
      this.rollover = rollover;
      this.highest = sequence;
      for (let left = Math.min(ahead, WINDOW); left > 0; left -= Math.min(left, 31)) shiftUp(seen, Math.min(left, 31));
    }
    const back = Math.max(0, -ahead);
    seen[back >> 5]! |= 1 << (back & 31);
  }
}

/** Bounded: a peer that changes its source now and then is heard, the oldest is forgotten. */
class Sources {
  readonly #known = new Map<number, Source>();

  get(ssrc: number): Source | undefined {
    return this.#known.get(ssrc);
  }

  keep(ssrc: number, source: Source): void {
    if (this.#known.has(ssrc)) return;
    if (this.#known.size >= MAX_SOURCES) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(ssrc, source);
  }
}

export class SrtpSender {
  readonly #rtp: Session;
  readonly #rtcp: Session;
  readonly #tagBytes: number;
  readonly #mki: Uint8Array;
  readonly #rollover = new Uint8Array(4);
  readonly #sources = new Sources();
  #rtcpIndex = 0;

  constructor(key: SrtpKey) {
    this.#rtp = new Session(key, "rtp");
    this.#rtcp = new Session(key, "rtcp");
    this.#tagBytes = TAG_BYTES[key.suite];
    this.#mki = key.mki;
  }

  /** Protects the packet in `buffer[0..length)`, whose header has no contributors and no extension; returns its new length. */
  rtp(buffer: Buffer, length: number): number {
    const ssrc = readUint32(buffer, 8);
    const sequence = (buffer[2]! << 8) | buffer[3]!;
    const source = this.#sources.get(ssrc) ?? new Source(sequence);
    this.#sources.keep(ssrc, source);
    const rollover = source.rolloverOf(sequence);
    source.take(source.aheadOf(rollover, sequence), rollover, sequence);
    this.#rtp.cipher(buffer, { from: RTP_HEADER_BYTES, to: length }, { ssrc, high: rollover, low: sequence });
    writeUint32(this.#rollover, 0, rollover);
    const tag = this.#rtp.tag(buffer.subarray(0, length), this.#rollover);
    buffer.set(this.#mki, length);
    buffer.set(tag.subarray(0, this.#tagBytes), length + this.#mki.length);
    return length + this.#mki.length + this.#tagBytes;
  }

  /** A compound packet as it goes out. */
  rtcp(packet: Uint8Array): Buffer {
    const { length } = packet;
    const mki = this.#mki.length;
    const out = Buffer.alloc(length + RTCP_INDEX_BYTES + mki + RTCP_TAG_BYTES);
    out.set(packet);
    this.#rtcpIndex = (this.#rtcpIndex + 1) & 0x7fffffff;
    const index = this.#rtcpIndex;
    this.#rtcp.cipher(out, { from: RTCP_CLEAR_BYTES, to: length }, rtcpIndexOf(out, index));
    writeUint32(out, length, (0x80000000 | index) >>> 0);
    const signed = length + RTCP_INDEX_BYTES;
    out.set(this.#mki, signed);
    out.set(this.#rtcp.tag(out.subarray(0, signed), null).subarray(0, RTCP_TAG_BYTES), signed + mki);
    return out;
  }
}

export class SrtpReceiver {
  readonly #rtp: Session;
  readonly #rtcp: Session;
  readonly #tagBytes: number;
  readonly #mkiBytes: number;
  #tries = 0;
  readonly #rollover = new Uint8Array(4);
  readonly #sources = new Sources();
  readonly #rtcpSources = new Sources();

  constructor(key: SrtpKey) {
    this.#rtp = new Session(key, "rtp");
    this.#rtcp = new Session(key, "rtcp");
    this.#tagBytes = TAG_BYTES[key.suite];
    this.#mkiBytes = key.mki.length;
  }

  /** Checks and deciphers in place; returns the length of the RTP packet, or why it is none. */
  rtp(packet: Buffer): number | SrtpFault {
    const end = packet.length - this.#tagBytes - this.#mkiBytes;
    const from = payloadStart(packet);
    if (from < 0 || end < from || packet.length > MAX_PACKET_BYTES) return "too-short";
    const ssrc = readUint32(packet, 8);
    const sequence = (packet[2]! << 8) | packet[3]!;
    const source = this.#sources.get(ssrc) ?? this.#met(packet, end, sequence);
    if (source === null) return "not-authentic";
    const rollover = source.rolloverOf(sequence);
    const ahead = source.aheadOf(rollover, sequence);
    if (source.isReplayed(ahead)) return "replayed";
    if (!this.#isAuthentic(packet, end, rollover)) return "not-authentic";
    source.take(ahead, rollover, sequence);
    this.#sources.keep(ssrc, source);
    this.#rtp.cipher(packet, { from, to: end }, { ssrc, high: rollover, low: sequence });
    return end;
  }

  /** A source whose first packet this is for us; null: none that has our key. */
  #met(packet: Buffer, end: number, sequence: number): Source | null {
    const source = new Source(sequence);
    for (let rollover = 0; rollover < ROLLOVERS_TO_TRY && this.#tries < MAX_TRIES; rollover++) {
      source.rollover = rollover;
      if (this.#isAuthentic(packet, end, rollover)) return source;
      if (rollover > 0) this.#tries++;
    }
    source.rollover = 0;
    return this.#tries < MAX_TRIES ? null : source;
  }

  #isAuthentic(packet: Buffer, end: number, rollover: number): boolean {
    writeUint32(this.#rollover, 0, rollover);
    const tag = this.#rtp.tag(packet.subarray(0, end), this.#rollover).subarray(0, this.#tagBytes);
    return timingSafeEqual(tag, packet.subarray(packet.length - this.#tagBytes));
  }

  /** The compound packet in it; packets whose E bit says that they are not encrypted are still authenticated. */
  rtcp(packet: Buffer): Buffer | SrtpFault {
    const signed = packet.length - RTCP_TAG_BYTES - this.#mkiBytes;
    const end = signed - RTCP_INDEX_BYTES;
    if (end < RTCP_CLEAR_BYTES || packet.length > MAX_PACKET_BYTES) return "too-short";
    const word = readUint32(packet, end);
    const index = word & 0x7fffffff;
    const ssrc = readUint32(packet, 4);
    const known = this.#rtcpSources.get(ssrc);
    const source = known ?? new Source(index & 0xffff);
    if (known === undefined) source.rollover = index >>> 16;
    const ahead = source.aheadOf(index >>> 16, index & 0xffff);
    if (source.isReplayed(ahead)) return "replayed";
    const tag = this.#rtcp.tag(packet.subarray(0, signed), null).subarray(0, RTCP_TAG_BYTES);
    if (!timingSafeEqual(tag, packet.subarray(packet.length - RTCP_TAG_BYTES))) return "not-authentic";
    source.take(ahead, index >>> 16, index & 0xffff);
    if (known === undefined) this.#rtcpSources.keep(ssrc, source);
    if (word >>> 31 === 1) this.#rtcp.cipher(packet, { from: RTCP_CLEAR_BYTES, to: end }, rtcpIndexOf(packet, index));
    return packet.subarray(0, end);
  }
}

/** An encrypted call: what we send under, and what the peer does. */
export interface SrtpKeys {
  readonly send: SrtpKey;
  readonly receive: SrtpKey;
}

/** Both directions; a key that stays the same object after a re-INVITE keeps its counters (§3.3.1). */
export class SrtpPair {
  readonly send: SrtpSender;
  readonly receive: SrtpReceiver;
  readonly #keys: SrtpKeys;

  constructor(keys: SrtpKeys, before: SrtpPair | null) {
    this.#keys = keys;
    this.send = before !== null && before.#keys.send === keys.send ? before.send : new SrtpSender(keys.send);
    this.receive =
      before !== null && before.#keys.receive === keys.receive ? before.receive : new SrtpReceiver(keys.receive);
  }
}

const rtcpIndexOf = (packet: Uint8Array, index: number): PacketIndex => ({
  ssrc: readUint32(packet, 4),
  high: index >>> 16,
  low: index & 0xffff,
});

/** Behind contributors and extension, which stay in clear; -1: the packet is too short for what it says. */
function payloadStart(packet: Uint8Array): number {
  if (packet.length < RTP_HEADER_BYTES || packet[0]! >> 6 !== 2) return -1;
  const contributors = RTP_HEADER_BYTES + (packet[0]! & 0x0f) * 4;
  if ((packet[0]! & 0x10) === 0) return contributors <= packet.length ? contributors : -1;
  if (contributors + 4 > packet.length) return -1;
  const start = contributors + 4 + ((packet[contributors + 2]! << 8) | packet[contributors + 3]!) * 4;
  return start <= packet.length ? start : -1;
}

function xorUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at]! ^= value >>> 24;
  bytes[at + 1]! ^= value >>> 16;
  bytes[at + 2]! ^= value >>> 8;
  bytes[at + 3]! ^= value;
}

/** Moves all bits up by 1 to 31. */
function shiftUp(words: Uint32Array, by: number): void {
  for (let i = words.length - 1; i > 0; i--) words[i] = (words[i]! << by) | (words[i - 1]! >>> (32 - by));
  words[0] = words[0]! << by;
}
