import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { pacingClock } from "./pacing-clock-driver.ts";

interface Taken {
  readonly dueMs: number;
  readonly skipped: number;
  readonly atMs: number;
}

function member(): { turns: Taken[]; leave: () => void } {
  const turns: Taken[] = [];
  const leave = pacingClock.join((dueMs, skipped) => turns.push({ dueMs, skipped, atMs: performance.now() }));
  return { turns, leave };
}

test("turns are due every 20 ms exactly, and members share the 20 ms out", async () => {
  const members = Array.from({ length: 8 }, member);
  await wait(600);
  for (const { leave } of members) leave();
  const phases = new Set<number>();
  for (const { turns } of members) {
    expect(turns.length + turns.reduce((sum, { skipped }) => sum + skipped, 0)).toBeGreaterThan(26);
    turns.slice(1).forEach(({ dueMs, skipped }, i) => {
      expect(dueMs - turns[i]!.dueMs).toBeCloseTo(20 * (1 + skipped), 6);
    });
    for (const { dueMs, atMs } of turns) expect(atMs).toBeGreaterThanOrEqual(dueMs - 1);
    phases.add(Math.round(turns[0]!.dueMs * 10) % 200);
  }
  expect(phases.size).toBe(4);
});

test("after a stall five turns are made up for, the rest are skipped and told", async () => {
  const { turns, leave } = member();
  await wait(100);
  const before = turns.length;
  const until = performance.now() + 500;
  while (performance.now() < until); // as a garbage collection would
  await wait(1); // timers count from before the stall
  await wait(15);
  const after = turns.slice(before);
  leave();
  const skipped = after.reduce((sum, turn) => sum + turn.skipped, 0);
  expect(skipped).toBeGreaterThan(15);
  expect(after.length).toBeLessThanOrEqual(7);
  expect(after[0]!.skipped).toBe(skipped);
});

test("who has left has no turn, not even in the round that is going on", async () => {
  const others = Array.from({ length: 4 }, member);
  const turns: number[] = [];
  const leave = pacingClock.join(() => {
    turns.push(1);
    leave();
    leave();
  });
  await wait(100);
  expect(turns.length).toBe(1);
  for (const other of others) other.leave();
  const counts = others.map((other) => other.turns.length);
  await wait(60);
  expect(others.map((other) => other.turns.length)).toEqual(counts);
});
