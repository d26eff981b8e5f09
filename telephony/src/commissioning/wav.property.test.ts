import fc from "fast-check";
import { expect, test } from "vitest";
import { trimEnd } from "./voice-meter.ts";
import { readWav } from "./wav.ts";

function wavOf(samples: Int16Array, sampleRateHz: number): Buffer {
  const bytes = Buffer.alloc(44 + samples.length * 2);
  bytes.write("RIFF", 0, "latin1");
  bytes.writeUInt32LE(36 + samples.length * 2, 4);
  bytes.write("WAVEfmt ", 8, "latin1");
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(sampleRateHz, 24);
  bytes.writeUInt32LE(sampleRateHz * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36, "latin1");
  bytes.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((sample, n) => {
    bytes.writeInt16LE(sample, 44 + n * 2);
  });
  return bytes;
}

test("what was written is read back", () => {
  fc.assert(
    fc.property(fc.int16Array({ maxLength: 500 }), (samples) => {
      expect(readWav(wavOf(samples, 16_000))).toEqual({ type: "ok", samples, sampleRateHz: 16_000 });
    }),
  );
});

test("no bytes make the reader throw", () => {
  const whole = wavOf(new Int16Array(50).fill(1000), 8000);
  fc.assert(
    fc.property(fc.nat(whole.length), fc.nat(whole.length - 1), fc.nat(255), (length, at, value) => {
      const bytes = Buffer.from(whole.subarray(0, length));
      if (at < bytes.length) bytes[at] = value;
      expect(["ok", "faulty"]).toContain(readWav(bytes).type);
    }),
  );
});

test("trimming leaves the voice whole, its soft beginning too, and no silent frame at the end", () => {
  const samples = new Int16Array(1600);
  samples.fill(3000, 480, 1120);
  expect(trimEnd(samples, 160)).toEqual(samples.subarray(0, 1120));
});
