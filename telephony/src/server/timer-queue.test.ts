import { type MonoMs, monoMs } from "@intramuros/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createTimerQueue, type Sleeping } from "./timer-queue.ts";

interface Named extends Sleeping {
  readonly name: number;
}

test("each sleeper wakes at the time it last asked for, in order, and never when it has changed its mind", () => {
  const change = fc.tuple(fc.nat(9), fc.option(fc.nat(1000), { nil: null }), fc.nat(50));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 80 }), (changes) => {
      const queue = createTimerQueue<Named>();
      const sleepers: Named[] = Array.from({ length: 10 }, (_, name) => ({ name, wakeAt: null, queuedAt: null }));
      let now = 0;
      const drain = (): void => {
        let last = -1;
        for (let due = queue.due(monoMs(now)); due !== null; due = queue.due(monoMs(now))) {
          expect(due.wakeAt).not.toBe(null);
          expect(due.wakeAt!).toBeLessThanOrEqual(now);
          expect(due.wakeAt!).toBeGreaterThanOrEqual(last);
          last = due.wakeAt!;
          due.wakeAt = null;
        }
        for (const { wakeAt } of sleepers) if (wakeAt !== null) expect(wakeAt).toBeGreaterThan(now);
      };
      for (const [name, delay, pass] of changes) {
        const sleeper = sleepers[name]!;
        sleeper.wakeAt = delay === null ? null : (monoMs(now + delay + 1) as MonoMs);
        queue.add(sleeper);
        const { nextAt } = queue;
        for (const { wakeAt } of sleepers) if (wakeAt !== null) expect(nextAt!).toBeLessThanOrEqual(wakeAt);
        now += pass;
        drain();
      }
      now += 10_000;
      drain();
      expect(queue.size).toBe(0);
    }),
  );
});

test("a timer put off a thousand times is one entry", () => {
  const queue = createTimerQueue<Sleeping>();
  const sleeper: Sleeping = { wakeAt: null, queuedAt: null };
  for (let i = 1; i <= 1000; i++) {
    sleeper.wakeAt = monoMs(i * 10);
    queue.add(sleeper);
  }
  expect(queue.size).toBe(1);
});
