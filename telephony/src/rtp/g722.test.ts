import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { G722Decoder, G722Encoder } from "./g722.ts";

const encode = (samples: Int16Array): Buffer => {
  const encoder = new G722Encoder();
  const codes = Buffer.alloc(samples.length >> 1);
  for (let i = 0; i < codes.length; i++) codes[i] = encoder.encode(samples[2 * i]!, samples[2 * i + 1]!);
  return codes;
};
const decode = (codes: Uint8Array): Int16Array => {
  const decoder = new G722Decoder();
  const samples = new Int16Array(codes.length * 2);
  codes.forEach((code, i) => {
    decoder.decode(code, samples, 2 * i);
  });
  return samples;
};
const samplesOf = (bytes: Buffer): Int16Array =>
  new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~1)));
const bytesOf = (samples: Int16Array): Buffer => Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);

/** Ratio of signal to error in dB, at the delay (in samples) that fits best. */
function snr(before: Int16Array, after: Int16Array): number {
  let best = Number.NEGATIVE_INFINITY;
  for (let delay = 0; delay < 40; delay++) {
    let signal = 0;
    let noise = 0;
    for (let i = 0; i + delay < after.length && i < before.length; i++) {
      signal += before[i]! ** 2;
      noise += (before[i]! - after[i + delay]!) ** 2;
    }
    best = Math.max(best, 10 * Math.log10(signal / noise));
  }
  return best;
}

const tone = (hz: number, amplitude: number, ms: number): Int16Array =>
  new Int16Array(16 * ms).map((_, i) => Math.round(amplitude * Math.sin((2 * Math.PI * hz * i) / 16000)));

const ffmpeg = (args: string[], input: Buffer): Buffer | null => {
  const run = spawnSync("ffmpeg", ["-hide_banner", "-loglevel", "error", ...args], { input, maxBuffer: 1 << 26 });
  return run.error === undefined && run.status === 0 ? run.stdout : null;
};
const raw = ["-f", "s16le", "-ar", "16000", "-ac", "1"];
const speak = (): Int16Array | null => {
  const run = spawnSync("espeak-ng", ["--stdout", "-v", "en", "What is my daily transfer limit at this bank?"]);
  if (run.error !== undefined || run.status !== 0) return null;
  const wav = ffmpeg(["-i", "-", ...raw, "-"], run.stdout);
  return wav === null ? null : samplesOf(wav);
};
const peer = ffmpeg(["-version"], Buffer.alloc(0)) !== null;

describe("G.722", () => {
  it("carries tones of both bands", () => {
    expect(snr(tone(440, 8000, 500), decode(encode(tone(440, 8000, 500))))).toBeGreaterThan(30);
    expect(snr(tone(2500, 8000, 500), decode(encode(tone(2500, 8000, 500))))).toBeGreaterThan(20);
    expect(snr(tone(6000, 4000, 500), decode(encode(tone(6000, 4000, 500))))).toBeGreaterThan(8);
  });

  it("stays silent in silence", () => {
    expect(Math.max(...decode(encode(new Int16Array(16000))).map(Math.abs))).toBeLessThan(8);
  });

  it("keeps within 16 bits on full-scale noise", () => {
    let seed = 1;
    const noise = new Int16Array(16000).map(() => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 16) - 32768;
    });
    expect(decode(encode(noise)).length).toBe(16000);
  });
});

describe.skipIf(!peer)("G.722 beside ffmpeg", () => {
  const material = (): Int16Array[] => {
    const speech = speak();
    return [tone(440, 8000, 300), tone(3100, 20000, 300), ...(speech === null ? [] : [speech])];
  };

  it("makes the same codes", () => {
    for (const samples of material()) {
      const theirs = ffmpeg([...raw, "-i", "-", "-c:a", "g722", "-f", "g722", "-"], bytesOf(samples))!;
      const ours = encode(samples);
      const same = ours.reduce((count, code, i) => count + (code === theirs[i] ? 1 : 0), 0);
      expect(same / ours.length).toBe(1);
    }
  });

  it("hears the same in the codes", () => {
    for (const samples of material()) {
      const codes = encode(samples);
      const theirs = samplesOf(ffmpeg(["-f", "g722", "-i", "-", ...raw, "-"], codes)!);
      const ours = decode(codes);
      expect(theirs.length).toBe(ours.length);
      expect(ours.findIndex((sample, i) => sample !== theirs[i])).toBe(-1);
    }
  });

  it("keeps speech", () => {
    const speech = speak();
    if (speech === null) return;
    expect(snr(speech, decode(encode(speech)))).toBeGreaterThan(15);
  });
});
