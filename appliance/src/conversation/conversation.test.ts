import type { ConversationEvent, ConversationEventBody, EmotionScore } from "@intramuros/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Conversation, fold, isIdle, newConversation, outcomeOf } from "./conversation.ts";

const start = (medium: "phone" | "web-chat" = "phone"): Conversation =>
  newConversation({
    id: "c",
    contactId: "k",
    customerId: "u",
    customerName: "",
    address: "1",
    medium,
    language: "zh",
    at: 1_000,
  });
const play = (conversation: Conversation, ...bodies: ConversationEventBody[]): Conversation =>
  bodies.reduce((before, body) => {
    const event: ConversationEvent = { conversationId: "c", seq: before.lastSeq + 1, at: 2_000, body };
    return fold(before, event);
  }, conversation);

const score = (label: EmotionScore["label"], abstained = false): EmotionScore => ({
  label,
  abstained,
  probabilities: { [label]: 0.9 },
  intensity: 0.5,
  evidence: [],
  source: "text",
  modelId: "m",
  modelVersion: "1",
  modelSha256: "",
});
const said = (text: string, emotion?: EmotionScore): ConversationEventBody => ({
  type: "customer-said",
  turn: 1,
  text,
  language: "zh",
  via: "speech",
  ...(emotion === undefined ? {} : { emotion }),
});
const answer: ConversationEventBody = {
  type: "assistant-said",
  sayId: "",
  turn: 1,
  text: "five",
  language: "zh",
  reason: "answer",
};
const asked: ConversationEventBody = { type: "handoff-requested", queueId: "q", queueName: "Desk", reason: "asked" };
const joined: ConversationEventBody = { type: "agent-joined", phoneId: "p", agentName: "Li" };
const failed: ConversationEventBody = { type: "handoff-failed", queueId: "q", reason: "no answer" };
const taken: ConversationEventBody = { type: "message-taken", recordingPath: "r", durationMs: 1, transcript: "" };
const ended = (by: Conversation): ConversationEventBody => ({ type: "ended", outcome: outcomeOf(by) });

test("the mood is the latest emotion on which anything may be decided", () => {
  const angry = play(start(), said("a", score("angry")), said("b", score("neutral", true)), said("c"));
  expect(angry.summary.mood?.label).toBe("angry");
  expect(angry.felt).toEqual(["angry"]);
  expect(play(angry, said("d", score("happy"))).summary.mood?.label).toBe("happy");
  expect(angry.summary).toMatchObject({ turns: 3, lastText: "c" });
});

test("a call goes from the assistant to the queue, to a person, and is handed over", () => {
  const queued = play(start(), answer, asked);
  expect(queued.summary).toMatchObject({ handler: "queue", queueName: "Desk" });
  const talking = play(queued, joined);
  expect(talking.summary).toMatchObject({ handler: "agent", agentName: "Li" });
  expect(outcomeOf(talking)).toBe("handed-over");
  const over = play(talking, ended(talking));
  expect(over.summary).toMatchObject({ state: "ended", handler: "nobody", outcome: "handed-over", endedAt: 2_000 });
});

test("when nobody answers, a call takes a message and a chat goes on waiting", () => {
  expect(play(start("phone"), asked, failed).at).toBe("message");
  expect(play(start("web-chat"), asked, failed).at).toBe("queue");
  expect(outcomeOf(play(start(), asked, failed, taken))).toBe("message-taken");
});

test("the outcome says what the customer got", () => {
  expect(outcomeOf(play(start(), answer))).toBe("answered");
  expect(outcomeOf(play(start()))).toBe("abandoned");
  expect(outcomeOf(play(start(), answer, asked))).toBe("abandoned");
  const broken = play(start(), { type: "contact-ended", contactId: "k", side: "us", reason: "", durationMs: 0 });
  expect(outcomeOf(broken)).toBe("failed");
});

test("after the end nothing moves, but a message that comes late still counts", () => {
  const over = play(start(), { type: "ended", outcome: "abandoned" });
  expect(play(over, joined, asked).at).toBe("ended");
  expect(play(over, taken).summary.outcome).toBe("message-taken");
});

test("a chat is idle by its last event, an ended one never", () => {
  const chat = play(start("web-chat"), said("x"));
  expect(isIdle(chat, 2_999, 1_000)).toBe(false);
  expect(isIdle(chat, 3_000, 1_000)).toBe(true);
  expect(isIdle(play(chat, { type: "ended", outcome: "abandoned" }), 9_000, 1_000)).toBe(false);
});

test("any order of events keeps the summary and the state at one with each other", () => {
  const bodies = fc.constantFrom(said("x"), answer, asked, joined, failed, taken, {
    type: "ended" as const,
    outcome: "answered" as const,
  });
  fc.assert(
    fc.property(
      fc.array(bodies, { maxLength: 30 }),
      fc.constantFrom("phone" as const, "web-chat" as const),
      (all, medium) => {
        const conversation = play(start(medium), ...all);
        expect(conversation.lastSeq).toBe(all.length);
        expect(conversation.summary.state === "ended").toBe(conversation.at === "ended");
        expect(conversation.summary.handler === "nobody").toBe(conversation.at === "ended");
        expect(conversation.summary.outcome !== undefined).toBe(conversation.at === "ended");
      },
    ),
  );
});
