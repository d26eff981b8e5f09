import { isIPv4 } from "node:net";
import type { WirePacket } from "./wire.ts";

/**
 * A classic pcap file (microseconds) of raw IP packets (LINKTYPE_RAW). Kept are the messages, not the frames: IP and UDP headers are
 * written anew, with right lengths and checksums. What went over TCP, TLS or WebSocket stands in UDP datagrams too, one for each
 * message and unencrypted, between the addresses and ports of the connection.
 */
const MAGIC = 0xa1b2c3d4;
const LINKTYPE_RAW = 101;
const SNAP_BYTES = 65_535;
const UDP = 17;
const UDP_HEAD = 8;
const V4_HEAD = 20;
const V6_HEAD = 40;
const TTL = 64;

export function pcapHeader(): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(MAGIC, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(SNAP_BYTES, 16);
  head.writeUInt32LE(LINKTYPE_RAW, 20);
  return head;
}

export function pcapRecord(packet: WirePacket): Buffer {
  const [source, destination] = packet.out ? [packet.local, packet.remote] : [packet.remote, packet.local];
  const v4 = isIPv4(source.address) && isIPv4(destination.address);
  const ipHead = v4 ? V4_HEAD : V6_HEAD;
  const data = packet.data.subarray(0, SNAP_BYTES - ipHead - UDP_HEAD);
  const udpLength = UDP_HEAD + data.length;
  const record = Buffer.alloc(16 + ipHead + udpLength);
  const seconds = Math.floor(packet.atMs / 1000);
  record.writeUInt32LE(seconds, 0);
  record.writeUInt32LE(Math.min(999_999, Math.round((packet.atMs - seconds * 1000) * 1000)), 4);
  record.writeUInt32LE(ipHead + udpLength, 8);
  record.writeUInt32LE(ipHead + udpLength, 12);
  const ip = record.subarray(16);
  const from = v4 ? v4Bytes(source.address) : v6Bytes(source.address);
  const to = v4 ? v4Bytes(destination.address) : v6Bytes(destination.address);
  if (v4) {
    ip[0] = 0x45;
    ip.writeUInt16BE(ipHead + udpLength, 2);
    ip.writeUInt16BE(0x4000, 6); // do not fragment
    ip[8] = TTL;
    ip[9] = UDP;
    from.copy(ip, 12);
    to.copy(ip, 16);
    ip.writeUInt16BE(checksum(ip.subarray(0, V4_HEAD)), 10);
  } else {
    ip[0] = 0x60;
    ip.writeUInt16BE(udpLength, 4);
    ip[6] = UDP;
    ip[7] = TTL;
    from.copy(ip, 8);
    to.copy(ip, 24);
  }
  const udp = ip.subarray(ipHead);
  udp.writeUInt16BE(source.port, 0);
  udp.writeUInt16BE(destination.port, 2);
  udp.writeUInt16BE(udpLength, 4);
  data.copy(udp, UDP_HEAD);
  const sum = checksum(Buffer.concat([from, to, Buffer.of(0, UDP, udpLength >> 8, udpLength & 0xff), udp]));
  udp.writeUInt16BE(sum === 0 ? 0xffff : sum, 6); // 0 would say that there is none (RFC 768)
  return record;
}

/** RFC 1071. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let i = 0; i + 1 < bytes.length; i += 2) sum += bytes.readUInt16BE(i);
  if (bytes.length % 2 === 1) sum += (bytes.at(-1) ?? 0) << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

const v4Bytes = (address: string): Buffer => Buffer.from(address.split(".").map(Number));

/** An IPv4 address beside an IPv6 one is written as mapped (RFC 4291 §2.5.5.2). */
function v6Bytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.concat([Buffer.alloc(10), Buffer.of(0xff, 0xff), v4Bytes(address)]);
  const bytes = Buffer.alloc(16);
  const [front = "", back = ""] = withoutDots(address.replace(/%.*$/, "")).split("::");
  const words = (text: string): readonly number[] =>
    text === ""
      ? []
      : text
          .split(":")
          .slice(0, 8)
          .map((word) => Number.parseInt(word, 16) & 0xffff);
  words(front).forEach((word, i) => void bytes.writeUInt16BE(word, i * 2));
  const tail = words(back);
  tail.forEach((word, i) => void bytes.writeUInt16BE(word, 16 - (tail.length - i) * 2));
  return bytes;
}

/** `::ffff:192.0.2.1` → `::ffff:c000:201`. */
const withoutDots = (address: string): string =>
  address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, ...octets: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = octets.map(Number);
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
