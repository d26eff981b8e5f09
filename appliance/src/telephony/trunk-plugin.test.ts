import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { DoctorFinding, DoctorJob, DoctorReport, Trunk, TrunkRevision, TrunkStatus } from "@intramuros/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serveTestRooms, type TestServer } from "../conversation/test-rooms-server.ts";
import { memoryStore } from "../storage/memory-store.ts";
import { openSetup } from "./setup-store.ts";
import { type CallControlServer, serveCallControl } from "./test-call-control-server.ts";

let root: string;
let telephony: CallControlServer;
let server: TestServer;
beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), "intramuros-trunk-"));
  mkdirSync(path.join(root, "keys"));
  writeFileSync(path.join(root, "keys", "master.key"), "ab".repeat(32));
  telephony = await serveCallControl(root);
  server = await serveTestRooms({ root });
});
afterAll(async () => {
  await server.close();
  await telephony.close();
  rmSync(root, { recursive: true, force: true });
});

const get = async <T>(url: string): Promise<T> => (await server.call("GET", url)).body as unknown as T;
const made = async (name: string, more: object = {}): Promise<Trunk> => {
  const peers = [{ host: `${name}.bank.example` }];
  const reply = await server.call("POST", "/api/trunks", { name, peers, ...more });
  expect(reply.status, JSON.stringify(reply.body)).toBe(201);
  return reply.body as unknown as Trunk;
};

test("a trunk keeps its history, an earlier form is put back with its password, and none is ever shown", async () => {
  const account = { username: "u", password: "the-first-secret" };
  const trunk = await made("history", { mode: "register", account });
  expect(trunk.revision).toBe(1);
  const { id: _i, hasPassword, revision, callsNow, callsTotal, lastCallAt, account: shown, ...form } = trunk;
  const change = { ...form, maxCalls: 9, account: { ...account, password: "the-second-secret" } };
  const changed = await server.call("PUT", `/api/trunks/${trunk.id}`, change);
  expect(changed).toMatchObject({ status: 200, body: { revision: 2, maxCalls: 9 } });
  const kept = { ...change, account: { username: "u", password: "" } };
  expect((await server.call("PUT", `/api/trunks/${trunk.id}`, kept)).body.revision, "nothing changed").toBe(2);
  const history = await get<{ items: TrunkRevision[] }>(`/api/trunks/${trunk.id}/history`);
  expect(history.items.map((item) => item.revision)).toEqual([2, 1]);
  expect(history.items[0]).toMatchObject({ by: "Test administrator", changed: ["account.password", "maxCalls"] });
  expect(history.items[0]?.values?.[1]).toEqual({ field: "maxCalls", before: "0", after: "9" });

  const back = await server.call("POST", `/api/trunks/${trunk.id}/rollback`, { revision: 1 });
  expect(back).toMatchObject({ status: 200, body: { revision: 3, maxCalls: 0, account: { hasPassword: true } } });
  const stored = server.rooms.setup.records().trunks.find((known) => known.id === trunk.id);
  expect(stored?.account.password).toBe("the-first-secret");
  expect(server.audited.at(-1)).toMatchObject({ code: "trunk.rolled-back", object: `trunk:${trunk.id}` });
  const after = await get<object>(`/api/trunks/${trunk.id}/history`);
  expect(JSON.stringify([history, back.body, after, changed.body])).not.toMatch(/the-(first|second)-secret/);
  expect((await server.call("POST", `/api/trunks/${trunk.id}/rollback`, { revision: 77 })).status).toBe(404);
  expect((await server.call("POST", `/api/trunks/${trunk.id}/rollback`, { revision: 1 }, "agent")).status).toBe(403);
});

test("fifty forms are kept over a restart, and a deleted trunk leaves none", async () => {
  const store = memoryStore();
  const hub = { publish: () => undefined };
  const setup = await openSetup({ store, hub });
  const { trunkInput } = await import("@intramuros/contracts");
  const base = trunkInput({ name: "t", peers: [{ host: "h", port: 0, transport: "udp", priority: 0, weight: 1 }] });
  const { id } = await setup.put("trunks", base, undefined, "a");
  for (let n = 1; n <= 60; n++) await setup.put("trunks", { ...base, maxCalls: n }, id, "a");
  const again = await openSetup({ store, hub });
  const list = again.trunkHistory.list(id);
  expect([list.length, list[0]?.revision, list.at(-1)?.revision]).toEqual([50, 61, 12]);
  expect(await again.trunkHistory.form(id, 11)).toBeUndefined();
  expect((await again.trunkHistory.form(id, 12))?.maxCalls).toBe(11);
  await again.remove("trunks", id);
  const left: string[] = [];
  for await (const [key] of store.entries("trunk-history")) left.push(key);
  expect(left).toEqual([]);
});

test("the state of trunks is telephony's, and unknown with the reason while it cannot tell", async () => {
  const trunk = await made("status");
  telephony.trunkStatusJson = null;
  const away = await get<{ items: TrunkStatus[] }>("/api/trunks/status");
  expect(away.items.find((item) => item.trunkId === trunk.id)).toMatchObject({
    state: "unknown",
    problem: "not here yet",
  });
  const told: TrunkStatus = {
    trunkId: trunk.id,
    state: "up",
    problem: "",
    peers: [],
    callsNow: 1,
    callsPeak: 2,
    callsLimit: 0,
    attempts: 3,
    answered: 2,
    failures: [],
  };
  telephony.trunkStatusJson = JSON.stringify([told, { bad: true }]);
  const here = await get<{ items: TrunkStatus[] }>("/api/trunks/status");
  expect(here.items.find((item) => item.trunkId === trunk.id)).toEqual(told);
  expect(here.items.filter((item) => item.trunkId !== trunk.id).every((item) => item.state !== "up")).toBe(true);
  telephony.log("", { trunkState: { trunkId: trunk.id, state: "down", problem: "no answer" } });
  const deadline = Date.now() + 3000;
  const seen = () => server.shown.some((message) => message.type === "changed" && message.what === "trunk-status");
  while (!seen() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(seen(), "the console is told to ask again").toBe(true);
});

test("the doctor's findings come one by one, its report last, and it is audited", async () => {
  const trunk = await made("doctor");
  const finding: DoctorFinding = {
    step: "options",
    result: "failed",
    code: "options-timeout",
    what: "no answer",
    change: "open the firewall",
    field: "peers",
    evidence: "",
    tookMs: 5,
  };
  const report: Omit<DoctorReport, "trunkId"> = {
    startedAt: 1,
    tookMs: 9,
    ok: false,
    findings: [finding],
    sipCallIds: ["a@b"],
  };
  telephony.doctor = { findings: [finding, { not: "one" }], report };
  const started = await server.call("POST", `/api/trunks/${trunk.id}/doctor`, {});
  expect(started).toMatchObject({ status: 202, body: { state: "running" } });
  expect(server.audited.at(-1)).toMatchObject({ code: "trunk.tried", object: `trunk:${trunk.id}` });
  const url = `/api/trunk-doctor/${started.body.id}`;
  let job = await get<DoctorJob>(url);
  for (let n = 0; n < 100 && job.state === "running"; n++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    job = await get<DoctorJob>(url);
  }
  expect(job).toMatchObject({ state: "finished", findings: [finding], report: { trunkId: trunk.id, ok: false } });
  expect((await server.call("GET", "/api/trunk-doctor/nothing")).status).toBe(404);
  expect((await server.call("POST", "/api/trunks/nothing/doctor", {})).status).toBe(404);
});

test("the sheet is of this trunk, in the language asked for; opening hours are kept and checked", async () => {
  const trunk = await made("sheet", { template: "avaya", session: { minSeSeconds: 120 } });
  const sheet = await get<{ template: string }>(`/api/trunks/${trunk.id}/sheet?language=en`);
  expect(sheet.template).toBe("avaya");
  expect(JSON.stringify(sheet)).toContain("SIP Link Monitoring");
  expect(JSON.stringify(await get(`/api/trunks/${trunk.id}/sheet?language=zh&template=cucm`))).toContain("CUCM");
  const week = { name: "行政班", hours: [{ weekday: 1, from: "09:00", to: "17:00" }] };
  const calendar = await server.call("POST", "/api/calendars", week);
  expect(calendar).toMatchObject({ status: 201, body: { timeZone: "Asia/Shanghai", holidays: [] } });
  const late = { ...week, name: "b", hours: [{ weekday: 1, from: "18:00", to: "17:00" }] };
  expect(await server.call("POST", "/api/calendars", late)).toMatchObject({
    status: 422,
    body: { error: { field: "hours.0.to", code: "hours-backwards" } },
  });
  expect((await server.call("DELETE", `/api/calendars/${calendar.body.id}`)).status).toBe(200);
});
