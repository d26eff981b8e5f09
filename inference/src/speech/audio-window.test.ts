import { expect, test } from "vitest";
import { AudioWindow } from "./audio-window.ts";

const frame = (value: number): Int16Array => new Int16Array(4).fill(value);

test("a span is found by its stream time after old audio has been let go", () => {
  const window = new AudioWindow({ frameMs: 32, frameSamples: 4 });
  for (let at = 0; at < 10; at++) window.push(frame(at));
  window.forgetBefore(100); // frames 0, 1, 2 end before 96 ms
  expect(window.heldMs).toBe(7 * 32);
  expect([...window.between(128, 192)]).toEqual([4, 4, 4, 4, 5, 5, 5, 5]);
});

test("what is gone or has not come is left out", () => {
  const window = new AudioWindow({ frameMs: 32, frameSamples: 4 });
  window.push(frame(1));
  expect(window.between(-500, 500)).toHaveLength(4);
  window.forgetBefore(10_000);
  expect(window.between(0, 10_000)).toHaveLength(0);
});
