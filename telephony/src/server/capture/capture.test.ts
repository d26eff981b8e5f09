import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openLog } from "@intramuros/contracts";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { openCapture } from "./capture-driver.ts";
import { readHead } from "./head.ts";
import { maskSecrets } from "./mask.ts";

const folder = mkdtempSync(path.join(tmpdir(), "intramuros-capture-"));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const log = openLog("sip", "error");
const hep = { host: "", port: 9060, transport: "udp" as const, captureId: 1, password: "" };
const DAY_MS = 86_400_000;
const open = (
  limits = { messages: 1000, bytes: 1 << 20 },
  masterKeyHex: string | null = "ab".repeat(32),
  maxAgeMs = DAY_MS,
) => openCapture({ limits, folder, masterKeyHex, hep, log, maxAgeMs });
const flow = {
  transport: "udp" as const,
  local: { transport: "udp" as const, address: "127.0.0.1", port: 5060 },
  remote: { address: "192.0.2.7", port: 5080 },
};
const everything = { callIds: [], fromMs: 0, toMs: Number.POSITIVE_INFINITY, limit: 10_000 };
const anyCall = { limit: 100, beforeMs: Number.POSITIVE_INFINITY, fits: () => true };

const message = (start: string, callId: string, cseq: string, extra = "", body = ""): Buffer =>
  Buffer.from(
    `${start}\r\nVia: SIP/2.0/UDP 192.0.2.7:5080;branch=z9hG4bK1\r\nFrom: "Wáng" <sip:1001@192.0.2.7>;tag=a\r\nTo: <sip:95588@127.0.0.1>${
      / (INVITE|REGISTER)$/.test(cseq) && start.startsWith("INVITE") ? "" : ";tag=b"
    }\r\nCall-ID: ${callId}\r\nCSeq: ${cseq}\r\n${extra}Content-Length: ${body.length}\r\n\r\n${body}`,
  );
const call = (capture: ReturnType<typeof open>, callId: string): void => {
  capture.record(false, flow, message("INVITE sip:95588@127.0.0.1 SIP/2.0", callId, "1 INVITE"));
  capture.record(true, flow, message("SIP/2.0 180 Ringing", callId, "1 INVITE"));
  capture.record(true, flow, message("SIP/2.0 200 OK", callId, "1 INVITE"));
  capture.record(false, flow, message("ACK sip:95588@127.0.0.1 SIP/2.0", callId, "1 ACK"));
  const bye = message("BYE sip:1001@192.0.2.7 SIP/2.0", callId, "1 BYE", "Reason: Q.850;cause=16\r\n");
  capture.record(true, flow, Buffer.from(bye.toString("latin1").replace(";tag=a", ";tag=b"), "latin1"));
};

test("a call is listed with what became of it, and its messages come back byte for byte", async () => {
  const capture = open();
  call(capture, "one");
  const invite = message("INVITE sip:95588@127.0.0.1 SIP/2.0", "two", "1 INVITE");
  capture.record(false, flow, invite);
  capture.record(true, flow, message("SIP/2.0 407 Proxy Authentication Required", "two", "1 INVITE"));
  const [two, one] = await capture.calls(anyCall);
  expect(one).toMatchObject({
    messages: 5,
    attempt: { callId: "one", direction: "inbound", from: "1001", to: "95588", finalStatus: 200, endedBy: "callee" },
  });
  expect(one?.attempt.reason).toBe("Q.850;cause=16");
  expect(one?.attempt.remote).toBe("192.0.2.7:5080");
  expect(two?.attempt).toMatchObject({ finalStatus: 407, endedBy: "callee" });
  capture.record(false, flow, message("INVITE sip:95588@127.0.0.1 SIP/2.0", "two", "2 INVITE"));
  expect((await capture.calls({ ...anyCall, limit: 1 }))[0]?.attempt).toMatchObject({ finalStatus: 0, endMs: 0 });
  const [first] = await capture.messages({ ...everything, callIds: ["two"] });
  expect(first?.data.equals(invite)).toBe(true);
  expect(Math.abs((first?.atMs ?? 0) - Date.now())).toBeLessThan(1000);
  await capture.close();
});

test("neither bound is passed, and the oldest go first", async () => {
  const capture = open({ messages: 200, bytes: 1 << 20 });
  for (let i = 0; i < 500; i++) {
    call(capture, `call-${i}`);
    if (i % 100 === 0) await capture.calls(anyCall);
    expect(capture.figures().captured).toBeLessThanOrEqual(200);
  }
  const calls = await capture.calls(anyCall);
  expect(calls[0]?.attempt.callId).toBe("call-499");
  expect(calls.length).toBeGreaterThan(30);
  expect(calls.length).toBeLessThanOrEqual(40);
  expect(await capture.messages({ ...everything, callIds: ["call-0"] })).toEqual([]);
  const small = open({ messages: 100_000, bytes: 1 << 19 }, null);
  for (let i = 0; i < 3000; i++) call(small, `call-${i}`);
  expect(small.figures().capturedBytes).toBeLessThanOrEqual(1 << 19);
  await capture.close();
  await small.close();
});

test("what was captured is there after a restart, unreadable in between, and an altered file ends where it was altered", async () => {
  const before = open();
  for (let i = 0; i < 20; i++) call(before, `call-${i}`);
  await before.close();
  const [file] = readdirSync(folder).map((name) => path.join(folder, name));
  const sealed = readFileSync(file ?? "");
  expect(sealed.includes("INVITE") || sealed.includes("call-1")).toBe(false);

  const after = open();
  call(after, "later");
  expect((await after.calls(anyCall)).map(({ attempt }) => attempt.callId).slice(0, 2)).toEqual(["later", "call-19"]);
  expect(await after.messages(everything)).toHaveLength(105);
  await after.close();

  sealed[sealed.length - 30] = (sealed[sealed.length - 30] ?? 0) ^ 1;
  writeFileSync(file ?? "", sealed);
  const third = open();
  expect((await third.calls(anyCall)).map(({ attempt }) => attempt.callId)).toEqual(["later"]);
  await third.close();
  const other = open(undefined, "cd".repeat(32));
  expect(await other.messages(everything)).toEqual([]);
  await other.close();
});

test("a killed process loses no more than what came in the last half second", async () => {
  const killed = open({ messages: 100_000, bytes: 32 << 20 });
  let calls = 0;
  for (const end = Date.now() + 700; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 2))) {
    for (let i = 0; i < 20; i++) call(killed, `call-${calls++}`);
  }
  for (let i = 0; i < 50; i++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const found = readdirSync(folder).length;
    if (found === killed.figures().capturedBytes / 262_144) break;
  }
  await new Promise((resolve) => setTimeout(resolve, 600));
  // The first is not closed: the second sees what a process would after a kill.
  const next = open({ messages: 100_000, bytes: 32 << 20 });
  expect(next.figures().captured).toBe(calls * 5);
  await next.close();
  await killed.close();
});

test("a folder that cannot be used costs the restart, not the calls", async () => {
  writeFileSync(`${folder}-taken`, "a file, not a folder");
  const silent = openLog("sip", "error");
  silent.level = "silent";
  const capture = openCapture({
    limits: { messages: 100, bytes: 1 << 20 },
    ...{ folder: `${folder}-taken/capture`, masterKeyHex: "ab".repeat(32), hep, log: silent, maxAgeMs: DAY_MS },
  });
  call(capture, "kept");
  expect(await capture.messages(everything)).toHaveLength(5);
  expect(capture.problem()).toMatch(/lost at the next restart/);
  await capture.close();
  rmSync(`${folder}-taken`);
});

test("what is older than allowed goes, from memory and disk", async () => {
  const before = open();
  call(before, "old");
  await before.close();
  await new Promise((resolve) => setTimeout(resolve, 20));
  const after = open(undefined, undefined, 10);
  expect(await after.messages(everything)).toEqual([]);
  await after.close();
  expect(readdirSync(folder)).toEqual([]);
});

test("proofs of passwords and keys of encryption do not leave", () => {
  const body = "v=0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20\r\n";
  const sent = message(
    "INVITE sip:95588@127.0.0.1 SIP/2.0",
    "masked",
    "2 INVITE",
    'Proxy-Authorization: Digest username="pbx", realm="bank",\r\n nonce="n1", response="6629fae49393a05397450978507c4ef1", uri="sip:x"\r\nAuthorization: Basic cGJ4OnNlY3JldA==\r\n',
    body,
  );
  const masked = maskSecrets(sent).toString("latin1");
  expect(masked).toHaveLength(sent.length);
  expect(masked).not.toMatch(/6629fae4|cGJ4OnNl|WVNfX19z/);
  expect(masked).toContain('username="pbx"');
  expect(masked).toContain('nonce="n1"');
  expect(masked).toContain("|2^20");
});

test("no bytes make the index or the mask throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      readHead(Buffer.from(bytes));
      expect(maskSecrets(Buffer.from(bytes))).toHaveLength(bytes.length);
    }),
  );
});

test("keeping a message costs microseconds", () => {
  const capture = open({ messages: 50_000, bytes: 64 << 20 }, null);
  const bytes = message("INVITE sip:95588@127.0.0.1 SIP/2.0", "cost", "1 INVITE", `X: ${"y".repeat(500)}\r\n`);
  for (let i = 0; i < 20_000; i++) capture.record(false, flow, bytes);
  // Time of this thread, not of the clock: others may have the machine meanwhile.
  const before = process.threadCpuUsage();
  for (let i = 0; i < 50_000; i++) capture.record(false, flow, bytes);
  const { user, system } = process.threadCpuUsage(before);
  const us = (user + system) / 50_000;
  console.log(`capture: ${us.toFixed(2)} µs a message`);
  expect(us).toBeLessThan(20); // ten times what it takes, for a machine that is busy
});
