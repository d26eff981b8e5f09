import { NumberInputSchema, TrunkInputSchema, trunkInput } from "@intramuros/contracts/browser";
import { expect, test } from "vitest";
import { fieldFaults, pathOf, wordOf } from "./field-faults.ts";

const trunk = trunkInput({ name: "主用", addresses: ["10.0.0.1"], codecs: ["PCMA"] });

test("a good form has no faults", () => {
  expect(fieldFaults(TrunkInputSchema, trunk)).toEqual([]);
});

test("an empty name and an empty list are required, at their fields", () => {
  const faults = fieldFaults(TrunkInputSchema, { ...trunk, name: "", codecs: [] });
  expect(faults.map((fault) => [fault.path.join("."), wordOf(fault)])).toEqual([
    ["name", "required"],
    ["codecs", "required"],
  ]);
});

test("a missing field is told as its own", () => {
  const { maxCalls: _left, ...rest } = trunk;
  expect(fieldFaults(TrunkInputSchema, rest).map((fault) => fault.path)).toEqual([["maxCalls"]]);
});

test("limits and patterns keep their figure and their kind", () => {
  expect(fieldFaults(TrunkInputSchema, { ...trunk, maxCalls: 5000 })[0]).toMatchObject({
    keyword: "maximum",
    limit: 2000,
  });
  const number = { pattern: "95 588!", trunkId: "", flowId: "f", calendarId: "", closedFlowId: "", note: "" };
  expect(fieldFaults(NumberInputSchema, number).map(wordOf)).toEqual(["pattern"]);
});

test("both ways of writing a field lead to the same place in the form", () => {
  expect(pathOf("/addresses/0")).toEqual(["addresses", 0]);
  expect(pathOf("menu.2.digit")).toEqual(["menu", 2, "digit"]);
});
