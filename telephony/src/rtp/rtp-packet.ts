/** RTP packets, RFC 3550 §5.1: bytes in, values or faults out. Knows nothing of sockets or codecs. */

export const RTP_HEADER_BYTES = 12;
/** Longest datagram that is looked at; G.711 at 60 ms takes 492. */
export const MAX_RTP_BYTES = 1500;

/** The payload is `packet.subarray(payloadStart, payloadEnd)`: contributors, extension and padding are outside it. */
export interface RtpHeader {
  readonly type: "rtp";
  readonly marker: boolean;
  readonly payloadType: number;
  readonly sequence: number;
  readonly timestampTicks: number;
  readonly ssrc: number;
  readonly payloadStart: number;
  readonly payloadEnd: number;
}

export type RtpFaultReason = "too-short" | "too-long" | "wrong-version" | "cut-off" | "bad-padding" | "rtcp";
export interface RtpFault {
  readonly type: "fault";
  readonly reason: RtpFaultReason;
}

const FAULTS: { readonly [R in RtpFaultReason]: RtpFault } = {
  "too-short": { type: "fault", reason: "too-short" },
  "too-long": { type: "fault", reason: "too-long" },
  "wrong-version": { type: "fault", reason: "wrong-version" },
  "cut-off": { type: "fault", reason: "cut-off" },
  "bad-padding": { type: "fault", reason: "bad-padding" },
  rtcp: { type: "fault", reason: "rtcp" },
};

/** Whether a datagram on an RTP port is RTCP (RFC 5761 §4): some peers send both to one port without having asked. */
export const looksLikeRtcp = (packet: Uint8Array): boolean =>
  packet.length >= 4 && packet[0]! >> 6 === 2 && packet[1]! >= 192 && packet[1]! <= 223;

/** Reads a packet. Lists of contributors, header extensions (RFC 3550 §5.3.1, RFC 8285) and padding are stepped over. */
export function parseRtp(packet: Uint8Array): RtpHeader | RtpFault {
  const length = packet.length;
  if (length < RTP_HEADER_BYTES) return FAULTS["too-short"];
  if (length > MAX_RTP_BYTES) return FAULTS["too-long"];
  const first = packet[0]!;
  if (first >> 6 !== 2) return FAULTS["wrong-version"];
  if (looksLikeRtcp(packet)) return FAULTS.rtcp;
  let payloadStart = RTP_HEADER_BYTES + (first & 0x0f) * 4;
  let payloadEnd = length;
  if ((first & 0x10) !== 0) {
    if (payloadStart + 4 > length) return FAULTS["cut-off"];
    payloadStart += 4 + ((packet[payloadStart + 2]! << 8) | packet[payloadStart + 3]!) * 4;
  }
  if (payloadStart > length) return FAULTS["cut-off"];
  if ((first & 0x20) !== 0) {
    const padding = packet[length - 1]!;
    if (padding === 0 || payloadStart + padding > length) return FAULTS["bad-padding"];
    payloadEnd -= padding;
  }
  const second = packet[1]!;
  return {
    type: "rtp",
    marker: (second & 0x80) !== 0,
    payloadType: second & 0x7f,
    sequence: (packet[2]! << 8) | packet[3]!,
    timestampTicks: readUint32(packet, 4),
    ssrc: readUint32(packet, 8),
    payloadStart,
    payloadEnd,
  };
}

/** What a sender chooses for one packet. */
export interface RtpFields {
  readonly marker: boolean;
  readonly payloadType: number;
  readonly sequence: number;
  readonly timestampTicks: number;
  readonly ssrc: number;
}

/** Writes the 12 bytes of a plain header into `into`, which the caller keeps and fills up with the payload. */
export function writeRtpHeader(into: Uint8Array, fields: RtpFields): void {
  into[0] = 0x80;
  into[1] = (fields.marker ? 0x80 : 0) | (fields.payloadType & 0x7f);
  into[2] = fields.sequence >>> 8;
  into[3] = fields.sequence;
  writeUint32(into, 4, fields.timestampTicks);
  writeUint32(into, 8, fields.ssrc);
}

/** Distance from `a` to `b`, -32768..32767; RTP sequence numbers wrap at 2^16 (RFC 3550 §5.1). */
export const sequenceDistance = (a: number, b: number): number => ((b - a) << 16) >> 16;

/** Distance from `a` to `b` in ticks, -2^31..2^31-1; timestamps wrap at 2^32. */
export const timestampDistance = (a: number, b: number): number => (b - a) | 0;

export const readUint32 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;

export function writeUint32(into: Uint8Array, at: number, value: number): void {
  into[at] = value >>> 24;
  into[at + 1] = value >>> 16;
  into[at + 2] = value >>> 8;
  into[at + 3] = value;
}
