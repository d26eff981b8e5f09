import { createCipheriv, randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serveTestRooms, type TestServer } from "../conversation/test-rooms-server.ts";
import { recordingKey } from "../routing/recording.ts";

let server: TestServer;
beforeAll(async () => {
  server = await serveTestRooms();
});
afterAll(() => server.close());

const trunk = {
  name: "PBX",
  enabled: true,
  addresses: ["192.0.2.10", "2001:db8::/32"],
  username: "",
  password: "",
  codecs: ["PCMA"],
  dtmf: "auto",
  maxCalls: 30,
};
type Item = { readonly id: string; readonly [key: string]: unknown };
const items = async (kind: string): Promise<readonly Item[]> =>
  (await server.call("GET", `/api/${kind}`)).body.items as unknown as Item[];
const fault = async (kind: string, body: object, id?: string): Promise<unknown> => {
  const reply = await server.call(
    id === undefined ? "POST" : "PUT",
    `/api/${kind}${id === undefined ? "" : `/${id}`}`,
    body,
  );
  const { field, code } = (reply.body.error ?? {}) as { field?: string; code?: string };
  return [reply.status, field, code];
};

test("a trunk is added, changed without losing its password, and deleted; each step is audited", async () => {
  const made = await server.call("POST", "/api/trunks", { ...trunk, username: "pbx", password: "secret-secret" });
  expect(made).toMatchObject({ status: 201, body: { hasPassword: true, callsNow: 0, callsTotal: 0 } });
  const id = String(made.body.id);
  const changed = await server.call("PUT", `/api/trunks/${id}`, { ...trunk, username: "pbx", maxCalls: 5 });
  expect(changed).toMatchObject({ status: 200, body: { hasPassword: true, maxCalls: 5 } });
  expect(server.rooms.setup.records().trunks.find((item) => item.id === id)?.password).toBe("secret-secret");
  expect(JSON.stringify([made.body, changed.body, await items("trunks")])).not.toContain("secret-secret");
  expect(await server.call("DELETE", `/api/trunks/${id}`)).toMatchObject({ status: 200, body: { ok: true } });
  expect((await server.call("DELETE", `/api/trunks/${id}`)).status).toBe(404);
  expect(server.audited.filter((entry) => entry.code === "trunk.changed").map((entry) => entry.result)).toEqual([
    "success",
    "success",
    "success",
    "failure",
  ]);
  expect(server.audited.find((entry) => entry.code === "trunk.changed")?.object).toBe(`trunk:${id}`);
});

test("only those who run telephony may change it", async () => {
  expect((await server.call("POST", "/api/trunks", trunk, "agent")).status).toBe(403);
  expect((await server.call("POST", "/api/trunks", trunk, "auditor")).status).toBe(403);
  expect((await server.call("GET", "/api/trunks", undefined, "auditor")).status).toBe(200);
});

test("what is wrong with a trunk is said at its field", async () => {
  expect(await fault("trunks", { ...trunk, addresses: ["192.0.2.0/33"] })).toEqual([
    422,
    "addresses.0",
    "address-invalid",
  ]);
  expect(await fault("trunks", { ...trunk, addresses: ["192.0.2.1", "pbx.local"] })).toEqual([
    422,
    "addresses.1",
    "address-invalid",
  ]);
  expect(await fault("trunks", { ...trunk, addresses: ["0.0.0.0/0"] })).toEqual([
    422,
    "addresses.0",
    "address-too-wide",
  ]);
  expect(await fault("trunks", { ...trunk, addresses: ["127.0.0.0/8"] })).toEqual([
    409,
    "addresses.0",
    "address-taken",
  ]);
  expect(await fault("trunks", { ...trunk, addresses: [] })).toEqual([422, "peers", "trunk-unidentified"]);
  expect(await fault("trunks", { ...trunk, codecs: [] })).toEqual([400, "codecs", "invalid-input"]);
  expect(await fault("trunks", { ...trunk, name: "Commissioning (this machine)" })).toEqual([409, "name", "duplicate"]);
  expect(await fault("trunks", { ...trunk, extra: 1 })).toEqual([400, "extra", "invalid-input"]);
});

test("numbers lead to flows that exist, once per pattern and trunk", async () => {
  const [flow] = await items("flows");
  const number = { pattern: "9000*", trunkId: "", flowId: flow?.id, note: "" };
  expect(await fault("numbers", { ...number, flowId: "nowhere" })).toEqual([422, "flowId", "flow-unknown"]);
  expect(await fault("numbers", { ...number, trunkId: "nowhere" })).toEqual([422, "trunkId", "trunk-unknown"]);
  expect(await fault("numbers", { ...number, pattern: "8001" })).toEqual([409, "pattern", "pattern-taken"]);
  expect(await fault("numbers", { ...number, pattern: "+8001" })).toEqual([409, "pattern", "pattern-taken"]);
  expect(await fault("numbers", { ...number, pattern: "80 01" })).toEqual([400, "pattern", "invalid-input"]);
  expect((await server.call("POST", "/api/numbers", number)).status).toBe(201);
});

test("what is in use is not deleted, and what uses it is named", async () => {
  for (const kind of ["flows", "queues", "phones"]) {
    const [item] = await items(kind);
    const reply = await server.call("DELETE", `/api/${kind}/${item?.id}`);
    expect(reply).toMatchObject({ status: 409, body: { error: { code: "in-use" } } });
    expect(JSON.stringify(reply.body)).toMatch(/number 8001|flow |queue /);
  }
});

test("a flow's menu is checked key by key", async () => {
  const [flow] = await items("flows");
  const { id: _id, ...input } = flow as Item & { menu: object[] };
  const item = { digit: "5", action: "say", text: "", queueId: "", flowId: "" };
  expect(await fault("flows", { ...input, name: "x", menu: [item] })).toEqual([422, "menu.0.text", "text-missing"]);
  const twice = [
    { ...item, text: "a" },
    { ...item, text: "b" },
  ];
  expect(await fault("flows", { ...input, name: "x", menu: twice })).toEqual([409, "menu.1.digit", "duplicate"]);
  const language = { ...item, action: "language", flowId: "nowhere" };
  expect(await fault("flows", { ...input, name: "x", menu: [language] })).toEqual([
    422,
    "menu.0.flowId",
    "flow-unknown",
  ]);
  expect(await fault("flows", { ...input, name: "x", queueId: "nowhere" })).toEqual([422, "queueId", "queue-unknown"]);
  expect(await fault("phones", { name: "n", username: "agent1", password: "" })).toEqual([
    409,
    "username",
    "duplicate",
  ]);
  expect(await fault("phones", { name: "n", username: "agent9", password: "short" })).toEqual([
    422,
    "password",
    "password-short",
  ]);
  expect(await fault("queues", { name: "q", phoneIds: ["nobody"], ringSeconds: 20 })).toEqual([
    422,
    "phoneIds.0",
    "phone-unknown",
  ]);
});

test("every seeded greeting says at once that an AI speaks, and how to reach a person", async () => {
  for (const flow of await items("flows")) {
    expect(String(flow.greeting).slice(0, 60)).toMatch(/人工智能|AI voice assistant/);
    expect(flow.greeting).toMatch(/人工服务|person/);
    expect((flow.menu as { digit: string; action: string }[]).find((item) => item.digit === "0")?.action).toBe(
      "handoff",
    );
  }
});

test("customers are found, named and noted; the console's list moves with it", async () => {
  const { chat } = server.rooms.conversations;
  await chat.text({ identity: "c".repeat(32), source: "127.0.0.1", language: "zh" }, { clientId: "1", text: "限额" });
  const [summary] = (await server.rooms.conversations.list({ limit: 1 })).items;
  const url = `/api/customers/${summary?.customerId}`;
  const changed = await server.call("PATCH", url, { name: "王小明", note: "VIP" }, "agent");
  expect(changed).toMatchObject({ status: 200, body: { name: "王小明" } });
  expect((await server.call("PATCH", url, { name: "x" }, "auditor")).status).toBe(403);
  const found = await server.call("GET", `/api/customers?q=${encodeURIComponent("小明")}`);
  expect(found.body.items).toMatchObject([{ id: summary?.customerId, conversations: 1 }]);
  const detail = await server.call("GET", url);
  expect(detail.body).toMatchObject({ customer: { note: "VIP" }, conversations: [{ customerName: "王小明" }] });
  expect(server.audited.at(-1)).toMatchObject({ code: "customer.viewed", object: `customer:${summary?.customerId}` });
  const listed = await server.call("GET", `/api/conversations?q=${encodeURIComponent("小明")}&state=live`);
  expect(listed.body.items).toMatchObject([{ customerName: "王小明" }]);
  expect((await server.call("GET", "/api/customers/nobody")).status).toBe(404);
});

test("a message left by a caller is played from its seal, and an altered one is not", async () => {
  const wav = Buffer.concat([Buffer.from("RIFF"), randomBytes(500)]);
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", recordingKey("ab".repeat(32)), iv);
  const sealed = Buffer.concat([Buffer.from("IMR1"), iv, cipher.update(wav), cipher.final(), cipher.getAuthTag()]);
  mkdirSync(path.join(server.root, "recordings"), { recursive: true });
  writeFileSync(path.join(server.root, "recordings", "a.wav"), sealed);
  sealed[100] = (sealed[100] ?? 0) ^ 1;
  writeFileSync(path.join(server.root, "recordings", "b.wav"), sealed);
  const make = async (recordingPath: string): Promise<string> => {
    const { task, writes } = server.rooms.tasks.create({
      conversationId: "c",
      customerId: "k",
      customerName: "",
      address: "",
      queueId: "",
      transcript: "",
      recordingPath,
    });
    await server.rooms.conversations.list({ limit: 1 });
    await store(writes);
    server.rooms.tasks.opened(task);
    return task.id;
  };
  const store = (writes: Parameters<typeof server.store.write>[0]): Promise<void> => server.store.write(writes);
  const play = (id: string): Promise<Response> =>
    fetch(`${server.url}/api/recordings/${id}`, { headers: { "x-role": "agent" } });
  const good = await make("recordings/a.wav");
  const played = await play(good);
  expect(played.headers.get("content-type")).toBe("audio/wav");
  expect(Buffer.from(await played.arrayBuffer()).equals(wav)).toBe(true);
  expect(server.audited.at(-1)).toMatchObject({ code: "recording.played", object: `recording:${good}` });
  expect((await play(await make("recordings/b.wav"))).status).toBe(409);
  expect((await play(await make("recordings/../keys/master.key"))).status).toBe(404);
  expect((await play(await make(""))).status).toBe(404);

  const open = await server.call("GET", "/api/tasks?state=open&limit=2");
  expect(open.body.items).toHaveLength(2);
  const done = await server.call("PATCH", `/api/tasks/${good}`, { state: "done" }, "agent");
  expect(done).toMatchObject({ status: 200, body: { state: "done", doneBy: "Test agent" } });
  expect(server.rooms.overview.figures().openTasks).toBe(3);
  const rest = await server.call("GET", `/api/tasks?limit=2&cursor=${open.body.next}`);
  expect((rest.body.items as unknown[]).length).toBe(2);
});

test("without inference the models are said to be unavailable", async () => {
  expect(await server.call("GET", "/api/models")).toMatchObject({
    status: 200,
    body: { available: false, models: [] },
  });
});
