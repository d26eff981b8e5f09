import fc from "fast-check";
import { expect, test } from "vitest";
import { PlayQueue } from "./play-queue.ts";

test("a frame at the end is filled up with silence", () => {
  const queue = new PlayQueue(8000);
  queue.add(Int16Array.of(1, 2, 3));
  const frame = new Int16Array(5).fill(9);
  expect(queue.take(frame)).toBe(3);
  expect([...frame]).toEqual([1, 2, 3, 0, 0]);
});

test("what was given may be used again by the giver", () => {
  const queue = new PlayQueue(8000);
  const samples = Int16Array.of(1, 2);
  queue.add(samples);
  samples.fill(7);
  const frame = new Int16Array(2);
  queue.take(frame);
  expect([...frame]).toEqual([1, 2]);
});

test("more than a minute is refused whole", () => {
  const queue = new PlayQueue(8000);
  expect(queue.add(new Int16Array(8000 * 60))).toBe(true);
  expect(queue.add(new Int16Array(1))).toBe(false);
  expect(queue.queuedMs).toBe(60_000);
});

test("a callback comes when what was before it has left, and not for what comes after", () => {
  const queue = new PlayQueue(8000);
  const called: string[] = [];
  expect(queue.mark(() => called.push("nothing"))).toBe(false);
  queue.add(new Int16Array(200));
  queue.mark(() => called.push("first"));
  queue.add(new Int16Array(200));
  queue.mark(() => called.push("second"));
  const frame = new Int16Array(160);
  const turn = (): void => {
    queue.take(frame);
    for (const callback of queue.passed()) callback();
  };
  turn();
  expect(called).toEqual([]);
  turn();
  expect(called).toEqual(["first"]);
  turn();
  expect(called).toEqual(["first", "second"]);
});

test("clearing drops sound and callbacks, and says how much", () => {
  const queue = new PlayQueue(8000);
  queue.add(new Int16Array(1600));
  queue.mark(() => expect.unreachable());
  expect(queue.clear()).toEqual({ droppedMs: 200 });
  expect(queue.take(new Int16Array(160))).toBe(0);
  expect(queue.passed()).toEqual([]);
});

test("whatever the pieces and frames, the sound is the same and nothing is counted twice", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 20 }),
      fc.integer({ min: 1, max: 320 }),
      (sizes, frameSize) => {
        const queue = new PlayQueue(8000);
        let next = 1;
        const given: number[] = [];
        for (const size of sizes) {
          const piece = new Int16Array(size).map(() => next++);
          given.push(...piece);
          queue.add(piece);
        }
        const taken: number[] = [];
        const frame = new Int16Array(frameSize);
        while (queue.queuedSamples > 0) taken.push(...frame.subarray(0, queue.take(frame)));
        expect(taken).toEqual(given);
      },
    ),
  );
});
