/** RTCP compound packets, RFC 3550 §6: sender and receiver reports, source description, goodbye. Other kinds are stepped over. */
import { readUint32, writeUint32 } from "./rtp-packet.ts";

const SR = 200;
const RR = 201;
const SDES = 202;
const BYE = 203;
const CNAME = 1;

/** What a receiver says about one source (RFC 3550 §6.4.1). */
export interface ReportBlock {
  readonly ssrc: number;
  /** Of the packets expected since the last report, 0..255 for 0..1. */
  readonly fractionLost: number;
  /** Signed: duplicates may make it negative. */
  readonly cumulativeLost: number;
  readonly highestSequence: number;
  readonly jitterTicks: number;
  /** Middle 32 bits of the NTP time of the last SR that the receiver had from us; 0: none yet. */
  readonly lastSenderReport: number;
  /** Since that SR, in 1/65536 s. */
  readonly delaySinceLastSenderReport: number;
}

export type RtcpPacket =
  | {
      readonly type: "sender-report";
      readonly ssrc: number;
      readonly ntpSeconds: number;
      readonly ntpFraction: number;
      readonly rtpTimestampTicks: number;
      readonly packetCount: number;
      readonly octetCount: number;
      readonly blocks: readonly ReportBlock[];
    }
  | { readonly type: "receiver-report"; readonly ssrc: number; readonly blocks: readonly ReportBlock[] }
  | { readonly type: "source-description"; readonly ssrc: number; readonly cname: string }
  | { readonly type: "bye"; readonly ssrcs: readonly number[] };

export interface RtcpFault {
  readonly type: "fault";
  readonly reason: "too-short" | "wrong-version" | "cut-off" | "not-rtcp";
}

/** Reads a compound packet. One part that is cut off makes the whole a fault: the lengths behind it cannot be trusted. */
export function parseRtcp(bytes: Uint8Array): readonly RtcpPacket[] | RtcpFault {
  if (bytes.length < 8) return { type: "fault", reason: "too-short" };
  const packets: RtcpPacket[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) return { type: "fault", reason: "cut-off" };
    if (bytes[at]! >> 6 !== 2) return { type: "fault", reason: "wrong-version" };
    const kind = bytes[at + 1]!;
    if (at === 0 && (kind < 192 || kind > 223)) return { type: "fault", reason: "not-rtcp" };
    const end = at + 4 + ((bytes[at + 2]! << 8) | bytes[at + 3]!) * 4;
    if (end > bytes.length) return { type: "fault", reason: "cut-off" };
    const packet = parseOne(bytes, at, end, kind);
    if (packet !== null) packets.push(packet);
    at = end;
  }
  return packets;
}

function parseOne(bytes: Uint8Array, at: number, end: number, kind: number): RtcpPacket | null {
  const count = bytes[at]! & 0x1f;
  switch (kind) {
    case SR:
      if (at + 28 + count * 24 > end) return null;
      return {
        type: "sender-report",
        ssrc: readUint32(bytes, at + 4),
        ntpSeconds: readUint32(bytes, at + 8),
        ntpFraction: readUint32(bytes, at + 12),
        rtpTimestampTicks: readUint32(bytes, at + 16),
        packetCount: readUint32(bytes, at + 20),
        octetCount: readUint32(bytes, at + 24),
        blocks: parseBlocks(bytes, at + 28, count),
      };
    case RR:
      if (at + 8 + count * 24 > end) return null;
      return { type: "receiver-report", ssrc: readUint32(bytes, at + 4), blocks: parseBlocks(bytes, at + 8, count) };
    case SDES:
      return parseSdes(bytes, at, end, count);
    case BYE: {
      if (at + 4 + count * 4 > end) return null;
      const ssrcs: number[] = [];
      for (let i = 0; i < count; i++) ssrcs.push(readUint32(bytes, at + 4 + i * 4));
      return { type: "bye", ssrcs };
    }
    default:
      return null;
  }
}

function parseBlocks(bytes: Uint8Array, start: number, count: number): ReportBlock[] {
  const blocks: ReportBlock[] = [];
  for (let i = 0; i < count; i++) {
    const at = start + i * 24;
    const word = readUint32(bytes, at + 4);
    blocks.push({
      ssrc: readUint32(bytes, at),
      fractionLost: word >>> 24,
      cumulativeLost: (word << 8) >> 8,
      highestSequence: readUint32(bytes, at + 8),
      jitterTicks: readUint32(bytes, at + 12),
      lastSenderReport: readUint32(bytes, at + 16),
      delaySinceLastSenderReport: readUint32(bytes, at + 20),
    });
  }
  return blocks;
}

/** Only the first chunk's CNAME matters to us: there is one source a stream. */
function parseSdes(bytes: Uint8Array, start: number, end: number, count: number): RtcpPacket | null {
  if (count === 0 || start + 8 > end) return null;
  const ssrc = readUint32(bytes, start + 4);
  let at = start + 8;
  while (at + 2 <= end && bytes[at] !== 0) {
    const length = bytes[at + 1]!;
    if (at + 2 + length > end) return null;
    if (bytes[at] === CNAME) {
      let cname = "";
      for (let i = 0; i < length; i++) cname += String.fromCharCode(bytes[at + 2 + i]!);
      return { type: "source-description", ssrc, cname };
    }
    at += 2 + length;
  }
  return { type: "source-description", ssrc, cname: "" };
}

/** Writes a compound packet; the order is the caller's, and RFC 3550 §6.1 wants a report first and a CNAME in each. */
export function writeRtcp(packets: readonly RtcpPacket[]): Uint8Array {
  const into = new Uint8Array(packets.reduce((sum, packet) => sum + sizeOf(packet), 0));
  let at = 0;
  for (const packet of packets) {
    writeOne(into, at, packet);
    at += sizeOf(packet);
  }
  return into;
}

function sizeOf(packet: RtcpPacket): number {
  switch (packet.type) {
    case "sender-report":
      return 28 + packet.blocks.length * 24;
    case "receiver-report":
      return 8 + packet.blocks.length * 24;
    case "source-description":
      return 8 + Math.ceil((2 + packet.cname.length + 1) / 4) * 4;
    case "bye":
      return 4 + packet.ssrcs.length * 4;
  }
}

function writeOne(into: Uint8Array, at: number, packet: RtcpPacket): void {
  switch (packet.type) {
    case "sender-report":
      writeHead(into, at, { count: packet.blocks.length, kind: SR, size: sizeOf(packet) });
      writeUint32(into, at + 4, packet.ssrc);
      writeUint32(into, at + 8, packet.ntpSeconds);
      writeUint32(into, at + 12, packet.ntpFraction);
      writeUint32(into, at + 16, packet.rtpTimestampTicks);
      writeUint32(into, at + 20, packet.packetCount);
      writeUint32(into, at + 24, packet.octetCount);
      writeBlocks(into, at + 28, packet.blocks);
      return;
    case "receiver-report":
      writeHead(into, at, { count: packet.blocks.length, kind: RR, size: sizeOf(packet) });
      writeUint32(into, at + 4, packet.ssrc);
      writeBlocks(into, at + 8, packet.blocks);
      return;
    case "source-description":
      writeHead(into, at, { count: 1, kind: SDES, size: sizeOf(packet) });
      writeUint32(into, at + 4, packet.ssrc);
      into[at + 8] = CNAME;
      into[at + 9] = packet.cname.length;
      for (let i = 0; i < packet.cname.length; i++) into[at + 10 + i] = packet.cname.charCodeAt(i);
      return;
    case "bye":
      writeHead(into, at, { count: packet.ssrcs.length, kind: BYE, size: sizeOf(packet) });
      packet.ssrcs.forEach((ssrc, i) => {
        writeUint32(into, at + 4 + i * 4, ssrc);
      });
  }
}

function writeHead(into: Uint8Array, at: number, head: { count: number; kind: number; size: number }): void {
  const words = head.size / 4 - 1;
  into[at] = 0x80 | head.count;
  into[at + 1] = head.kind;
  into[at + 2] = words >>> 8;
  into[at + 3] = words;
}

function writeBlocks(into: Uint8Array, start: number, blocks: readonly ReportBlock[]): void {
  blocks.forEach((block, i) => {
    const at = start + i * 24;
    writeUint32(into, at, block.ssrc);
    writeUint32(into, at + 4, ((block.fractionLost & 0xff) << 24) | (block.cumulativeLost & 0xffffff));
    writeUint32(into, at + 8, block.highestSequence);
    writeUint32(into, at + 12, block.jitterTicks);
    writeUint32(into, at + 16, block.lastSenderReport);
    writeUint32(into, at + 20, block.delaySinceLastSenderReport);
  });
}

const NTP_OF_UNIX_EPOCH = 2_208_988_800; // seconds from 1900 to 1970

/** NTP time (RFC 3550 §4) of a Unix time in milliseconds. */
export function ntpOf(unixMs: number): {
  readonly seconds: number;
  readonly fraction: number;
  readonly middle: number;
} {
  const whole = Math.floor(unixMs / 1000);
  const seconds = (whole + NTP_OF_UNIX_EPOCH) >>> 0;
  const fraction = Math.floor(((unixMs - whole * 1000) / 1000) * 2 ** 32) >>> 0;
  return { seconds, fraction, middle: ((seconds << 16) | (fraction >>> 16)) >>> 0 };
}

/** Round trip by RFC 3550 §6.4.1 in ms, or null when the block answers no report of ours or the clocks make no sense. */
export function roundTripMs(block: ReportBlock, arrivalNtpMiddle: number): number | null {
  if (block.lastSenderReport === 0) return null;
  const units = (arrivalNtpMiddle - block.delaySinceLastSenderReport - block.lastSenderReport) | 0;
  return units < 0 || units > 60 * 65536 ? null : (units * 1000) / 65536;
}
