import { isIPv4 } from "node:net";

/** What a packet of HEP version 3 tells besides the message: who captured it, by what right, and the call it belongs to. */
export interface HepIdentity {
  readonly captureId: number;
  readonly password: string;
}

/** What was on the wire between us and a peer. */
export interface HepPacket {
  readonly atMs: number;
  readonly out: boolean;
  /** `udp`; all else goes over TCP. */
  readonly transport: string;
  readonly local: { readonly address: string; readonly port: number };
  readonly remote: { readonly address: string; readonly port: number };
  readonly payload: "sip" | "rtcp";
  /** Of RTCP: its reports as JSON. */
  readonly data: Buffer;
  readonly callId: string;
}

/** Chunk types of the generic vendor (HEP/EEP revision 11, chapter "Generic chunk types"). */
const CHUNK = {
  ipFamily: 1,
  ipProtocol: 2,
  sourceV4: 3,
  destinationV4: 4,
  sourceV6: 5,
  destinationV6: 6,
  sourcePort: 7,
  destinationPort: 8,
  seconds: 9,
  microseconds: 10,
  payloadType: 11,
  captureId: 12,
  password: 14,
  payload: 15,
  correlationId: 17,
} as const;
const FAMILY = { v4: 2, v6: 10 };
const PROTOCOL = { udp: 17, tcp: 6 };
const PAYLOAD = { sip: 1, rtcp: 5 };
/** Its length stands in 16 bits. */
export const HEP_MAX_BYTES = 65_535;

/** Null: the message is too large for a packet. */
export function encodeHep(message: HepPacket, { captureId, password }: HepIdentity): Buffer | null {
  const { callId } = message;
  const source = message.out ? message.local : message.remote;
  const destination = message.out ? message.remote : message.local;
  const v4 = isIPv4(source.address) && isIPv4(destination.address);
  const seconds = Math.floor(message.atMs / 1000);
  const chunks = [
    chunk(CHUNK.ipFamily, u8(v4 ? FAMILY.v4 : FAMILY.v6)),
    chunk(CHUNK.ipProtocol, u8(message.transport === "udp" ? PROTOCOL.udp : PROTOCOL.tcp)),
    chunk(v4 ? CHUNK.sourceV4 : CHUNK.sourceV6, addressBytes(source.address, v4)),
    chunk(v4 ? CHUNK.destinationV4 : CHUNK.destinationV6, addressBytes(destination.address, v4)),
    chunk(CHUNK.sourcePort, u16(source.port)),
    chunk(CHUNK.destinationPort, u16(destination.port)),
    chunk(CHUNK.seconds, u32(seconds)),
    chunk(CHUNK.microseconds, u32(Math.floor((message.atMs - seconds * 1000) * 1000))),
    chunk(CHUNK.payloadType, u8(PAYLOAD[message.payload])),
    chunk(CHUNK.captureId, u32(captureId)),
    ...(password === "" ? [] : [chunk(CHUNK.password, Buffer.from(password, "utf8"))]),
    ...(callId === "" ? [] : [chunk(CHUNK.correlationId, Buffer.from(callId, "latin1"))]),
  ];
  const length = 6 + chunks.reduce((sum, item) => sum + item.length, 0) + 6 + message.data.length;
  if (length > HEP_MAX_BYTES) return null;
  return Buffer.concat([Buffer.from("HEP3"), u16(length), ...chunks, chunk(CHUNK.payload, message.data)], length);
}

function chunk(type: number, value: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(6 + value.length);
  bytes.writeUInt16BE(0, 0); // vendor: generic
  bytes.writeUInt16BE(type, 2);
  bytes.writeUInt16BE(bytes.length, 4);
  value.copy(bytes, 6);
  return bytes;
}

const u8 = (value: number): Buffer => Buffer.of(value);
function u16(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
function u32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** An IPv4 address beside an IPv6 one is written as mapped (RFC 4291 §2.5.5.2). */
export function addressBytes(address: string, v4: boolean): Buffer {
  if (v4) return Buffer.from(address.split(".").map(Number));
  const bytes = Buffer.alloc(16);
  if (isIPv4(address)) {
    bytes.writeUInt16BE(0xffff, 10);
    Buffer.from(address.split(".").map(Number)).copy(bytes, 12);
    return bytes;
  }
  const plain = address
    .replace(/%.*$/, "")
    .replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) =>
      [((Number(a) << 8) | Number(b)).toString(16), ((Number(c) << 8) | Number(d)).toString(16)].join(":"),
    );
  const [front = "", back] = plain.split("::");
  const words = (text: string): string[] => (text === "" ? [] : text.split(":"));
  words(front)
    .slice(0, 8)
    .forEach((word, i) => void bytes.writeUInt16BE(Number.parseInt(word, 16) & 0xffff, i * 2));
  const tail = words(back ?? "").slice(0, 8);
  tail.forEach((word, i) => void bytes.writeUInt16BE(Number.parseInt(word, 16) & 0xffff, (8 - tail.length + i) * 2));
  return bytes;
}
