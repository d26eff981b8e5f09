import { expect, test } from "vitest";
import { type Attempts, afterFailure, isForgotten, isLocked, LOCK_MS, MAX_FAILURES } from "./lockout.ts";

const fail = (times: number, at: number, attempts?: Attempts): Attempts | undefined =>
  Array.from({ length: times }).reduce<Attempts | undefined>((before) => afterFailure(before, at), attempts);

test("the fifth failure within a quarter of an hour locks for a quarter of an hour", () => {
  const four = fail(MAX_FAILURES - 1, 1_000);
  expect(isLocked(four, 1_000)).toBe(false);
  const five = fail(1, 2_000, four);
  expect(isLocked(five, 2_000)).toBe(true);
  expect(isLocked(five, 2_000 + LOCK_MS - 1)).toBe(true);
  expect(isLocked(five, 2_000 + LOCK_MS)).toBe(false);
});

test("failures of an earlier quarter of an hour are forgotten", () => {
  const old = fail(MAX_FAILURES - 1, 0);
  expect(old !== undefined && isForgotten(old, LOCK_MS)).toBe(true);
  expect(isLocked(fail(1, LOCK_MS, old), LOCK_MS)).toBe(false);
});

test("trying on while locked does not make the lock longer", () => {
  const locked = fail(MAX_FAILURES, 0);
  expect(isLocked(fail(3, LOCK_MS - 1, locked), LOCK_MS)).toBe(false);
});

test("nobody who never failed is locked", () => expect(isLocked(undefined, 5)).toBe(false));
