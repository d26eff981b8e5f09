import { expect, test } from "vitest";
import { commandOf } from "./keys.ts";

const press = { key: "g", withModifier: false, inField: false, sinceG: null };

test("g then a letter goes; too late it does not", () => {
  expect(commandOf(press)).toEqual({ type: "await-letter" });
  expect(commandOf({ ...press, key: "c", sinceG: 400 })).toEqual({ type: "go", key: "c" });
  expect(commandOf({ ...press, key: "c", sinceG: 4000 })).toEqual({ type: "nothing" });
});

test("typing into a field is nobody's shortcut", () => {
  for (const key of ["g", "/", "?"]) expect(commandOf({ ...press, key, inField: true })).toEqual({ type: "nothing" });
});

test("slash and Ctrl+K search, a question mark helps, other chords belong to the browser", () => {
  expect(commandOf({ ...press, key: "/" })).toEqual({ type: "search" });
  expect(commandOf({ ...press, key: "k", withModifier: true })).toEqual({ type: "search" });
  expect(commandOf({ ...press, key: "?" })).toEqual({ type: "help" });
  expect(commandOf({ ...press, key: "g", withModifier: true })).toEqual({ type: "nothing" });
});
