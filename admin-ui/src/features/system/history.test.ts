import { expect, test } from "vitest";
import { addReading, HISTORY_MAX, type Reading } from "./history.ts";

const at = (time: number): Reading => ({ at: time, cpuPercent: 10, memoryPercent: 40 });

test("a reading is added once", () => {
  const history = addReading([], at(1));
  expect(addReading(history, at(1))).toBe(history);
  expect(addReading(history, at(2))).toHaveLength(2);
});

test("a page left open all night keeps a bounded history", () => {
  let history: readonly Reading[] = [];
  for (let time = 0; time < HISTORY_MAX * 3; time++) history = addReading(history, at(time));
  expect(history).toHaveLength(HISTORY_MAX);
  expect(history.at(-1)?.at).toBe(HISTORY_MAX * 3 - 1);
});
