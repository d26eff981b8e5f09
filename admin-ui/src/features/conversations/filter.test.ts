import type { ConversationSummary } from "@intramuros/contracts/browser";
import { expect, test } from "vitest";
import { fits } from "./filter.ts";

const row: ConversationSummary = {
  id: "c1",
  customerId: "u1",
  customerName: "李敏",
  address: "13812345678",
  medium: "phone",
  state: "live",
  handler: "queue",
  language: "zh",
  startedAt: 1,
  updatedAt: 1,
  lastText: "What is my Transfer limit?",
  turns: 2,
};
const all = { words: "", handler: "", mood: "", medium: "" };

test("without a filter everything is shown", () => {
  expect(fits(row, all)).toBe(true);
});

test("words are found in names, last words and grouped numbers", () => {
  expect(fits(row, { ...all, words: "李" })).toBe(true);
  expect(fits(row, { ...all, words: "transfer LIMIT" })).toBe(true);
  expect(fits(row, { ...all, words: "138 1234 56" })).toBe(true);
  expect(fits(row, { ...all, words: "139" })).toBe(false);
});

test("a mood that was not judged is its own kind", () => {
  expect(fits(row, { ...all, mood: "unsure" })).toBe(true);
  expect(fits(row, { ...all, mood: "angry" })).toBe(false);
});

test("handler and channel both have to fit", () => {
  expect(fits(row, { ...all, handler: "queue", medium: "phone" })).toBe(true);
  expect(fits(row, { ...all, handler: "agent" })).toBe(false);
  expect(fits(row, { ...all, medium: "web-chat" })).toBe(false);
});
