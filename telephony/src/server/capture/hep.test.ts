import { expect, test } from "vitest";
import { encodeHep } from "./hep.ts";
import type { Captured } from "./segment.ts";

/** Chunks of a HEPv3 packet by type, read as a collector reads them. */
function decode(packet: Buffer): ReadonlyMap<number, Buffer> {
  expect(packet.toString("latin1", 0, 4)).toBe("HEP3");
  expect(packet.readUInt16BE(4)).toBe(packet.length);
  const chunks = new Map<number, Buffer>();
  for (let at = 6; at < packet.length; ) {
    expect(packet.readUInt16BE(at)).toBe(0);
    const length = packet.readUInt16BE(at + 4);
    chunks.set(packet.readUInt16BE(at + 2), packet.subarray(at + 6, at + length));
    at += length;
  }
  return chunks;
}

const message: Captured = {
  atMs: 1_700_000_000_123.456,
  out: false,
  transport: "udp",
  local: { address: "192.0.2.1", port: 5060 },
  remote: { address: "198.51.100.7", port: 40_000 },
  data: Buffer.from("OPTIONS sip:a SIP/2.0\r\n\r\n"),
};
const identity = { captureId: 2001, password: "homer" };

test("a message that came in goes from the peer to us, with time, capture id, password and call", () => {
  const chunks = decode(encodeHep(message, "call-1", identity) ?? Buffer.alloc(0));
  const hex = Object.fromEntries([...chunks].map(([type, value]) => [type, value.toString("hex")]));
  expect(hex).toMatchObject({
    ...{ 1: "02", 2: "11", 3: "c6336407", 4: "c0000201", 7: "9c40", 8: "13c4" },
    ...{ 9: (1_700_000_000).toString(16), 11: "01", 12: "000007d1" },
  });
  expect(Math.abs((chunks.get(10)?.readUInt32BE() ?? 0) - 123_456)).toBeLessThanOrEqual(1);
  expect(chunks.get(14)?.toString()).toBe("homer");
  expect(chunks.get(17)?.toString()).toBe("call-1");
  expect(chunks.get(15)?.equals(message.data)).toBe(true);
});

test("one that goes out over TLS and IPv6 is told as such", () => {
  const out = {
    ...message,
    out: true,
    transport: "tls" as const,
    local: { address: "2001:db8::1", port: 5061 },
    remote: { address: "fe80::1%eth0", port: 5061 },
  };
  const chunks = decode(encodeHep(out, "", { captureId: 1, password: "" }) ?? Buffer.alloc(0));
  expect([chunks.get(1)?.[0], chunks.get(2)?.[0]]).toEqual([10, 6]);
  expect(chunks.get(5)?.toString("hex")).toBe("20010db8000000000000000000000001");
  expect(chunks.get(6)?.toString("hex")).toBe("fe800000000000000000000000000001");
  expect([chunks.has(14), chunks.has(17), chunks.has(3)]).toEqual([false, false, false]);
});

test("a message that no packet can hold is left out", () => {
  expect(encodeHep({ ...message, data: Buffer.alloc(65_500) }, "c", identity)).toBeNull();
});
