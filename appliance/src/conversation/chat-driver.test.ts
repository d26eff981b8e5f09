import { expect, test } from "vitest";
import { anger, oneArticleAssistant, openTestRooms } from "./test-rooms-driver.ts";

const visitor = { identity: "a".repeat(32), source: "127.0.0.1", language: "en" as const };
const write = (text: string, clientId = text) => ({ clientId, text });

test("a question in a chat is answered, durable, audited and shown", async () => {
  const rooms = await openTestRooms();
  const { chat } = rooms.conversations;
  await chat.text(visitor, write("What is my transfer limit?"));
  const current = chat.current(visitor.identity);
  const events = await chat.lines(current?.id ?? "", 0);
  expect(events.map((event) => event.body.type)).toEqual([
    "contact-started",
    "assistant-said",
    "customer-said",
    "assistant-said",
  ]);
  expect(events.map((event) => event.seq)).toEqual([1, 2, 3, 4]);
  expect(events[1]?.body).toMatchObject({ reason: "greeting", text: expect.stringContaining("AI") });
  expect(events[3]?.body).toMatchObject({ reason: "answer", articleId: "limit", score: 0.93 });
  expect(rooms.audited.map((entry) => entry.code)).toEqual(["conversation.started", "assistant.answered"]);
  expect(JSON.stringify(rooms.audited)).not.toContain("transfer limit");
  expect(rooms.shown.filter((message) => message.type === "event")).toHaveLength(4);
});

test("the same message sent again changes nothing and says where it is", async () => {
  const rooms = await openTestRooms();
  const { chat } = rooms.conversations;
  await chat.text(visitor, write("limit", "c1"));
  const again = await chat.text(visitor, write("limit", "c1"));
  const id = chat.current(visitor.identity)?.id ?? "";
  expect(again).toEqual({ id, seq: 3 });
  expect(await chat.lines(id, 0)).toHaveLength(4);
});

test("after a restart the chat goes on where it was, with the assistant's memory and the browser's ids", async () => {
  const before = await openTestRooms();
  await before.conversations.chat.text(visitor, write("limit", "c1"));
  const id = before.conversations.chat.current(visitor.identity)?.id;
  const assistant = oneArticleAssistant();
  const after = await openTestRooms({ store: before.store, assistant });
  expect(after.conversations.chat.current(visitor.identity)?.id).toBe(id);
  expect(await after.conversations.chat.text(visitor, write("limit", "c1"))).toEqual({ id, seq: 3 });
  await after.conversations.chat.text(visitor, write("and again?", "c2"));
  expect(assistant.turns[0]?.memory?.lastArticleId).toBe("limit");
});

test("asking for a person puts the chat in the queue, opens a task and tells the customer", async () => {
  const rooms = await openTestRooms({ emotion: anger });
  const { chat } = rooms.conversations;
  await chat.text(visitor, write("agent please"));
  const id = chat.current(visitor.identity)?.id ?? "";
  const detail = await rooms.conversations.detail(id);
  expect(detail?.conversation).toMatchObject({ handler: "queue", mood: { label: "angry" } });
  expect(rooms.tasks.openCount()).toBe(1);
  const [task] = await rooms.tasks.list({ state: "open", limit: 10 });
  expect(task).toMatchObject({ conversationId: id, transcript: "agent please", mood: "angry" });
  const texts = detail?.events.flatMap((event) => (event.body.type === "assistant-said" ? [event.body.text] : []));
  expect(texts?.at(-1)).toContain("member of staff");
  expect(rooms.audited.map((entry) => entry.code)).toContain("handoff.requested");

  await chat.text(visitor, write("it is about my card"));
  expect((await chat.lines(id, 0)).at(-1)?.body).toMatchObject({ text: expect.stringContaining("Added") });
  await chat.text(visitor, write("what is my limit"));
  expect((await chat.lines(id, 0)).at(-1)?.body).toMatchObject({ reason: "answer" });
  expect(rooms.tasks.openCount()).toBe(1);
});

test("when a person has answered, the assistant is silent, and the outcome is a hand-over", async () => {
  const assistant = oneArticleAssistant();
  const rooms = await openTestRooms({ assistant });
  const { chat } = rooms.conversations;
  await chat.text(visitor, write("agent"));
  const id = chat.current(visitor.identity)?.id ?? "";
  const said = await chat.agentSaid(id, { id: "user:1", name: "Li", text: "How can I help?" });
  expect(said?.body).toMatchObject({ type: "agent-said", agentName: "Li" });
  const asked = assistant.turns.length;
  await chat.text(visitor, write("what is my limit"));
  expect(assistant.turns).toHaveLength(asked);
  await chat.end(visitor.identity);
  const detail = await rooms.conversations.detail(id);
  expect(detail?.conversation).toMatchObject({ state: "ended", outcome: "handed-over", handler: "nobody" });
  expect(chat.current(visitor.identity)).toBeUndefined();
  expect(await chat.agentSaid(id, { id: "user:1", name: "Li", text: "late" })).toBeUndefined();
});

test("when knowledge cannot be read, a person is asked for, not guessed", async () => {
  const rooms = await openTestRooms();
  await rooms.conversations.chat.text(visitor, write("knowledge is broken"));
  expect(rooms.tasks.openCount()).toBe(1);
});

test("a chat silent for half an hour is over", async () => {
  let now = 1_800_000_000_000;
  const rooms = await openTestRooms({ now: () => now });
  const { chat } = rooms.conversations;
  await chat.text(visitor, write("limit"));
  now += 29 * 60_000;
  await chat.endIdle();
  expect(chat.current(visitor.identity)).toBeDefined();
  now += 2 * 60_000;
  await chat.endIdle();
  expect(chat.current(visitor.identity)).toBeUndefined();
  expect((await rooms.conversations.list({ limit: 10 })).items[0]).toMatchObject({ outcome: "answered" });
  await chat.text(visitor, write("limit", "new"));
  const { items } = await rooms.conversations.list({ limit: 10 });
  expect(items.map((item) => item.state)).toEqual(["live", "ended"]);
  expect(items[0]?.customerId).toBe(items[1]?.customerId);
  expect(rooms.conversations.figures().today).toMatchObject({ conversations: 2, answered: 1 });
  expect(rooms.conversations.figures().live).toMatchObject({ chats: 1, calls: 0 });
});

test("who waits for a person is not cut off after half an hour", async () => {
  let now = 1_800_000_000_000;
  const rooms = await openTestRooms({ now: () => now });
  const { chat } = rooms.conversations;
  await chat.text(visitor, write("agent"));
  now += 10 * 3_600_000;
  await chat.endIdle();
  const id = chat.current(visitor.identity)?.id ?? "";
  expect((await chat.agentSaid(id, { id: "user:1", name: "Li", text: "Good morning" }))?.body.type).toBe("agent-said");
  now += 25 * 3_600_000;
  await chat.endIdle();
  expect(chat.current(visitor.identity)).toBeUndefined();
});

test("messages of one visitor keep their order though they come at once", async () => {
  const rooms = await openTestRooms();
  const { chat } = rooms.conversations;
  await Promise.all(Array.from({ length: 20 }, (_, n) => chat.text(visitor, write(`message ${n}`))));
  const events = await chat.lines(chat.current(visitor.identity)?.id ?? "", 0);
  expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
  const texts = events.flatMap((event) => (event.body.type === "customer-said" ? [event.body.text] : []));
  expect(texts).toEqual(Array.from({ length: 20 }, (_, n) => `message ${n}`));
});
