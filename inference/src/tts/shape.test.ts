import { expect, test } from "vitest";
import { level, shape } from "./shape.ts";

test("silence before the first sound is cut to a hundredth of a second, also over several pieces", () => {
  const quiet = new Float32Array(800);
  const first = shape({ begun: false }, quiet, 8000);
  expect(first.samples).toHaveLength(0);
  const loud = new Float32Array(800).fill(0.3, 400);
  const second = shape(first.state, loud, 8000);
  expect(second.samples).toHaveLength(480);
  expect(shape(second.state, quiet, 8000).samples).toHaveLength(800);
});

test("soft speech is raised, loud speech never clips, and the order of levels stays", () => {
  expect(level(0.1)).toBeCloseTo(0.16, 5);
  let before = -1.1;
  for (let at = -1; at <= 1; at += 0.01) {
    expect(level(at)).toBeGreaterThan(before);
    before = level(at);
  }
  expect(level(1)).toBeLessThan(1);
});
