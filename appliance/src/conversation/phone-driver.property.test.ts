import type { CallEventMessage } from "@intramuros/contracts";
import { ConversationEventSchema, ConversationSummarySchema } from "@intramuros/contracts";
import fc from "fast-check";
import { Compile } from "typebox/compile";
import { expect, test } from "vitest";
import { callEvents, endedBody, offeredBody, openTestRooms, utteranceBody } from "./test-rooms-driver.ts";

const isEvent = Compile(ConversationEventSchema);
const isSummary = Compile(ConversationSummarySchema);
const body = fc.constantFrom<Partial<CallEventMessage>>(
  utteranceBody(1, "what is my limit"),
  utteranceBody(2, "agent please"),
  utteranceBody(3, ""),
  utteranceBody(4, "nonsense"),
  offeredBody("no such flow", "no such trunk"),
  endedBody("somebody"),
  { answered: { codec: "G722", setupMs: 3 } },
  { speechStarted: { bargeIn: true, stoppedAfterMs: 90 } },
  { speechStarted: { bargeIn: false, stoppedAfterMs: 0 } },
  { digit: { digit: "0", via: "info", turn: 1 } },
  { digit: { digit: "7", via: "rfc4733", turn: 2 } },
  { noInput: { turn: 1, count: 2 } },
  { playbackStarted: { sayId: "x", text: "", language: "en", turn: 1, synthesisMs: 1, responseMs: 500 } },
  { playbackFinished: { sayId: "x", interrupted: true, playedMs: 10 } },
  { spoken: { text: "hello", language: "en", kind: "something new" } },
  { ringing: { legId: "l", phoneId: "p", queueId: "q", target: "", trunkId: "" } },
  { bridged: { legId: "l", phoneId: "p", target: "", trunkId: "" } },
  { handoffFailed: { queueId: "q", reason: "busy" } },
  { messageTaken: { recordingPath: "recordings/a.wav", durationMs: 5, transcript: "call me" } },
  { holdChanged: { onHold: true } },
  { degraded: { reason: "r", hint: "h" } },
  {},
);

test("any events in any order, sent once or twice, leave a whole log that fits its schema and at most one task", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(body, { maxLength: 25 }), async (bodies) => {
      const rooms = await openTestRooms();
      const { phone } = rooms.conversations;
      const next = callEvents("call-1");
      const flowId = rooms.setup.records().flows.find((flow) => flow.language === "en")?.id ?? "";
      const events = [next(offeredBody(flowId)), ...bodies.map((item) => next(item))];
      for (const event of events) await phone.take(event);
      const id = (await rooms.conversations.ofCall("call-1")).items[0]?.id ?? "";
      const before = await rooms.conversations.detail(id);
      const sent = rooms.sent.length;
      for (const event of events) await phone.take(event);
      const after = await rooms.conversations.detail(id);
      expect(after).toEqual(before);
      expect(rooms.sent).toHaveLength(sent);
      expect(before?.events.map((event) => event.seq)).toEqual(before?.events.map((_, index) => index + 1));
      for (const event of before?.events ?? []) expect([...isEvent.Errors(event)]).toEqual([]);
      expect([...isSummary.Errors(before?.conversation)]).toEqual([]);
      expect((await rooms.tasks.list({ limit: 10 })).length).toBeLessThanOrEqual(
        bodies.filter((item) => item.messageTaken).length + 1,
      );
    }),
    { numRuns: 60 },
  );
});
