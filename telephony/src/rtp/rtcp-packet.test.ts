import { expect, test } from "vitest";
import { ntpOf, parseRtcp, type ReportBlock, roundTripMs } from "./rtcp-packet.ts";

const block: ReportBlock = {
  ssrc: 1,
  fractionLost: 0,
  cumulativeLost: 0,
  highestSequence: 0,
  jitterTicks: 0,
  lastSenderReport: 0xb705_2000,
  delaySinceLastSenderReport: 0x0005_4000,
};

test("the round trip of RFC 3550's own example is 6.125 s", () => {
  expect(roundTripMs(block, 0xb710_8000)).toBe(6125); // figure 2: A 0xb710:8000, DLSR 5.25 s, LSR 0xb705:2000
});

test("a block that answers no report of ours, or from a clock that went back, gives no round trip", () => {
  expect(roundTripMs({ ...block, lastSenderReport: 0 }, 0xb710_8000)).toBeNull();
  expect(roundTripMs(block, 0xb705_2000)).toBeNull();
});

test("NTP time counts from 1900, in 2^32nds", () => {
  expect(ntpOf(0)).toEqual({ seconds: 2_208_988_800, fraction: 0, middle: (2_208_988_800 & 0xffff) * 0x10000 });
  expect(ntpOf(500).fraction).toBe(0x8000_0000);
});

test("kinds that we do not know are stepped over, what is cut off is a fault", () => {
  const unknown = [0x80, 207, 0, 1, 1, 2, 3, 4];
  const bye = [0x81, 203, 0, 1, 0, 0, 0, 9];
  expect(parseRtcp(Uint8Array.from([...unknown, ...bye]))).toEqual([{ type: "bye", ssrcs: [9] }]);
  expect(parseRtcp(Uint8Array.from([...bye, 0x81, 203, 0, 9]))).toEqual({ type: "fault", reason: "cut-off" });
  expect(parseRtcp(Uint8Array.from([0x80, 8, 0, 1, 0, 0, 0, 9]))).toEqual({ type: "fault", reason: "not-rtcp" });
});
