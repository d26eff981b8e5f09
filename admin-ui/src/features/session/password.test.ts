import { expect, test } from "vitest";
import { allGood, checkPassword } from "./password.ts";

const good = { password: "墙内有一盏长明的灯 2026", repeat: "墙内有一盏长明的灯 2026", username: "wang" };

test("a long sentence passes", () => {
  expect(allGood(checkPassword(good))).toBe(true);
});

test("each fault is told by its own line", () => {
  expect(checkPassword({ ...good, password: "short", repeat: "short" }).length).toBe(false);
  expect(checkPassword({ ...good, repeat: "other" }).repeat).toBe(false);
  expect(checkPassword({ ...good, password: "Wang-is-here-2026" }).name).toBe(false);
  expect(checkPassword({ ...good, password: "aaaaaaaaaaaaaaa" }).varied).toBe(false);
  expect(checkPassword({ ...good, password: "123456789012" }).varied).toBe(false);
});

test("an empty password fulfils nothing", () => {
  expect(checkPassword({ password: "", repeat: "", username: "" })).toEqual({
    length: false,
    name: false,
    varied: false,
    repeat: false,
  });
});
