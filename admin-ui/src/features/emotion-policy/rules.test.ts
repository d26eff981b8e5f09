import { expect, test } from "vitest";
import { moveRule, newRule } from "./rules.ts";

const first = newRule([], "规则");
const second = newRule([first], "规则");

test("a new rule never has the name of another", () => {
  expect(second.id).toBe("规则 2");
  expect(newRule([first, second], "规则").id).toBe("规则 3");
});

test("rules move one place, and stay at the ends", () => {
  const rules = [first, second];
  expect(moveRule(rules, 0, 1)).toEqual([second, first]);
  expect(moveRule(rules, 0, -1)).toBe(rules);
  expect(moveRule(rules, 1, 1)).toBe(rules);
});
