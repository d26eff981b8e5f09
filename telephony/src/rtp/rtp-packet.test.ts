import { expect, test } from "vitest";
import {
  looksLikeRtcp,
  parseRtp,
  type RtpHeader,
  sequenceDistance,
  timestampDistance,
  writeRtpHeader,
} from "./rtp-packet.ts";

const fields = { marker: true, payloadType: 8, sequence: 0xfffe, timestampTicks: 0xfffffff0, ssrc: 0xdeadbeef };
const packetOf = (head: number[], payload: number[]): Uint8Array => Uint8Array.from([...head, ...payload]);
const plain = [0x80, 8, 0, 1, 0, 0, 0, 160, 0, 0, 0, 7];

test("what is written is read back", () => {
  const bytes = new Uint8Array(12 + 3).fill(9);
  writeRtpHeader(bytes, fields);
  expect(parseRtp(bytes)).toEqual({ type: "rtp", ...fields, payloadStart: 12, payloadEnd: 15 });
});

test("contributors, an extension and padding are outside the payload", () => {
  const head = [0x80 | 0x20 | 0x10 | 2, ...plain.slice(1)];
  const contributors = [0, 0, 0, 1, 0, 0, 0, 2];
  const extension = [0xbe, 0xde, 0, 1, 0x10, 0xff, 0, 0];
  const packet = packetOf([...head, ...contributors, ...extension], [1, 2, 3, 0, 0, 3]);
  const { payloadStart, payloadEnd } = parseRtp(packet) as RtpHeader;
  expect([...packet.subarray(payloadStart, payloadEnd)]).toEqual([1, 2, 3]);
});

test("a header that promises more than there is is a fault", () => {
  expect(parseRtp(packetOf([0x8f, ...plain.slice(1)], [1, 2]))).toEqual({ type: "fault", reason: "cut-off" });
  expect(parseRtp(packetOf([0x90, ...plain.slice(1)], [0, 0, 0xff, 0xff]))).toEqual({
    type: "fault",
    reason: "cut-off",
  });
  expect(parseRtp(packetOf([0xa0, ...plain.slice(1)], [1, 200]))).toEqual({ type: "fault", reason: "bad-padding" });
  expect(parseRtp(packetOf([0xa0, ...plain.slice(1)], [1, 0]))).toEqual({ type: "fault", reason: "bad-padding" });
  expect(parseRtp(Uint8Array.from(plain.slice(0, 11)))).toEqual({ type: "fault", reason: "too-short" });
  expect(parseRtp(packetOf([0x40, ...plain.slice(1)], []))).toEqual({ type: "fault", reason: "wrong-version" });
  expect(parseRtp(new Uint8Array(1501).fill(0x80))).toEqual({ type: "fault", reason: "too-long" });
});

test("a report on the RTP port is told from a packet", () => {
  const report = Uint8Array.from([0x80, 200, 0, 6, ...new Array(24).fill(0)]);
  expect(looksLikeRtcp(report)).toBe(true);
  expect(parseRtp(report)).toEqual({ type: "fault", reason: "rtcp" });
  expect(looksLikeRtcp(packetOf(plain, []))).toBe(false);
});

test("distances wrap where the numbers do", () => {
  expect(sequenceDistance(0xffff, 1)).toBe(2);
  expect(sequenceDistance(1, 0xffff)).toBe(-2);
  expect(timestampDistance(0xfffffff0, 0x10)).toBe(0x20);
  expect(timestampDistance(0x10, 0xfffffff0)).toBe(-0x20);
});
