import { expect, test } from "vitest";
import { Concealer } from "./concealment.ts";

/** A voice-like sound: a pitch of `hz` with overtones. */
const voice = (hz: number, rateHz: number, count: number): Int16Array =>
  new Int16Array(count).map((_, i) => {
    let value = 0;
    for (let k = 1; k <= 8; k++) value += (4000 / k) * Math.sin((2 * Math.PI * hz * k * i) / rateHz + k);
    return Math.round(value);
  });
const rms = (samples: Int16Array): number => Math.hypot(...samples) / Math.sqrt(samples.length);
const steepest = (samples: Int16Array): number => {
  let most = 0;
  for (let i = 1; i < samples.length; i++) most = Math.max(most, Math.abs(samples[i]! - samples[i - 1]!));
  return most;
};

for (const rateHz of [8000, 16000]) {
  const frame = rateHz / 50;

  test(`a lost frame of a voice is close to what was there (${rateHz} Hz)`, () => {
    for (const hz of [80, 125, 180]) {
      const sound = voice(hz, rateHz, frame * 10);
      const concealer = new Concealer(rateHz);
      const heard = sound.slice();
      concealer.good(heard, 0, frame * 8);
      concealer.conceal(heard, frame * 8, frame * 9);
      concealer.good(heard, frame * 9, frame * 10);
      const lost = (samples: Int16Array): Int16Array => samples.subarray(frame * 8, frame * 8.5);
      const error = rms(lost(heard).map((value, i) => value - lost(sound)[i]!));
      expect(error).toBeLessThan(rms(lost(sound)) * 0.35); // a hole would be 1
      expect(steepest(heard)).toBeLessThan(steepest(sound) * 1.3); // no click
    }
  });

  test(`a long gap fades to silence within 60 ms, and the voice comes back without a click (${rateHz} Hz)`, () => {
    const sound = voice(125, rateHz, frame * 20);
    const concealer = new Concealer(rateHz);
    concealer.good(sound, 0, frame * 8);
    for (let i = 8; i < 15; i++) concealer.conceal(sound, frame * i, frame * (i + 1));
    expect(concealer.faded).toBe(true);
    expect(rms(sound.subarray(frame * 10, frame * 11))).toBeLessThan(rms(sound.subarray(0, frame)) * 0.5);
    expect(rms(sound.subarray(frame * 11, frame * 15))).toBe(0);
    const before = steepest(sound.subarray(0, frame * 8));
    concealer.good(sound, frame * 15, frame * 20);
    expect(concealer.faded).toBe(false);
    expect(steepest(sound)).toBeLessThan(before * 1.3);
  });
}

test("silence is concealed by silence", () => {
  const samples = new Int16Array(480).fill(0);
  const concealer = new Concealer(8000);
  concealer.good(samples, 0, 160);
  concealer.conceal(samples, 160, 480);
  expect(samples.every((value) => value === 0)).toBe(true);
});

test("full-scale noise never leaves 16 bits", () => {
  const concealer = new Concealer(8000);
  const noise = new Int16Array(800).map((_, i) => Math.imul(i + 1, 2654435761) >> 16);
  concealer.good(noise, 0, 400);
  concealer.conceal(noise, 400, 800);
  expect(steepest(noise)).toBeGreaterThan(0);
  expect(Math.max(...noise)).toBeLessThanOrEqual(32767);
});
