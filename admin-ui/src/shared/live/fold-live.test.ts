import type { ConversationDetail, ConversationEvent, ConversationSummary } from "@intramuros/contracts/browser";
import { expect, test } from "vitest";
import { foldEvent, foldSummary, keysOfChange, partialAfter, replaceSummary } from "./fold-live.ts";

function summary(id: string, change: Partial<ConversationSummary> = {}): ConversationSummary {
  return {
    id,
    customerId: "cu-1",
    customerName: "李敏",
    address: "13812345678",
    medium: "phone",
    state: "live",
    handler: "assistant",
    language: "zh",
    startedAt: 1000,
    updatedAt: 1000,
    lastText: "",
    turns: 0,
    ...change,
  };
}
function event(
  seq: number,
  body: ConversationEvent["body"] = { type: "hold-changed", onHold: true },
): ConversationEvent {
  return { conversationId: "a", seq, at: 1000 + seq, body };
}

test("rows keep their place when one of them moves", () => {
  const list = [summary("a"), summary("b"), summary("c")];
  const folded = foldSummary(list, summary("b", { updatedAt: 2000, lastText: "转账限额" }));
  expect(folded.map((row) => row.id)).toEqual(["a", "b", "c"]);
  expect(folded[1]?.lastText).toBe("转账限额");
});

test("a new conversation comes on top, an unknown ended one does not come at all", () => {
  const list = [summary("a")];
  expect(foldSummary(list, summary("b")).map((row) => row.id)).toEqual(["b", "a"]);
  expect(foldSummary(list, summary("b", { state: "ended" }))).toBe(list);
});

test("an older message does not overwrite a newer one", () => {
  const list = [summary("a", { updatedAt: 5000, turns: 4 })];
  expect(foldSummary(list, summary("a", { updatedAt: 4000, turns: 3 }))).toBe(list);
});

test("history shows changes of its rows and grows by pages only", () => {
  const list = [summary("a")];
  expect(replaceSummary(list, summary("b"))).toBe(list);
  expect(replaceSummary(list, summary("a", { state: "ended" }))[0]?.state).toBe("ended");
});

test("events come once each and in order; a gap is noticed", () => {
  const detail: ConversationDetail = { conversation: summary("a"), events: [event(1), event(2)] };
  const next = foldEvent(detail, event(3));
  expect(next.type === "folded" && next.detail.events.map((each) => each.seq)).toEqual([1, 2, 3]);
  expect(foldEvent(detail, event(2))).toEqual({ type: "known" });
  expect(foldEvent(detail, event(5))).toEqual({ type: "gap" });
});

test("partial words go when the sentence stands in the transcript, and stay through other events", () => {
  const partial = { text: "what is my", language: "en" };
  expect(partialAfter(event(4), partial)).toBe(partial);
  const said = event(5, { type: "customer-said", turn: 1, text: "What is my limit?", language: "en", via: "speech" });
  expect(partialAfter(said, partial)).toBe(null);
});

test("a changed list is loaded again under its own key", () => {
  expect(keysOfChange("trunks")).toEqual([["telephony", "trunks"]]);
  expect(keysOfChange("trunk-status")).toEqual([["telephony", "trunk-status"]]);
  expect(keysOfChange("something-new")).toEqual([["something-new"]]);
});
