import fc from "fast-check";
import { expect, test } from "vitest";
import { parseRtcp, type ReportBlock, type RtcpPacket, writeRtcp } from "./rtcp-packet.ts";
import { parseRtp, type RtpFields, writeRtpHeader } from "./rtp-packet.ts";

const uint32 = fc.integer({ min: 0, max: 0xffffffff });

test("no bytes make the parsers throw, and a payload lies within its packet", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, versionTwo) => {
      if (versionTwo && bytes.length > 0) bytes[0] = 0x80 | (bytes[0]! & 0x3f);
      const header = parseRtp(bytes);
      if (header.type === "rtp") {
        expect(header.payloadStart).toBeGreaterThanOrEqual(12);
        expect(header.payloadEnd).toBeGreaterThanOrEqual(header.payloadStart);
        expect(header.payloadEnd).toBeLessThanOrEqual(bytes.length);
      }
      if (bytes.length > 1) bytes[1] = 200 + (bytes[1]! % 5);
      parseRtcp(bytes);
    }),
    { numRuns: 2000 },
  );
});

test("every header that is written is read back", () => {
  const fields: fc.Arbitrary<RtpFields> = fc.record({
    marker: fc.boolean(),
    payloadType: fc.integer({ min: 0, max: 63 }), // 64..95 with a marker would be taken for RTCP (RFC 5761 §4)
    sequence: fc.integer({ min: 0, max: 0xffff }),
    timestampTicks: uint32,
    ssrc: uint32,
  });
  fc.assert(
    fc.property(fields, fc.uint8Array({ maxLength: 500 }), (written, payload) => {
      const packet = new Uint8Array(12 + payload.length);
      writeRtpHeader(packet, written);
      packet.set(payload, 12);
      expect(parseRtp(packet)).toEqual({ type: "rtp", ...written, payloadStart: 12, payloadEnd: packet.length });
    }),
  );
});

test("every compound report that is written is read back", () => {
  const block: fc.Arbitrary<ReportBlock> = fc.record({
    ssrc: uint32,
    fractionLost: fc.integer({ min: 0, max: 255 }),
    cumulativeLost: fc.integer({ min: -0x800000, max: 0x7fffff }),
    highestSequence: uint32,
    jitterTicks: uint32,
    lastSenderReport: uint32,
    delaySinceLastSenderReport: uint32,
  });
  const blocks = fc.array(block, { maxLength: 3 });
  const packet: fc.Arbitrary<RtcpPacket> = fc.oneof(
    fc.record({
      type: fc.constant("sender-report" as const),
      ssrc: uint32,
      ntpSeconds: uint32,
      ntpFraction: uint32,
      rtpTimestampTicks: uint32,
      packetCount: uint32,
      octetCount: uint32,
      blocks,
    }),
    fc.record({ type: fc.constant("receiver-report" as const), ssrc: uint32, blocks }),
    fc.record({
      type: fc.constant("source-description" as const),
      ssrc: uint32,
      cname: fc.stringMatching(/^[a-zA-Z0-9@._-]{0,60}$/),
    }),
    fc.record({ type: fc.constant("bye" as const), ssrcs: fc.array(uint32, { minLength: 1, maxLength: 4 }) }),
  );
  fc.assert(
    fc.property(fc.array(packet, { minLength: 1, maxLength: 4 }), (packets) => {
      const bytes = writeRtcp(packets);
      expect(bytes.length % 4).toBe(0);
      expect(parseRtcp(bytes)).toEqual(packets);
      expect(parseRtcp(bytes.subarray(0, bytes.length - 1))).toHaveProperty("type", "fault");
    }),
  );
});
