import { expect, test } from "vitest";
import { ReceptionStats } from "./reception-stats.ts";

const feed = (stats: ReceptionStats, from: number, count: number, skip: (n: number) => boolean = () => false): void => {
  for (let n = from; n < from + count; n++) {
    if (!skip(n)) stats.receive({ sequence: n & 0xffff, timestampTicks: (n * 160) >>> 0 }, n * 20);
  }
};

test("losses are counted over the wrap of the sequence", () => {
  const stats = new ReceptionStats(8000);
  feed(stats, 65500, 100, (n) => n % 10 === 5);
  expect(stats.expected).toBe(100);
  expect(stats.lost).toBe(10);
  expect(stats.highestSequence).toBe(65599);
});

test("a report tells of the time since the last one", () => {
  const stats = new ReceptionStats(8000);
  feed(stats, 0, 100);
  expect(stats.takeReport()).toEqual({ fractionLost: 0, cumulativeLost: 0 });
  feed(stats, 100, 100, (n) => n % 4 === 1);
  expect(stats.takeReport()).toEqual({ fractionLost: 64, cumulativeLost: 25 });
  feed(stats, 200, 100);
  expect(stats.takeReport()).toEqual({ fractionLost: 0, cumulativeLost: 25 });
});

test("duplicates hide no loss for ever, and never make it negative", () => {
  const stats = new ReceptionStats(8000);
  feed(stats, 0, 10);
  feed(stats, 0, 10);
  expect(stats.lost).toBe(0);
  expect(stats.takeReport().cumulativeLost).toBe(-10);
});

test("a steady stream has no jitter; one that wavers by 10 ms has about 10", () => {
  const steady = new ReceptionStats(8000);
  feed(steady, 0, 500);
  expect(steady.jitterMs).toBe(0);
  const wavering = new ReceptionStats(8000);
  for (let n = 0; n < 500; n++) wavering.receive({ sequence: n, timestampTicks: n * 160 }, n * 20 + (n % 2) * 10);
  expect(wavering.jitterMs).toBeGreaterThan(9);
  expect(wavering.jitterMs).toBeLessThan(11);
});

test("one packet with a wild sequence is passed over, two in a row are a stream begun anew", () => {
  const stats = new ReceptionStats(8000);
  feed(stats, 0, 100, (n) => n === 50);
  expect(stats.receive({ sequence: 40000, timestampTicks: 0 }, 2000)).toBe("jump");
  expect(stats.receive({ sequence: 100, timestampTicks: 16000 }, 2000)).toBe("counted");
  expect(stats.receive({ sequence: 40000, timestampTicks: 0 }, 2020)).toBe("jump");
  expect(stats.receive({ sequence: 40001, timestampTicks: 160 }, 2040)).toBe("counted");
  expect(stats.expected).toBe(1);
  expect(stats.lost).toBe(1); // the one of the first stream
});
