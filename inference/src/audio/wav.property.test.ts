import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesOf, samplesOf } from "./pcm.ts";
import { readWav, wavHeader } from "./wav.ts";

const header = (rateHz: number, bytes: number): Buffer => {
  const head = Buffer.alloc(44);
  head.write("RIFF", 0, "latin1");
  head.writeUInt32LE(36 + bytes, 4);
  head.write("WAVEfmt ", 8, "latin1");
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rateHz, 24);
  head.writeUInt32LE(rateHz * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36, "latin1");
  head.writeUInt32LE(bytes, 40);
  return head;
};

test("samples survive the way through bytes and a WAV file", () => {
  fc.assert(
    fc.property(fc.int16Array({ maxLength: 200 }), (samples) => {
      expect(samplesOf(bytesOf(samples))).toEqual(samples);
      const wav = readWav(Buffer.concat([header(8000, samples.length * 2), bytesOf(samples)]));
      expect(wav).toEqual({ type: "pcm16", rateHz: 8000, channels: 1, samples });
    }),
  );
});

test("no bytes make the reader throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, riff) => {
      const file = riff ? Buffer.concat([Buffer.from("RIFF\0\0\0\0WAVE", "latin1"), bytes]) : Buffer.from(bytes);
      wavHeader(file);
      readWav(file);
    }),
  );
});
