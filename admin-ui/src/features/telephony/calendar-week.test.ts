import { expect, test } from "vitest";
import { weekLines } from "./calendar-week.ts";

const names = ["", "一", "二", "三", "四", "五", "六", "日"];
const name = (day: number) => names[day] ?? "";
const span = (weekday: number, from: string, to: string) => ({ weekday, from, to });

test("days with the same hours stand together, neighbours as a range, and spans in order", () => {
  const week = [1, 2, 3, 5].flatMap((day) => [span(day, "13:00", "17:00"), span(day, "09:00", "12:00")]);
  expect(weekLines([...week, span(6, "10:00", "12:00")], name)).toEqual([
    { days: "一–三, 五", spans: "09:00–12:00, 13:00–17:00" },
    { days: "六", spans: "10:00–12:00" },
  ]);
  expect(weekLines([], name)).toEqual([]);
});
