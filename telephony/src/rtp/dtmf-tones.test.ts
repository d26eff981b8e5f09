import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { ToneReceiver, ToneSender, tonesOf } from "./dtmf-tones.ts";

const KEYS = "0123456789*#ABCD";
const amplitude = (dbm0: number): number => 32767 * 10 ** ((dbm0 - 3.14) / 20);

/** The same noise in every run. */
function noise(seed: number): { even: () => number; normal: () => number } {
  let state = seed;
  const even = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 1) / (2 ** 32 + 1);
  };
  return { even, normal: () => Math.sqrt(-2 * Math.log(even())) * Math.cos(2 * Math.PI * even()) };
}

interface Press {
  readonly ms: number;
  readonly pauseMs: number;
  readonly low: number;
  readonly high: number;
  /** Relative error of the frequencies. */
  readonly off?: readonly [number, number];
  readonly snrDb: number;
}

/** Presses every key some times; how many were heard rightly, and what else was. */
function heard(sampleRateHz: 8000 | 16000, count: number, press: Press): { right: number; wrong: number } {
  const random = noise(count);
  const receiver = new ToneReceiver(sampleRateHz);
  const result = { right: 0, wrong: 0 };
  const [lowA, highA] = [amplitude(press.low), amplitude(press.high)];
  const noiseA = Math.sqrt((lowA ** 2 + highA ** 2) / 2 / 10 ** (press.snrDb / 10));
  for (let k = 0; k < count; k++) {
    const key = KEYS[k % KEYS.length]!;
    const tones = tonesOf(key)!;
    const sign = [random.even() < 0.5 ? 1 : -1, random.even() < 0.5 ? 1 : -1];
    const step = tones.map((hz, i) => (2 * Math.PI * hz * (1 + sign[i]! * (press.off?.[i] ?? 0))) / sampleRateHz);
    const phase = [random.even() * 6.28, random.even() * 6.28];
    const on = (press.ms * sampleRateHz) / 1000;
    const sound = new Int16Array(on + (press.pauseMs * sampleRateHz) / 1000);
    for (let i = 0; i < sound.length; i++) {
      const tone = lowA * Math.sin(phase[0]! + step[0]! * i) + highA * Math.sin(phase[1]! + step[1]! * i);
      sound[i] = Math.max(-32768, Math.min(32767, (i < on ? tone : 0) + noiseA * random.normal()));
    }
    let got = "";
    receiver.process(sound, (digit) => {
      got += digit;
    });
    if (got === key) result.right++;
    else if (got !== "") result.wrong++;
  }
  return result;
}

const soft: Press = { ms: 50, pauseMs: 50, low: -25, high: -25, snrDb: 15 };
const taken: readonly [string, Press][] = [
  ["soft, with noise 15 dB below", soft],
  ["short, with short pauses", { ...soft, ms: 40, pauseMs: 40, snrDb: 20 }],
  ["1.5 % off their frequencies", { ...soft, off: [0.015, 0.015], snrDb: 20 }],
  ["the upper tone 4 dB louder", { ...soft, low: -20, high: -16, snrDb: 20 }],
  ["the upper tone 8 dB softer", { ...soft, low: -12, high: -20, snrDb: 20 }],
  ["loud", { ...soft, low: 0, high: -2, snrDb: 30 }],
];
const refused: readonly [string, Press][] = [
  ["the lower tone 3.5 % off", { ...soft, ms: 80, low: -10, high: -10, off: [0.035, 0], snrDb: 30 }],
  ["the upper tone 3.5 % off", { ...soft, ms: 80, low: -10, high: -10, off: [0, 0.035], snrDb: 30 }],
  ["20 ms long", { ...soft, ms: 20, low: -10, high: -10, snrDb: 30 }],
  ["-40 dBm0", { ...soft, low: -40, high: -40, snrDb: 30 }],
  ["the upper tone 8 dB louder", { ...soft, low: -20, high: -12, snrDb: 30 }],
];

describe.each([8000, 16000] as const)("tones at %i Hz (ITU-T Q.24)", (sampleRateHz) => {
  it.each(taken)("are heard: %s", (_name, press) => {
    const { right, wrong } = heard(sampleRateHz, 800, press);
    expect(right).toBeGreaterThanOrEqual(792);
    expect(wrong).toBe(0);
  });
  it.each(refused)("are not heard: %s", (_name, press) => {
    expect(heard(sampleRateHz, 160, press)).toEqual({ right: 0, wrong: 0 });
  });

  it("what we send is what we hear, each key once, one after the other", () => {
    const sender = new ToneSender();
    const receiver = new ToneReceiver(sampleRateHz);
    for (const key of `${KEYS}1155`) expect(sender.press(key, 100)).toBe(true);
    expect(sender.press("x", 100)).toBe(false);
    const frame = new Int16Array(sampleRateHz / 50);
    let got = "";
    while (sender.fill(frame, sampleRateHz)) {
      receiver.process(frame, (key) => {
        got += key;
      });
    }
    expect(got).toBe(`${KEYS}1155`);
    expect(sender.busy).toBe(false);
  });

  it("a gap of 10 ms in a tone is no second press", () => {
    const receiver = new ToneReceiver(sampleRateHz);
    const sender = new ToneSender();
    sender.press("5", 200);
    const sound = new Int16Array((sampleRateHz * 280) / 1000);
    sender.fill(sound, sampleRateHz);
    sound.fill(0, sampleRateHz / 10, (sampleRateHz * 110) / 1000);
    let got = "";
    receiver.process(sound, (key) => {
      got += key;
    });
    expect(got).toBe("5");
  });
});

const RECORDED = "/usr/share/asterisk/sounds/en_US_f_Allison";
describe.runIf(existsSync(RECORDED))("a human voice", () => {
  it("presses no key in 25 minutes of prompts, nor at other pitches (an hour and more in all)", () => {
    let seconds = 0;
    const pressed: string[] = [];
    // Monkeys are no people, and beeps are tones.
    const files = readdirSync(RECORDED, { recursive: true, encoding: "utf8" }).filter(
      (name) => name.endsWith(".wav") && !/monkeys|beep|dtmf|tone/.test(name),
    );
    for (const pitch of [0.85, 1, 1.15]) {
      const receiver = new ToneReceiver(8000);
      for (const name of files) {
        const bytes = readFileSync(path.join(RECORDED, name)).subarray(44);
        const count = Math.floor(bytes.length / 2 / pitch) - 1;
        if (count <= 0) continue;
        const sound = new Int16Array(count);
        for (let i = 0; i < count; i++) sound[i] = bytes.readInt16LE(Math.floor(i * pitch) * 2);
        seconds += count / 8000;
        receiver.process(sound, (key) => pressed.push(`${name} ${key}`));
      }
    }
    expect(pressed).toEqual([]);
    expect(seconds).toBeGreaterThan(3600);
  }, 30_000);
});
