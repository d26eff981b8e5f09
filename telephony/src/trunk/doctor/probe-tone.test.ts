import { expect, test } from "vitest";
import { openCodec } from "../../rtp/codec.ts";
import { PROBE_HZ, ProbeListener, probeTone, toneShare } from "./probe-tone.ts";

const FRAME = 160;
function heardIn(samples: Int16Array, hz: number): boolean {
  const listener = new ProbeListener(hz);
  for (let at = 0; at + FRAME <= samples.length; at += FRAME) listener.take(samples.subarray(at, at + FRAME), 8000);
  return listener.heard;
}

test("the tone is heard through A-law, and not taken for the other one", () => {
  const codec = openCodec("PCMA");
  const tone = probeTone(PROBE_HZ.there, 400, 8000);
  const coded = new Uint8Array(tone.length);
  codec.encode(tone, coded, 0);
  const back = new Int16Array(tone.length);
  codec.decode(coded, { from: 0, to: coded.length }, back, 0);
  expect(heardIn(back, PROBE_HZ.there)).toBe(true);
  expect(heardIn(back, PROBE_HZ.back)).toBe(false);
});

test("silence, hiss, a ring tone and a key are not the tone", () => {
  const hiss = Int16Array.from({ length: 8000 }, (_, i) => ((i * 2654435761) % 8001) - 4000);
  const mixed = (a: number, b: number): Int16Array => {
    const [x, y] = [probeTone(a, 500, 8000), probeTone(b, 500, 8000)];
    return x.map((sample, i) => (sample + y[i]!) / 2);
  };
  for (const hz of Object.values(PROBE_HZ)) {
    expect(heardIn(new Int16Array(8000), hz)).toBe(false);
    expect(heardIn(hiss, hz)).toBe(false);
    expect(heardIn(probeTone(450, 500, 8000), hz)).toBe(false);
    expect(heardIn(mixed(697, 1209), hz)).toBe(false);
  }
});

test("a burst shorter than 160 ms is too short to count", () => {
  expect(heardIn(probeTone(PROBE_HZ.back, 140, 8000), PROBE_HZ.back)).toBe(false);
  expect(heardIn(probeTone(PROBE_HZ.back, 180, 8000), PROBE_HZ.back)).toBe(true);
});

test("the share of a pure tone is one", () => {
  expect(toneShare(probeTone(1000, 20, 8000), 1000, 8000)).toBeCloseTo(1, 2);
});
