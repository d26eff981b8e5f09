import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { pcapHeader, pcapRecord } from "./pcap.ts";
import type { WirePacket } from "./wire.ts";

const packet = (local: string, remote: string, data: Buffer): WirePacket => ({
  atMs: 1_700_000_000_123.456,
  out: true,
  local: { address: local, port: 5060 },
  remote: { address: remote, port: 40_000 },
  data,
});

/** RFC 1071: with the sum itself in it, the words add up to all ones. */
const addsUp = (bytes: Buffer): boolean => {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum === 0xffff;
};

test("headers are written anew with right lengths and checksums, for IPv4 and IPv6 and odd lengths", () => {
  for (const size of [0, 1, 172, 1301]) {
    const v4 = pcapRecord(packet("192.0.2.1", "198.51.100.7", Buffer.alloc(size, 0xa7))).subarray(16);
    expect(v4).toHaveLength(28 + size);
    expect(addsUp(v4.subarray(0, 20))).toBe(true);
    const length = Buffer.of(0, 17, (8 + size) >> 8, (8 + size) & 0xff);
    expect(addsUp(Buffer.concat([v4.subarray(12, 20), length, v4.subarray(20)]))).toBe(true);
    const v6 = pcapRecord(packet("2001:db8::1", "::ffff:192.0.2.9", Buffer.alloc(size, 0xa7))).subarray(16);
    expect(v6.subarray(8, 24).toString("hex")).toBe("20010db8000000000000000000000001");
    expect(v6.subarray(24, 40).toString("hex")).toBe("00000000000000000000ffffc0000209");
    expect(addsUp(Buffer.concat([v6.subarray(8, 40), length, v6.subarray(40)]))).toBe(true);
  }
});

test("time is kept to the microsecond, and a message too long for a datagram is cut", () => {
  const record = pcapRecord(packet("192.0.2.1", "198.51.100.7", Buffer.alloc(70_000)));
  expect(record.readUInt32LE(0)).toBe(1_700_000_000);
  expect(Math.abs(record.readUInt32LE(4) - 123_456)).toBeLessThanOrEqual(1);
  expect(record.readUInt32LE(8)).toBe(65_535);
});

test.skipIf(!existsSync("/usr/bin/tshark"))("tshark finds nothing wrong with RTP and RTCP in it", () => {
  const sdp = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 20000 RTP/AVP 8\r\n";
  const invite = `INVITE sip:1@198.51.100.7 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:b@y>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\nContent-Type: application/sdp\r\nContent-Length: ${sdp.length}\r\n\r\n${sdp}`;
  const media = (port: number, data: Buffer): WirePacket => ({
    ...packet("192.0.2.1", "198.51.100.7", data),
    out: false,
    local: { address: "192.0.2.1", port },
  });
  const rtp = Buffer.concat([Buffer.from("8008000100000001deadbeef", "hex"), Buffer.alloc(160, 0xd5)]);
  const rtcp = Buffer.from("80c90001deadbeef81ca0002deadbeef01016100", "hex");
  const folder = mkdtempSync(path.join(tmpdir(), "intramuros-pcap-"));
  const file = path.join(folder, "call.pcap");
  const packets = [packet("192.0.2.1", "198.51.100.7", Buffer.from(invite)), media(20_000, rtp), media(20_001, rtcp)];
  writeFileSync(file, Buffer.concat([pcapHeader(), ...packets.map(pcapRecord)]));
  const fields = ["_ws.col.Protocol", "_ws.malformed", "udp.checksum.status"].flatMap((field) => ["-e", field]);
  const read = spawnSync("tshark", ["-r", file, "-o", "udp.check_checksum:TRUE", "-T", "fields", ...fields], {
    encoding: "utf8",
  });
  rmSync(folder, { recursive: true });
  expect(read.stdout.trim().split("\n")).toEqual(["SIP/SDP\t\t1", "RTP\t\t1", "RTCP\t\t1"]);
});
