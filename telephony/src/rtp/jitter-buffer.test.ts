import fc from "fast-check";
import { expect, test } from "vitest";
import { JitterBuffer } from "./jitter-buffer.ts";
import { WHOLE_FRAME } from "./timeline.ts";

interface Sent {
  readonly ticks: number;
  readonly bytes: Uint8Array;
  readonly arrivesMs: number;
}

/** Each byte says where it belongs, so that what is played can be judged; 0 is never sent. */
const byteAt = (tick: number): number => 1 + (Math.floor(tick / 160) % 250);
const packetOf = (tick: number, length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => byteAt(tick + i));
const stream = (count: number, arrives: (n: number) => number | null, base = 1000, packetMs = 20): Sent[] => {
  const sent: Sent[] = [];
  for (let n = 0; n < count; n++) {
    const arrivesMs = arrives(n);
    const tick = n * packetMs * 8;
    if (arrivesMs !== null) sent.push({ ticks: (base + tick) >>> 0, bytes: packetOf(tick, packetMs * 8), arrivesMs });
  }
  return sent.sort((a, b) => a.arrivesMs - b.arrivesMs);
};

interface Played {
  whole: number;
  holes: number;
  late: number;
  extra: number;
  /** Frames as they were heard, by their byte; 0 for a hole. */
  readonly frames: number[];
  readonly buffered: number[];
}

/** Pulls every 20 ms (times `drift`), shrinking whenever the buffer wants it. */
function play(sent: readonly Sent[], turns: number, drift = 1): Played {
  const buffer = new JitterBuffer();
  const played: Played = { whole: 0, holes: 0, late: 0, extra: 0, frames: [], buffered: [] };
  const out = new Uint8Array(160);
  let next = 0;
  for (let turn = 0; turn < turns; turn++) {
    const nowMs = turn * 20 * drift;
    for (; next < sent.length && sent[next]!.arrivesMs <= nowMs; next++) {
      const { ticks, bytes, arrivesMs } = sent[next]!;
      if (buffer.push(ticks, bytes, { from: 0, to: bytes.length }, arrivesMs) === "late") played.late++;
    }
    const there = buffer.pull(out, nowMs);
    if (!buffer.started) continue;
    played.buffered.push(buffer.bufferedMs);
    if (there === WHOLE_FRAME) played.whole++;
    else played.holes++;
    played.frames.push(there === WHOLE_FRAME ? out[0]! : 0);
    if (buffer.wantsShrink) {
      buffer.pullExtra(out);
      played.extra++;
    }
  }
  return played;
}

const random = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
};

test("a steady stream is played whole, in order, and soon with little delay", () => {
  const played = play(
    stream(1000, (n) => 7 + n * 20),
    990,
  );
  expect(played.late).toBe(0);
  expect(played.holes).toBeLessThanOrEqual(3); // the playout delay at the start
  expect(Math.max(...played.buffered.slice(300))).toBeLessThanOrEqual(40);
  expect(played.extra).toBeGreaterThanOrEqual(1);
});

test("packets of 10, 30, 40 and 60 ms are played whole", () => {
  for (const packetMs of [10, 30, 40, 60]) {
    const count = 12_000 / packetMs;
    const played = play(
      stream(count, (n) => 3 + (n + 1) * packetMs, 0, packetMs),
      590,
    );
    expect(played.whole / (played.whole + played.holes)).toBeGreaterThan(0.98);
  }
});

test("timestamps that wrap in the middle change nothing", () => {
  const played = play(
    stream(400, (n) => 7 + n * 20, 0xffff_0000),
    390,
  );
  expect(played.holes).toBeLessThanOrEqual(3);
});

test("reordered and doubled packets are put right", () => {
  const sent = stream(600, (n) => 10 + n * 20 + (n % 7 === 3 ? 25 : 0));
  const played = play(
    [...sent, ...sent.map((one) => ({ ...one, arrivesMs: one.arrivesMs + 1 }))].sort(
      (a, b) => a.arrivesMs - b.arrivesMs,
    ),
    590,
  );
  const heard = played.frames.filter((frame) => frame !== 0);
  expect(played.whole).toBeGreaterThan(580);
  for (let i = 1; i < heard.length; i++) expect([0, 1, 2, -249, -248].includes(heard[i]! - heard[i - 1]!)).toBe(true);
});

test("a lost tenth is a hole for a tenth, no more", () => {
  const chance = random(7);
  const played = play(
    stream(2000, (n) => (chance() < 0.1 ? null : 10 + n * 20)),
    1990,
  );
  expect(played.holes / 1990).toBeGreaterThan(0.08);
  expect(played.holes / 1990).toBeLessThan(0.12);
});

test("jitter of up to 80 ms is learnt: after ten seconds hardly anything is late", () => {
  const chance = random(11);
  const sent = stream(3000, (n) => 10 + n * 20 + chance() * 80);
  const all = play(sent, 2980);
  expect(all.late).toBeLessThan(60);
  const tail = all.frames.slice(500);
  expect(tail.filter((frame) => frame === 0).length / tail.length).toBeLessThan(0.03);
});

test("clocks that differ by 200 parts in a million stay together for half an hour", () => {
  for (const drift of [1.0002, 0.9998]) {
    const played = play(
      stream(180_000, (n) => 10 + n * 20),
      179_000,
      drift,
    );
    expect(played.holes).toBeLessThan(45); // one or two for each 20 ms of 360 ms
    expect(played.buffered.slice(500).reduce((a, b) => Math.max(a, b))).toBeLessThan(150);
  }
});

test("a sender whose timestamps leap is followed at once", () => {
  for (const leap of [80_000_000, 6000, -20_000, -700_000]) {
    const before = stream(200, (n) => 10 + n * 20);
    const after = stream(200, (n) => 4010 + n * 20, 1000 + 200 * 160 + leap);
    const played = play([...before, ...after], 395);
    expect(played.holes).toBeLessThan(20);
  }
});

test("after a second without packets the voice goes on with a short delay", () => {
  const sent = stream(400, (n) => (n >= 100 && n < 150 ? null : 10 + n * 20)); // silence suppressed
  const played = play(sent, 395);
  expect(played.holes).toBeLessThan(56);
  expect(played.buffered.at(-1)).toBeLessThanOrEqual(60);
});

test("packets that a stall held up and let go at once do not leave a second of delay behind", () => {
  const sent = stream(600, (n) => (n >= 100 && n < 150 ? 3010 : 10 + n * 20));
  const played = play(sent, 590);
  expect(played.buffered.at(-1)).toBeLessThanOrEqual(100);
});

test("whatever comes, the buffer keeps its bounds and what is played is what was sent", () => {
  const packet = fc.record({
    ticks: fc.oneof(fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: 0, max: 0xffffffff })),
    length: fc.integer({ min: 0, max: 480 }),
    waitMs: fc.integer({ min: 0, max: 60 }),
  });
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 120 }), (packets) => {
      const buffer = new JitterBuffer();
      const out = new Uint8Array(160);
      let nowMs = 0;
      let turnMs = 0;
      for (const { ticks, length, waitMs } of packets) {
        nowMs += waitMs;
        const bytes = new Uint8Array(length).fill(1 + (ticks % 255));
        buffer.push(ticks, bytes, { from: 0, to: length }, nowMs);
        for (; turnMs <= nowMs; turnMs += 20) {
          const there = buffer.pull(out, turnMs);
          expect(there).toBeGreaterThanOrEqual(-1);
          expect(there).toBeLessThanOrEqual(WHOLE_FRAME);
          if (there === WHOLE_FRAME) expect(out.every((byte) => byte !== 0)).toBe(true);
          if (buffer.wantsShrink) buffer.pullExtra(out);
        }
        expect(buffer.bufferedMs).toBeLessThanOrEqual(2048);
      }
      for (let i = 0; i < 110; i++, turnMs += 20) buffer.pull(out, turnMs);
      expect(buffer.bufferedMs).toBe(0);
    }),
  );
});
