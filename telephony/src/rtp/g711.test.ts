import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { ALAW, type G711Law, ULAW } from "./g711.ts";

/** Quantised values of ITU-T G.711 tables 1a and 2a (positive side, first and last of each segment), on the scale of 16 bits. */
const ALAW_VALUES: readonly (readonly [number, number])[] = [
  [0xd5, 8],
  [0xda, 248],
  [0xc5, 264],
  [0xca, 504],
  [0xf5, 528],
  [0xfa, 1008],
  [0xe5, 1056],
  [0xea, 2016],
  [0x95, 2112],
  [0x9a, 4032],
  [0x85, 4224],
  [0x8a, 8064],
  [0xb5, 8448],
  [0xba, 16128],
  [0xa5, 16896],
  [0xaa, 32256],
];
const ULAW_VALUES: readonly (readonly [number, number])[] = [
  [0xff, 0],
  [0xfe, 8],
  [0xf0, 120],
  [0xef, 132],
  [0xe0, 372],
  [0xdf, 396],
  [0xd0, 876],
  [0xcf, 924],
  [0xc0, 1884],
  [0xbf, 1980],
  [0xb0, 3900],
  [0xaf, 4092],
  [0xa0, 7932],
  [0x9f, 8316],
  [0x90, 15996],
  [0x80, 32124],
];

test("codes stand for the values of the standard, on both sides of zero", () => {
  for (const [code, value] of ALAW_VALUES) {
    expect(ALAW.decode[code]).toBe(value);
    expect(ALAW.decode[code ^ 0x80]).toBe(-value);
  }
  for (const [code, value] of ULAW_VALUES) {
    expect(ULAW.decode[code]).toBe(value);
    expect(ULAW.decode[code ^ 0x80]).toBe(value === 0 ? 0 : -value);
  }
});

test("each value is its own code again; minus zero of the µ-law becomes plus zero", () => {
  for (let code = 0; code < 256; code++) {
    expect(ALAW.encode[ALAW.decode[code]! & 0xffff]).toBe(code);
    expect(ULAW.encode[ULAW.decode[code]! & 0xffff]).toBe(code === 0x7f ? 0xff : code);
  }
});

test("silence is the code that the standard gives it", () => {
  expect(ALAW.encode[0]).toBe(0xd5);
  expect(ULAW.encode[0]).toBe(0xff);
});

test("every sample falls between the decision values of the standard, which double their distance with each segment", () => {
  for (let sample = 0; sample < 32768; sample++) {
    const alawStep = sample < 512 ? 16 : 2 ** (Math.floor(Math.log2(sample)) - 4);
    const alaw = Math.floor(sample / alawStep) * alawStep + alawStep / 2;
    expect(ALAW.decode[ALAW.encode[sample]!]).toBe(alaw);
    expect(ALAW.decode[ALAW.encode[~sample & 0xffff]!]).toBe(-alaw);
    const biased = Math.min(sample, 32635) + 132;
    const ulawStep = 2 ** (Math.floor(Math.log2(biased)) - 4);
    const ulaw = Math.floor(biased / ulawStep) * ulawStep + ulawStep / 2 - 132;
    expect(ULAW.decode[ULAW.encode[sample]!]).toBe(ulaw);
    expect(ULAW.decode[ULAW.encode[~sample & 0xffff]!]).toBe(ulaw === 0 ? 0 : -ulaw);
  }
});

const ffmpegDecodes = (law: G711Law, name: string): number => {
  const codes = Buffer.from(Uint8Array.from({ length: 256 }, (_, i) => i));
  const args = ["-loglevel", "error", "-f", name, "-ar", "8000", "-ac", "1", "-i", "-", "-f", "s16le", "-"];
  const run = spawnSync("ffmpeg", args, { input: codes });
  const theirs = new Int16Array(run.stdout.buffer.slice(run.stdout.byteOffset, run.stdout.byteOffset + 512));
  return theirs.findIndex((value, code) => value !== law.decode[code]);
};
const peer = spawnSync("ffmpeg", ["-version"]).status === 0;

test.skipIf(!peer)("ffmpeg hears the same", () => {
  expect(ffmpegDecodes(ALAW, "alaw")).toBe(-1);
  expect(ffmpegDecodes(ULAW, "mulaw")).toBe(-1);
});
