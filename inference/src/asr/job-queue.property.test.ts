import fc from "fast-check";
import { expect, test } from "vitest";
import { admit, next, type WaitingJob } from "./job-queue.ts";

const use = fc.constantFrom("final" as const, "speculative" as const, "partial" as const);

test("the queue keeps its bound, loses nobody silently, and gives up the less urgent first", () => {
  fc.assert(
    fc.property(fc.array(use, { maxLength: 60 }), fc.integer({ min: 1, max: 8 }), (uses, limit) => {
      let waiting: readonly WaitingJob[] = [];
      let inside = 0;
      uses.forEach((one, id) => {
        const result = admit(waiting, { id, use: one }, limit);
        inside += (result.admitted ? 1 : 0) - (result.evicted ? 1 : 0);
        if (!result.admitted)
          expect(waiting.every((job) => job.use === "final" || job.use === one || one === "partial")).toBe(true);
        waiting = result.waiting;
        expect(waiting.length).toBeLessThanOrEqual(limit);
        expect(waiting.length).toBe(inside);
      });
    }),
  );
});

test("finals go before guesses, guesses before partials, the oldest first among equals", () => {
  const jobs: WaitingJob[] = [
    { id: 1, use: "partial" },
    { id: 2, use: "speculative" },
    { id: 3, use: "final" },
    { id: 4, use: "final" },
  ];
  const order: number[] = [];
  for (let left = jobs; left.length > 0; left = left.filter((job) => job.id !== order.at(-1)))
    order.push(next(left)!.id);
  expect(order).toEqual([3, 4, 2, 1]);
});
