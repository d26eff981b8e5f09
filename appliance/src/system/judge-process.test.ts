import { expect, test } from "vitest";
import { type Asked, judge, type Standing } from "./judge-process.ts";

const up: Standing = { state: "up", problem: "", misses: 0 };
const refused: Asked = { type: "refused", problem: "not running" };
const silent: Asked = { type: "silent", problem: "no answer in time" };
const after = (from: Standing, ...all: Asked[]): string => all.reduce(judge, from).state;

test("a restart between two questions is no outage, two refusals in a row are", () => {
  expect(after(up, refused)).toBe("up");
  expect(after(up, refused, { type: "answered", ready: true, problems: [] }, refused)).toBe("up");
  expect(after(up, refused, refused)).toBe("down");
});

test("a busy process is degraded, and down only when it stays silent", () => {
  expect(after(up, silent)).toBe("degraded");
  expect(after(up, silent, silent, silent, silent)).toBe("degraded");
  expect(after(up, silent, silent, silent, silent, silent)).toBe("down");
});

test("what was down stays so until it answers", () => {
  const down: Standing = { state: "down", problem: "x", misses: 9 };
  expect(after(down, silent)).toBe("down");
  expect(after(down, refused)).toBe("down");
  expect(after(down, { type: "answered", ready: true, problems: [] })).toBe("up");
});

test("problems of a ready process, and an unready one without a reason, are degraded", () => {
  expect(judge(up, { type: "answered", ready: true, problems: ["no inference", "b"] })).toMatchObject({
    state: "degraded",
    problem: "no inference; b",
  });
  expect(judge(up, { type: "answered", ready: false, problems: [] })).toMatchObject({
    state: "degraded",
    problem: "not ready",
  });
});
