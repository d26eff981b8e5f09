import fc from "fast-check";
import { expect, test } from "vitest";
import { type Conversation, newConversation } from "./conversation.ts";
import { count, type Figures, liveFigures, RESPONSE_STEP_MS, readFigures } from "./overview.ts";

const HOUR = 3_600_000;
const NOW = 1_800_000 * HOUR + 123;
const at = (startedAt: number, change: Partial<Conversation> = {}): Conversation => ({
  ...newConversation({
    id: String(startedAt),
    contactId: "k",
    customerId: "u",
    customerName: "",
    address: "",
    medium: "phone",
    language: "zh",
    at: startedAt,
  }),
  ...change,
});
const when = { now: NOW, dayStart: NOW - 10 * HOUR };

test("a conversation is counted once, in the hour in which it began, however often it changes", () => {
  let figures: Figures = new Map();
  let before: Conversation | null = null;
  const begun = at(NOW - 2 * HOUR);
  const steps: Conversation[] = [
    begun,
    { ...begun, felt: ["angry"] },
    { ...begun, felt: ["angry", "anxious"], responsesMs: [640] },
    { ...begun, felt: ["angry", "anxious"], responsesMs: [640], summary: { ...begun.summary, outcome: "answered" } },
  ];
  for (const after of steps) {
    figures = count(figures, { before, after, now: NOW });
    before = after;
  }
  const { today, hourly } = readFigures(figures, when);
  expect(today).toMatchObject({ conversations: 1, answered: 1, abandoned: 0, responseP50Ms: 660, responseP95Ms: 660 });
  expect(hourly).toHaveLength(24);
  expect(hourly[21]).toMatchObject({ calls: 1, chats: 0, angry: 1, anxious: 1 });
});

test("yesterday is in the hours and not in today", () => {
  const figures = count(new Map(), { before: null, after: at(NOW - 15 * HOUR), now: NOW });
  const { today, hourly } = readFigures(figures, when);
  expect(today.conversations).toBe(0);
  expect(today.responseP50Ms).toBeUndefined();
  expect(hourly.reduce((sum, hour) => sum + hour.calls, 0)).toBe(1);
});

test("hours that nobody sees any more are let go", () => {
  let figures = count(new Map(), { before: null, after: at(NOW - 20 * HOUR), now: NOW });
  figures = count(figures, { before: null, after: at(NOW + 20 * HOUR), now: NOW + 20 * HOUR });
  expect(figures.size).toBe(1);
});

test("percentiles are right to one step, whatever the times", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9_000 }), { minLength: 1, maxLength: 300 }), (times) => {
      const figures = count(new Map(), { before: null, after: at(NOW, { responsesMs: times }), now: NOW });
      const { today } = readFigures(figures, when);
      const sorted = times.toSorted((a, b) => a - b);
      const exact = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0;
      expect(Math.abs((today.responseP95Ms ?? 0) - exact)).toBeLessThanOrEqual(RESPONSE_STEP_MS);
    }),
  );
});

test("who is there now is told by medium, handler and mood", () => {
  const live = [at(1), at(2, { at: "queue" }), at(3, { at: "agent" })];
  expect(liveFigures(live)).toEqual({ live: { calls: 3, chats: 0, withAgent: 1, waiting: 1 }, mood: { neutral: 3 } });
});
