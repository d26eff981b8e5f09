import { expect, test } from "vitest";
import { countTap } from "./tap-count.ts";

test("results of subtests do not count twice", () => {
  expect(
    countTap("TAP version 14\n# Subtest: a\n    ok 1 - inner\n    1..1\nok 1 - a # time=3ms\nnot ok 2 - b\n1..2\n"),
  ).toEqual({ passed: 1, failed: 1 });
});

test("what was skipped is neither passed nor failed", () => {
  expect(countTap("ok 1 - a # SKIP no sipp\nok 2 - b\n1..2\n")).toEqual({ passed: 1, failed: 0 });
});
