import { expect, test } from "vitest";
import { ago, bytes, duration, latency, percent, shortTime, stopwatch } from "./time.ts";

const now = new Date(2026, 10, 23, 14, 30, 0).getTime();

test("durations are said as people say them", () => {
  expect(duration(8_400, "en")).toBe("8 s");
  expect(duration(200_000, "zh")).toBe("3 分 20 秒");
  expect(duration(180_000, "en")).toBe("3 min");
  expect(duration(3_900_000, "zh")).toBe("1 小时 5 分");
  expect(duration(90_000_000, "en")).toBe("1 day 1 h");
  expect(duration(-5, "en")).toBe("0 s");
});

test("a switchboard clock counts over the hour", () => {
  expect(stopwatch(7_000)).toBe("0:07");
  expect(stopwatch(750_000)).toBe("12:30");
  expect(stopwatch(3_723_000)).toBe("1:02:03");
});

test("the day is left out today and the year is left out this year", () => {
  expect(shortTime(new Date(2026, 10, 23, 9, 5).getTime(), now, "en")).toBe("09:05");
  expect(shortTime(new Date(2026, 10, 21, 9, 5).getTime(), now, "zh")).toMatch(/11月21日.*09:05/);
  expect(shortTime(new Date(2025, 10, 21, 9, 5).getTime(), now, "zh")).toMatch(/2025年/);
});

test("midnight is 00, not 24", () => {
  expect(shortTime(new Date(2026, 10, 23, 0, 5).getTime(), now, "en")).toBe("00:05");
});

test("the recent past is told in the largest whole unit", () => {
  expect(ago(now - 3_000, now, "zh")).toBe("刚刚");
  expect(ago(now - 59_000, now, "en")).toBe("59 s ago");
  expect(ago(now - 61 * 60_000, now, "zh")).toBe("1 小时前");
  expect(ago(now - 49 * 3_600_000, now, "en")).toBe("2 days ago");
  expect(ago(now + 60_000, now, "en")).toBe("just now");
});

test("latencies and sizes keep three figures at most", () => {
  expect(latency(0.14, "en")).toBe("0.1 ms");
  expect(latency(640, "zh")).toBe("640 毫秒");
  expect(latency(1240, "en")).toBe("1.24 s");
  expect(bytes(980)).toBe("980 B");
  expect(bytes(13_002_342)).toBe("12.4 MiB");
  expect(percent(0.736)).toBe("74%");
});
