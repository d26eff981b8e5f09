import type { Endpoint } from "../core/state.ts";

/**
 * Messages one behind the other in one block of memory; the sealed file of a segment holds the same bytes.
 *
 *     length u32 | time f64 (Unix ms) | way u8 (bit 7: out; bits 0-2: transport) | local port u16 | remote port u16
 *     | length of local address u8 | of remote address u8 | local | remote | the message as it was on the wire
 *
 * Changed in place, like the state of the core: it takes several thousand messages a second.
 */
export interface Segment {
  readonly seq: number;
  readonly bytes: Buffer;
  used: number;
  count: number;
  /** Time of the latest message; 0: none yet. */
  lastMs: number;
}

export interface Captured {
  readonly atMs: number;
  readonly out: boolean;
  readonly transport: CapturedTransport;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly data: Buffer;
}

export const CAPTURED_TRANSPORTS = ["udp", "tcp", "tls", "ws", "wss"] as const;
export type CapturedTransport = (typeof CAPTURED_TRANSPORTS)[number];
const HEAD_BYTES = 19;
const ADDRESS_MAX = 64;

export const newSegment = (seq: number, size: number): Segment => ({
  seq,
  bytes: Buffer.allocUnsafeSlow(size),
  used: 0,
  count: 0,
  lastMs: 0,
});

/** False: there is no room left. */
export function append(segment: Segment, message: Captured): boolean {
  const { bytes, used } = segment;
  const local = message.local.address;
  const remote = message.remote.address;
  const length = HEAD_BYTES + local.length + remote.length + message.data.length;
  if (used + length > bytes.length || local.length > ADDRESS_MAX || remote.length > ADDRESS_MAX) return false;
  bytes.writeUInt32BE(length, used);
  bytes.writeDoubleBE(message.atMs, used + 4);
  bytes[used + 12] = (message.out ? 0x80 : 0) | CAPTURED_TRANSPORTS.indexOf(message.transport);
  bytes.writeUInt16BE(message.local.port, used + 13);
  bytes.writeUInt16BE(message.remote.port, used + 15);
  bytes[used + 17] = local.length;
  bytes[used + 18] = remote.length;
  bytes.write(local, used + HEAD_BYTES, "latin1");
  bytes.write(remote, used + HEAD_BYTES + local.length, "latin1");
  message.data.copy(bytes, used + length - message.data.length);
  segment.used += length;
  segment.count++;
  segment.lastMs = message.atMs;
  return true;
}

/** The message at an offset that {@link offsets} gave; its data lies in the segment and is not copied. */
export function readAt({ bytes }: Segment, at: number): Captured {
  const way = bytes[at + 12] ?? 0;
  const localEnd = at + HEAD_BYTES + (bytes[at + 17] ?? 0);
  const remoteEnd = localEnd + (bytes[at + 18] ?? 0);
  return {
    atMs: bytes.readDoubleBE(at + 4),
    out: (way & 0x80) !== 0,
    transport: CAPTURED_TRANSPORTS[way & 0x07] ?? "udp",
    local: { address: bytes.toString("latin1", at + HEAD_BYTES, localEnd), port: bytes.readUInt16BE(at + 13) },
    remote: { address: bytes.toString("latin1", localEnd, remoteEnd), port: bytes.readUInt16BE(at + 15) },
    data: bytes.subarray(remoteEnd, at + bytes.readUInt32BE(at)),
  };
}

export const lengthAt = ({ bytes }: Segment, at: number): number => bytes.readUInt32BE(at);

/** Where the messages from `from` on begin. */
export function* offsets({ bytes, used }: Segment, from = 0): Generator<number> {
  for (let at = from; at < used; at += bytes.readUInt32BE(at)) yield at;
}

/** A segment from bytes that came off the disk; what does not fit together at the end is left out. */
export function segmentOf(seq: number, bytes: Buffer): Segment {
  let used = 0;
  let count = 0;
  let lastMs = 0;
  while (used + HEAD_BYTES <= bytes.length) {
    const length = bytes.readUInt32BE(used);
    const addresses = (bytes[used + 17] ?? 0) + (bytes[used + 18] ?? 0);
    if (length < HEAD_BYTES + addresses || used + length > bytes.length) break;
    lastMs = bytes.readDoubleBE(used + 4);
    used += length;
    count++;
  }
  return { seq, bytes, used, count, lastMs };
}
