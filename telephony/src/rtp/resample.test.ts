import { expect, test } from "vitest";
import { Doubler, Halver, resampleClip } from "./resample.ts";

const tone = (hz: number, rateHz: number, ms: number): Int16Array =>
  new Int16Array((rateHz * ms) / 1000).map((_, i) => Math.round(10_000 * Math.sin((2 * Math.PI * hz * i) / rateHz)));
const inFrames = (samples: Int16Array, size: number, process: (frame: Int16Array) => Int16Array): Int16Array => {
  const out: number[] = [];
  for (let at = 0; at + size <= samples.length; at += size) out.push(...process(samples.subarray(at, at + size)));
  return Int16Array.from(out);
};
/** Strength of one frequency, in dB of a tone of 10,000, without the edges. */
function level(samples: Int16Array, hz: number, rateHz: number): number {
  let re = 0;
  let im = 0;
  const from = rateHz / 50;
  const to = samples.length - from;
  for (let i = from; i < to; i++) {
    re += samples[i]! * Math.cos((2 * Math.PI * hz * i) / rateHz);
    im += samples[i]! * Math.sin((2 * Math.PI * hz * i) / rateHz);
  }
  return 20 * Math.log10((2 * Math.hypot(re, im)) / (to - from) / 10_000 + 1e-9);
}

test("the telephone band passes both ways unchanged", () => {
  for (const hz of [300, 1000, 2000, 3000, 3400]) {
    const doubler = new Doubler();
    expect(
      Math.abs(
        level(
          inFrames(tone(hz, 8000, 500), 160, (f) => doubler.process(f)),
          hz,
          16000,
        ),
      ),
    ).toBeLessThan(0.6);
    const halver = new Halver();
    expect(
      Math.abs(
        level(
          inFrames(tone(hz, 16000, 500), 320, (f) => halver.process(f)),
          hz,
          8000,
        ),
      ),
    ).toBeLessThan(0.6);
  }
});

test("what lies above 4 kHz does not fold back", () => {
  for (const hz of [4300, 5000, 6500, 7500]) {
    const halver = new Halver();
    const halved = inFrames(tone(hz, 16000, 500), 320, (frame) => halver.process(frame));
    expect(level(halved, 8000 - hz, 8000)).toBeLessThan(-60);
  }
});

test("doubling makes no mirror image", () => {
  for (const hz of [500, 2000, 3400]) {
    const doubler = new Doubler();
    const doubled = inFrames(tone(hz, 8000, 500), 160, (frame) => doubler.process(frame));
    expect(level(doubled, 8000 - hz, 16000)).toBeLessThan(-60);
  }
});

test("frames leave no seams: any size gives the same sound", () => {
  const sound = tone(700, 16000, 240);
  const [a, b] = [new Halver(), new Halver()];
  expect(inFrames(sound, 320, (f) => a.process(f))).toEqual(inFrames(sound, 80, (f) => b.process(f)));
  const [c, d] = [new Doubler(), new Doubler()];
  expect(inFrames(sound, 160, (f) => c.process(f))).toEqual(inFrames(sound, 40, (f) => d.process(f)));
});

test("a recording of any rate keeps its pitch, its length and its loudness, and does not alias", () => {
  for (const rateHz of [8000, 11025, 16000, 22050, 44100, 48000]) {
    const clip = resampleClip(tone(1000, rateHz, 400), rateHz, 8000);
    expect(Math.abs(clip.length - 3200)).toBeLessThan(2);
    expect(Math.abs(level(clip, 1000, 8000))).toBeLessThan(0.2);
  }
  expect(level(resampleClip(tone(5000, 44100, 400), 44100, 8000), 3000, 8000)).toBeLessThan(-60);
});
