import { AppError } from "@intramuros/contracts";
import { expect, test } from "vitest";
import { memoryStore } from "../storage/memory-store.ts";
import {
  callEvents,
  endedBody,
  offeredBody,
  openTestRooms,
  type TestRooms,
  utteranceBody,
} from "./test-rooms-driver.ts";

const flowOf = (rooms: TestRooms, language: "zh" | "en"): string =>
  rooms.setup.records().flows.find((flow) => flow.language === language)?.id ?? "";
const types = async (rooms: TestRooms, callId: string): Promise<string[]> => {
  const [summary] = (await rooms.conversations.ofCall(callId)).items;
  const detail = await rooms.conversations.detail(summary?.id ?? "");
  return detail?.events.map((event) => event.body.type) ?? [];
};

test("a call is answered, understood and remembered", async () => {
  const rooms = await openTestRooms();
  const { phone } = rooms.conversations;
  const next = callEvents("call-1");
  await phone.take(next(offeredBody(flowOf(rooms, "en"))));
  await phone.take(next({ answered: { codec: "PCMA", setupMs: 40 } }));
  await phone.take(next({ spoken: { text: "Hello", language: "en", kind: "greeting" } }));
  await phone.take(next(utteranceBody(1, "what is my transfer limit")));
  expect(rooms.sent).toHaveLength(1);
  expect(rooms.sent[0]?.say).toMatchObject({ callId: "call-1", turn: 1, language: "en" });
  await phone.take(
    next({
      playbackStarted: {
        sayId: rooms.sent[0]?.say?.sayId ?? "",
        text: "",
        language: "en",
        turn: 1,
        synthesisMs: 90,
        responseMs: 640,
      },
    }),
  );
  await phone.take(next(endedBody()));
  expect(await types(rooms, "sip-abc@127.0.0.1")).toEqual([
    "contact-started",
    "assistant-said",
    "customer-said",
    "assistant-said",
    "playback-started",
    "contact-ended",
    "ended",
  ]);
  const [summary] = (await rooms.conversations.ofCall("call-1")).items;
  expect(summary).toMatchObject({ outcome: "answered", state: "ended", address: "13800138000", customerName: "Wang" });
  const customer = rooms.customers.find({ kind: "phone", value: "+86 138-0013-8000" });
  expect(customer).toMatchObject({ id: summary?.customerId, conversations: 1 });
  expect(rooms.audited.map((entry) => entry.code)).toEqual([
    "conversation.started",
    "call.offered",
    "call.answered",
    "assistant.answered",
    "call.ended",
    "conversation.ended",
  ]);
  expect(JSON.stringify(rooms.audited)).not.toMatch(/13800138000|transfer/);
  expect(rooms.conversations.figures().live.calls).toBe(0);
});

test("events sent again, also after a restart, are written once", async () => {
  const rooms = await openTestRooms();
  const next = callEvents("call-1");
  const events = [
    next(offeredBody(flowOf(rooms, "en"))),
    next(utteranceBody(1, "limit")),
    next({ spoken: { text: "x", language: "en", kind: "menu" } }),
  ];
  for (const event of events) await rooms.conversations.phone.take(event);
  for (const event of events) await rooms.conversations.phone.take(event);
  const before = await types(rooms, "call-1");
  const restarted = await openTestRooms({ store: rooms.store });
  for (const event of events) await restarted.conversations.phone.take(event);
  expect(await types(restarted, "call-1")).toEqual(before);
  expect(restarted.sent).toHaveLength(0);
  await restarted.conversations.phone.take(next(endedBody()));
  expect((await restarted.conversations.ofCall("call-1")).items[0]?.state).toBe("ended");
});

test("the answer goes out before the utterance is on the disk, the acknowledgement only after", async () => {
  const store = memoryStore();
  let hold: (() => void) | null = null;
  let slow = false;
  const rooms = await openTestRooms({
    store: {
      ...store,
      async write(writes) {
        if (slow) await new Promise<void>((resolve) => (hold = resolve));
        return store.write(writes);
      },
    },
  });
  const next = callEvents("call-1");
  await rooms.conversations.phone.take(next(offeredBody(flowOf(rooms, "en"))));
  slow = true;
  let acknowledged = false;
  const taken = rooms.conversations.phone.take(next(utteranceBody(1, "limit"))).then(() => {
    acknowledged = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(rooms.sent).toHaveLength(1);
  expect(acknowledged).toBe(false);
  (hold as (() => void) | null)?.();
  await taken;
  expect(acknowledged).toBe(true);
});

test("what the disk did not take is taken when telephony sends it again", async () => {
  const store = memoryStore();
  let failing = false;
  const rooms = await openTestRooms({
    store: {
      ...store,
      async write(writes) {
        if (failing) throw new AppError({ code: "disk-full", message: "full", hint: "" });
        return store.write(writes);
      },
    },
  });
  const next = callEvents("call-1");
  await rooms.conversations.phone.take(next(offeredBody(flowOf(rooms, "en"))));
  const said = next(utteranceBody(1, "limit"));
  failing = true;
  await expect(rooms.conversations.phone.take(said)).rejects.toThrow("full");
  failing = false;
  await rooms.conversations.phone.take(said);
  expect(await types(rooms, "call-1")).toEqual(["contact-started", "customer-said", "assistant-said"]);
});

test("what cannot be audited is not kept, not shown and not acknowledged; later it is all three", async () => {
  const rooms = await openTestRooms();
  const next = callEvents("call-1");
  await rooms.conversations.phone.take(next(offeredBody(flowOf(rooms, "en"))));
  const said = next(utteranceBody(1, "limit"));
  const { append } = rooms.audit;
  rooms.audit.append = async () => {
    throw new AppError({ code: "audit-unavailable", message: "the audit log cannot be written", hint: "" });
  };
  const shown = rooms.shown.length;
  await expect(rooms.conversations.phone.take(said)).rejects.toThrow("audit");
  expect(await types(rooms, "call-1")).toEqual(["contact-started"]);
  expect(rooms.shown).toHaveLength(shown);
  rooms.audit.append = append;
  await rooms.conversations.phone.take(said);
  expect(await types(rooms, "call-1")).toEqual(["contact-started", "customer-said", "assistant-said"]);
  expect(rooms.audited.at(-1)).toMatchObject({ code: "assistant.answered", detail: { logSeq: said.seq } });
  expect(rooms.sent[0]?.say?.sayId).toBe(rooms.sent[1]?.say?.sayId);
});

test("a person is asked for, nobody answers, a message becomes a callback", async () => {
  const rooms = await openTestRooms();
  const { phone } = rooms.conversations;
  const queueId = rooms.setup.records().queues[0]?.id ?? "";
  const next = callEvents("call-1");
  await phone.take(next(offeredBody(flowOf(rooms, "zh"))));
  await phone.take(next(utteranceBody(1, "转人工", "zh")));
  expect(rooms.sent[0]?.say?.queueId).toBe(queueId);
  expect(rooms.sent[0]?.say?.then).toBe("handoff");
  expect((await rooms.conversations.ofCall("call-1")).items[0]?.handler).toBe("queue");
  await phone.take(next({ ringing: { legId: "l", phoneId: "p", queueId, target: "", trunkId: "" } }));
  await phone.take(next({ handoffFailed: { queueId, reason: "no answer" } }));
  await phone.take(next(endedBody()));
  expect((await rooms.conversations.ofCall("call-1")).items[0]?.outcome).toBe("abandoned");
  expect(await rooms.tasks.list({ limit: 10 })).toMatchObject([{ transcript: "转人工", state: "open" }]);
  await phone.take(
    next({ messageTaken: { recordingPath: "recordings/call-1.wav", durationMs: 9000, transcript: "请回电" } }),
  );
  const tasks = await rooms.tasks.list({ limit: 10 });
  expect(tasks).toHaveLength(1);
  expect(tasks[0]).toMatchObject({ transcript: "请回电", address: "13800138000", durationMs: 9000, queueId });
  expect((await rooms.conversations.ofCall("call-1")).items[0]).toMatchObject({
    state: "ended",
    outcome: "message-taken",
  });
});

test("a number outside is named as its queue names it, else by itself", async () => {
  const rooms = await openTestRooms();
  const { phone } = rooms.conversations;
  const [trunk] = rooms.setup.records().trunks;
  const trunkId = trunk?.id ?? "";
  const outside = [{ trunkId, number: "6001", name: "对公坐席" }];
  const queue = await rooms.setup.put("queues", { name: "q", phoneIds: [], ringSeconds: 20, outside });
  const next = callEvents("call-1");
  await phone.take(next(offeredBody(flowOf(rooms, "zh"))));
  for (const target of ["6001", "6002"])
    await phone.take(next({ ringing: { legId: target, phoneId: "", queueId: queue.id, target, trunkId } }));
  await phone.take(next({ bridged: { legId: "6001", phoneId: "", target: "6001", trunkId } }));
  const [summary] = (await rooms.conversations.ofCall("call-1")).items;
  const bodies = (await rooms.conversations.detail(summary?.id ?? ""))?.events.map((event) => event.body) ?? [];
  expect(bodies.flatMap((body) => (body.type === "ringing" ? [body.phoneName] : []))).toEqual(["对公坐席", "6002"]);
  expect(summary?.agentName).toBe("对公坐席");
});

test("a key of the menu is telephony's to carry out; it is written down, and a language key changes the flow", async () => {
  const rooms = await openTestRooms();
  const { phone } = rooms.conversations;
  const both = rooms.setup.records().flows.find((flow) => flow.menu.some((item) => item.action === "language"));
  const next = callEvents("call-1");
  await phone.take(next(offeredBody(both?.id ?? "")));
  await phone.take(next({ digit: { digit: "2", via: "rfc4733", turn: 0 } }));
  expect(rooms.sent).toHaveLength(0);
  await phone.take(next({ digit: { digit: "0", via: "rfc4733", turn: 0 } }));
  expect(await types(rooms, "call-1")).toEqual([
    "contact-started",
    "customer-said",
    "customer-said",
    "handoff-requested",
  ]);
  expect(rooms.audited.map((entry) => entry.code)).toContain("handoff.requested");
});

test("calls that telephony does not know any more are closed", async () => {
  const rooms = await openTestRooms();
  const next = callEvents("call-1");
  await rooms.conversations.phone.take(next(offeredBody(flowOf(rooms, "zh"))));
  await rooms.conversations.phone.endOrphans(Date.now());
  expect((await rooms.conversations.ofCall("call-1")).items[0]).toMatchObject({ state: "ended", outcome: "failed" });
  expect(rooms.conversations.liveCalls()).toBe(0);
});

test("a caller without a number is nobody else's customer", async () => {
  const rooms = await openTestRooms();
  for (const callId of ["call-1", "call-2"]) {
    const next = callEvents(callId);
    const { offered } = offeredBody(flowOf(rooms, "zh"));
    if (offered)
      await rooms.conversations.phone.take(next({ offered: { ...offered, from: "anonymous", sipCallId: callId } }));
  }
  const { items } = await rooms.conversations.list({ limit: 10 });
  expect(items[0]?.customerId).not.toBe(items[1]?.customerId);
});

test("a call that was never offered is not invented", async () => {
  const rooms = await openTestRooms();
  await rooms.conversations.phone.take(callEvents("ghost", "log-a", 7)(utteranceBody(1, "limit")));
  expect((await rooms.conversations.list({ limit: 10 })).items).toEqual([]);
});

test("deciding an utterance and sending the answer takes less than 15 ms at p95", async () => {
  const rooms = await openTestRooms();
  const next = callEvents("call-1");
  await rooms.conversations.phone.take(next(offeredBody(flowOf(rooms, "en"))));
  const times: number[] = [];
  for (let turn = 1; turn <= 100; turn += 1) {
    const started = performance.now();
    const taken = rooms.conversations.phone.take(next(utteranceBody(turn, "limit")));
    while (rooms.sent.length < turn) await Promise.resolve();
    times.push(performance.now() - started);
    await taken;
  }
  expect(times.sort((a, b) => a - b)[94]).toBeLessThan(15);
});
