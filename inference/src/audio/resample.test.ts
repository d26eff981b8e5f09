import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Resampler, resample } from "./resample.ts";

const tone = (hz: number, rateHz: number, seconds: number): Float32Array =>
  Float32Array.from({ length: rateHz * seconds }, (_, at) => 0.5 * Math.sin((2 * Math.PI * hz * at) / rateHz));
const power = (samples: Float32Array): number =>
  samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
const middle = (samples: Float32Array): Float32Array => samples.slice(samples.length >> 2, (samples.length * 3) >> 2);

describe("resampling", () => {
  test.each([
    [8000, 16000],
    [16000, 8000],
    [22050, 8000],
    [22050, 16000],
  ])("a tone of 1 kHz from %i to %i Hz keeps its level and its place", (fromHz, toHz) => {
    const output = resample(tone(1000, fromHz, 1), { fromHz, toHz });
    expect(Math.abs(output.length - toHz)).toBeLessThanOrEqual(2);
    const wanted = tone(1000, toHz, 1);
    let worst = 0;
    for (let at = 400; at < toHz - 400; at++) worst = Math.max(worst, Math.abs(output[at]! - wanted[at]!));
    expect(worst).toBeLessThan(0.005);
  });

  test("what 8 kHz cannot carry is gone, not folded back", () => {
    const output = resample(tone(6000, 22050, 1), { fromHz: 22050, toHz: 8000 });
    expect(power(middle(output))).toBeLessThan(1e-5);
  });

  test("no image appears above 4 kHz when going up", () => {
    const output = resample(tone(3000, 8000, 1), { fromHz: 8000, toHz: 16000 });
    expect(Math.abs(power(middle(output)) / 0.125 - 1)).toBeLessThan(0.01);
  });

  test("cutting the input anywhere changes nothing", () => {
    const input = tone(700, 22050, 0.2);
    const whole = [...resample(input, { fromHz: 22050, toHz: 8000 })];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 20 }), (cuts) => {
        const resampler = new Resampler({ fromHz: 22050, toHz: 8000 });
        const pieces: number[] = [];
        let at = 0;
        for (const cut of [...cuts, input.length]) {
          pieces.push(...resampler.push(input.subarray(at, Math.min(input.length, at + cut))));
          at = Math.min(input.length, at + cut);
        }
        pieces.push(...resampler.finish());
        expect(pieces).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });
});
