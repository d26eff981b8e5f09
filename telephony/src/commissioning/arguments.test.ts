import { expect, test } from "vitest";
import { parseArguments } from "./arguments.ts";

const ok = (words: string) => {
  const result = parseArguments(words === "" ? [] : words.split(" "));
  if (result.type !== "ok") throw new Error(result.problem);
  return result.value;
};
const problem = (words: string): string => {
  const result = parseArguments(words === "" ? [] : words.split(" "));
  return result.type === "faulty" ? result.problem : "";
};

test("the number called follows the language", () => {
  expect(ok("--say hello")).toMatchObject({ to: "8002", language: "en" });
  expect(ok("--say hello --lang zh")).toMatchObject({ to: "8001", language: "zh" });
});

test("Chinese words are taken for Mandarin without being told", () => {
  expect(ok("--say 我要挂失")).toMatchObject({ to: "8001", language: "zh" });
});

test("keys alone make a call", () => {
  expect(ok("--digits 1,#")).toMatchObject({ digits: ["1", "#"], say: null });
});

test.each([
  ["", "--say, --wav or --digits"],
  ["--say", "--say needs a value"],
  ["--say a --wav b.wav", "exclude each other"],
  ["--digits x", "--digits takes keys"],
  ["--say a --lang fr", "--lang is zh or en"],
  ["--say a --server example.org", "--server takes"],
  ["--say a --count 0", "--count takes"],
  ["--sya hello", 'unknown word "--sya"'],
])("%j is refused with what to do", (words, expected) => {
  expect(problem(words)).toContain(expected);
});
