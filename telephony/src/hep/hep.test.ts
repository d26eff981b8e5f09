import { expect, test } from "vitest";
import { parseRtcp } from "../rtp/rtcp-packet.ts";
import { encodeHep, type HepPacket } from "./hep.ts";
import { rtcpJson } from "./rtcp-json.ts";

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

const message: HepPacket = {
  atMs: 1_700_000_000_123.456,
  out: false,
  transport: "udp",
  local: { address: "192.0.2.1", port: 5060 },
  remote: { address: "198.51.100.7", port: 40_000 },
  payload: "sip",
  data: Buffer.from("OPTIONS sip:a SIP/2.0\r\n\r\n"),
  callId: "call-1",
};
const identity = { captureId: 2001, password: "homer" };

test("a message that came in goes from the peer to us, with time, capture id, password and call", () => {
  const chunks = decode(encodeHep(message, identity) ?? Buffer.alloc(0));
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
    transport: "tls",
    callId: "",
    local: { address: "2001:db8::1", port: 5061 },
    remote: { address: "fe80::1%eth0", port: 5061 },
  };
  const chunks = decode(encodeHep(out, { captureId: 1, password: "" }) ?? Buffer.alloc(0));
  expect([chunks.get(1)?.[0], chunks.get(2)?.[0]]).toEqual([10, 6]);
  expect(chunks.get(5)?.toString("hex")).toBe("20010db8000000000000000000000001");
  expect(chunks.get(6)?.toString("hex")).toBe("fe800000000000000000000000000001");
  expect([chunks.has(14), chunks.has(17), chunks.has(3)]).toEqual([false, false, false]);
});

test("a message that no packet can hold is left out", () => {
  expect(encodeHep({ ...message, data: Buffer.alloc(65_500) }, identity)).toBeNull();
});

test("reports of RTCP go as JSON under payload type 5; a packet without a report does not", () => {
  const report = Buffer.from(`81c900070000cafe0000beef40000005${"0".repeat(8)}000000a0${"0".repeat(16)}`, "hex");
  const packets = parseRtcp(report);
  if ("reason" in packets) throw new Error(packets.reason);
  const json = rtcpJson(packets) ?? "";
  const chunks = decode(
    encodeHep({ ...message, payload: "rtcp", data: Buffer.from(json) }, identity) ?? Buffer.alloc(0),
  );
  expect(chunks.get(11)?.[0]).toBe(5);
  expect(JSON.parse(chunks.get(15)?.toString() ?? "")).toMatchObject({
    ...{ type: 201, ssrc: 0xcafe, report_count: 1 },
    report_blocks: [{ source_ssrc: 0xbeef, fraction_lost: 64, packets_lost: 5, ia_jitter: 160 }],
  });
  expect(rtcpJson([{ type: "bye", ssrcs: [1] }])).toBeNull();
});
