import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { endedBody, offeredBody, utteranceBody } from "../conversation/test-rooms-driver.ts";
import { serveTestRooms, type TestServer } from "../conversation/test-rooms-server.ts";
import { memoryStore } from "../storage/memory-store.ts";
import { openAckLedger } from "./telephony-client.ts";
import { type CallControlServer, serveCallControl } from "./test-call-control-server.ts";

let root: string;
let telephony: CallControlServer;
let closers: (() => Promise<void>)[];
beforeEach(async () => {
  root = mkdtempSync(path.join(tmpdir(), "intramuros-cc-"));
  mkdirSync(path.join(root, "keys"));
  writeFileSync(path.join(root, "keys", "master.key"), "ab".repeat(32));
  telephony = await serveCallControl(root);
  closers = [() => telephony.close()];
});
afterEach(async () => {
  for (const close of closers.reverse()) await close();
  rmSync(root, { recursive: true, force: true });
});
const serve = async (options: Parameters<typeof serveTestRooms>[0] = {}): Promise<TestServer> => {
  const server = await serveTestRooms({ root, ...options });
  closers.push(() => server.close());
  return server;
};
const until = async (is: () => boolean | Promise<boolean>): Promise<void> => {
  const deadline = Date.now() + 5_000;
  while (!(await is())) {
    if (Date.now() > deadline) throw new Error("it did not come to that");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

test("the appliance says hello with the set-up; a phone without a password is not in it", async () => {
  await serve();
  const { hello } = await telephony.next((command) => command.hello !== null && command.hello !== undefined);
  expect(hello?.lastStoredSeq).toBe(0);
  expect(hello?.setup?.numbers.map((number) => number.pattern)).toEqual(
    ["8001", "8002", "8000", "*"].sort((a, b) => (a === "*" ? 1 : b === "*" ? -1 : a < b ? -1 : 1)),
  );
  expect(JSON.parse(hello?.setup?.trunks[0]?.formJson ?? "")).toMatchObject({
    addresses: ["127.0.0.0/8"],
    codecs: ["G722", "PCMA", "PCMU"],
  });
  expect(hello?.setup?.phones).toEqual([]);
  expect(hello?.setup?.queues[0]?.phoneIds).toEqual([]);
});

test("a call over the wire is answered, acknowledged once durable, and seen on the console", async () => {
  const server = await serve();
  const { hello } = await telephony.next((command) => command.hello != null);
  const flow = hello?.setup?.flows.find((item) => item.language === "en");
  const trunkId = hello?.setup?.trunks[0]?.id ?? "";
  telephony.log("call-1", offeredBody(flow?.id ?? "", trunkId));
  telephony.log("call-1", utteranceBody(1, "what is my limit"));
  const { say } = await telephony.next((command) => command.say != null);
  expect(say).toMatchObject({ callId: "call-1", turn: 1, text: expect.stringContaining("50,000") });
  await until(() => telephony.acked() === 2);
  const trunks = await server.call("GET", "/api/trunks");
  expect(trunks.body.items).toMatchObject([{ callsNow: 1, callsTotal: 1, hasPassword: false }]);
  telephony.log("call-1", endedBody());
  await until(() => telephony.acked() === 3);
  const found = await server.call("GET", "/api/conversations?callId=sip-abc%40127.0.0.1");
  expect(found.body.items).toMatchObject([{ state: "ended", outcome: "answered", callId: "call-1" }]);
  const [{ id }] = found.body.items as unknown as [{ id: string }];
  const detail = await server.call("GET", `/api/conversations/${id}`, undefined, "auditor");
  expect((detail.body.events as unknown[]).length).toBe(5);
  expect(server.audited.at(-1)).toMatchObject({
    code: "conversation.viewed",
    object: `conversation:${id}`,
    role: "auditor",
  });
  expect(server.shown.filter((message) => message.type === "conversation").at(-1)).toMatchObject({
    conversation: { state: "ended" },
  });
});

test("after a broken line and after a restart the appliance asks only for what it does not have", async () => {
  const store = memoryStore();
  const first = await serve({ store });
  const { hello } = await telephony.next((command) => command.hello != null);
  const flowId = hello?.setup?.flows[0]?.id ?? "";
  telephony.log("call-1", offeredBody(flowId));
  telephony.log("call-1", { spoken: { text: "您好", language: "zh", kind: "greeting" } });
  await until(() => telephony.acked() === 2);
  telephony.drop();
  telephony.log("call-1", { spoken: { text: "菜单", language: "zh", kind: "menu" } });
  await until(() => telephony.attachments() === 2 && telephony.acked() === 3);
  expect(telephony.commands.filter((command) => command.hello != null).at(-1)?.hello).toMatchObject({
    lastStoredSeq: 2,
    logId: "log-1",
  });
  closers.pop();
  await first.close();
  telephony.log("call-1", endedBody());
  const second = await serve({ store });
  await until(() => telephony.acked() === 4);
  const { body } = await second.call("GET", "/api/conversations?callId=call-1");
  expect(body.items).toMatchObject([{ state: "ended" }]);
  const [{ id }] = body.items as unknown as [{ id: string }];
  const detail = await second.call("GET", `/api/conversations/${id}`);
  expect((detail.body.events as { body: { type: string } }[]).map((event) => event.body.type)).toEqual([
    "contact-started",
    "assistant-said",
    "assistant-said",
    "contact-ended",
    "ended",
  ]);
});

test("a change on the console reaches telephony at once, with a higher revision", async () => {
  const server = await serve();
  const { hello } = await telephony.next((command) => command.hello != null);
  const phones = await server.call("GET", "/api/phones");
  const [phone] = phones.body.items as unknown as [{ id: string; name: string; username: string }];
  expect(phone).toMatchObject({ username: "agent1", hasPassword: false, registered: false });
  const { id, name, username } = phone;
  const put = await server.call("PUT", `/api/phones/${id}`, { name, username, password: "a long one" });
  expect(put).toMatchObject({ status: 200, body: { hasPassword: true } });
  expect(JSON.stringify(put.body)).not.toContain("a long one");
  const { setup } = await telephony.next((command) => command.setup != null);
  expect(Number(setup?.revision)).toBeGreaterThan(Number(hello?.setup?.revision));
  expect(setup?.phones).toMatchObject([{ username: "agent1", password: "a long one" }]);
  telephony.status = {
    ...telephony.status,
    phones: [{ phoneId: id, registered: true, contact: "sip:agent1@127.0.0.1" }],
  };
  await new Promise((resolve) => setTimeout(resolve, 100));
  const before = performance.now();
  server.shown.length = 0;
  telephony.log("", { phoneState: { phoneId: id, registered: true, contact: "sip:agent1@127.0.0.1" } });
  await until(() => server.shown.some((message) => message.type === "changed" && message.what === "phones"));
  expect(performance.now() - before).toBeLessThan(1_500);
  await until(async () => {
    const { items } = (await server.call("GET", "/api/phones")).body as unknown as { items: { registered: boolean }[] };
    return items[0]?.registered === true;
  });
  expect(server.rooms.overview.figures().live.maxCalls).toBe(77);
});

test("a commissioning call shows its progress, and a report that is none is said to be so", async () => {
  const server = await serve();
  await telephony.next((command) => command.hello != null);
  const started = await server.call("POST", "/api/commissioning-calls", { say: "What is my limit?" });
  expect(started).toMatchObject({ status: 202, body: { state: "running" } });
  expect(server.audited.at(-1)?.code).toBe("commissioning.started");
  let job: { state?: string; progress?: string[]; problem?: string } = {};
  await until(async () => {
    job = (await server.call("GET", `/api/commissioning-calls/${started.body.id}`)).body as typeof job;
    return job.state !== "running";
  });
  expect(job).toMatchObject({ state: "failed", progress: ["INVITE for What is my limit?"] });
});

test("an acknowledgement never passes an event that is not durable yet", () => {
  const sent: number[] = [];
  const ledger = openAckLedger((seq) => sent.push(seq));
  for (const seq of [4, 5, 6, 7]) ledger.taken(seq);
  ledger.durable(6);
  expect(sent).toEqual([]);
  ledger.durable(4);
  expect(sent).toEqual([4]);
  ledger.durable(5);
  expect(sent).toEqual([4, 6]);
  ledger.durable(5);
  ledger.durable(7);
  expect(sent).toEqual([4, 6, 7]);
});
