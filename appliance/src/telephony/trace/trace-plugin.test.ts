import * as grpc from "@grpc/grpc-js";
import { type CallList, type CallTrace, sipAddress, sipV1 } from "@intramuros/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serveTestRooms, type TestServer } from "../../conversation/test-rooms-server.ts";

let rooms: TestServer;
let sip: grpc.Server | null = null;
beforeAll(async () => {
  rooms = await serveTestRooms({ config: { site: { name: "Bank" } } });
});
afterAll(async () => {
  sip?.forceShutdown();
  await rooms.close();
});

const INVITE = Buffer.from(
  "INVITE sip:95588@192.0.2.1 SIP/2.0\r\nCall-ID: a/b@c\r\nFrom: <sip:1001@x>;tag=1\r\nTo: <sip:95588@y>\r\nCSeq: 1 INVITE\r\n\r\n",
);
const BUSY = Buffer.from(
  "SIP/2.0 488 Not Acceptable Here\r\nCall-ID: a/b@c\r\nFrom: <sip:1001@x>;tag=1\r\nTo: <sip:95588@y>;tag=2\r\nCSeq: 1 INVITE\r\n\r\n",
);
const place = { localAddress: "192.0.2.1", localPort: 5060, remoteAddress: "198.51.100.7", remotePort: 5060 };

/** The serving end of sip.proto with one call in its ring. */
async function serveOneCall(): Promise<void> {
  sip = new grpc.Server();
  const call = {
    ...{ callId: "a/b@c", atMs: 5000.5, direction: "inbound", fromUser: "1001", toUser: "95588", transport: "udp" },
    ...{ local: "192.0.2.1:5060", remote: "198.51.100.7:5060", messages: 2 },
    ...{ finalStatus: 488, finalMs: 5001, endMs: 5001, endedBy: "callee" },
  };
  sip.addService(sipV1.SipCapture.service, {
    ListCalls: (_call: unknown, reply: grpc.sendUnaryData<object>) => reply(null, { calls: [call], oldestMs: 5000 }),
    GetMessages(stream: grpc.ServerWritableStream<{ callIds: string[] }, object>) {
      if (stream.request.callIds.includes("a/b@c")) {
        stream.write({ atMs: 5000.5, direction: "in", transport: "udp", ...place, data: INVITE });
        stream.write({ atMs: 5001, direction: "out", transport: "udp", ...place, data: BUSY });
      }
      stream.end();
    },
  });
  const server = sip;
  await new Promise<void>((resolve, reject) =>
    server.bindAsync(sipAddress(rooms.root), grpc.ServerCredentials.createInsecure(), (error) =>
      error === null ? resolve() : reject(error),
    ),
  );
}

test("without the SIP server the list says so, and a trace is 503 with a hint", async () => {
  const list = await rooms.call("GET", "/api/calls", undefined, "telephony-engineer");
  expect(list.status).toBe(200);
  expect((list.body as unknown as CallList).problem).toMatch(/SIP server is not to be reached/);
  expect((await rooms.call("GET", "/api/calls/x/trace")).status).toBe(503);
});

test("a call is listed and explained; each look is in the audit log under a name that tells no number", async () => {
  await serveOneCall();
  const path = `/api/calls/${encodeURIComponent("a/b@c")}`;
  let trace = await rooms.call("GET", `${path}/trace`, undefined, "supervisor");
  for (let i = 0; i < 50 && trace.status === 503; i++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    trace = await rooms.call("GET", `${path}/trace`, undefined, "supervisor");
  }
  const body = trace.body as unknown as CallTrace;
  expect(body.attempt).toMatchObject({ from: "1001", trunkId: "", setupMs: 0.5 });
  expect(body.attempt.verdict).toMatchObject({ code: "no-codec-in-common", side: "carrier" });
  expect(body.ladder.map(({ line }) => line)).toEqual([
    "INVITE sip:95588@192.0.2.1 SIP/2.0",
    "SIP/2.0 488 Not Acceptable Here",
  ]);
  expect(body.complete).toBe(true);
  const entry = rooms.audited.findLast(({ code }) => code === "call.viewed");
  expect(entry).toMatchObject({ result: "success", role: "supervisor" });
  expect(entry?.object).toMatch(/^call:[0-9a-f]{16}$/);
  expect((await rooms.call("GET", "/api/calls?q=nobody")).body.items).toEqual([]);
  expect((await rooms.call("GET", "/api/calls", undefined, "agent")).status).toBe(403);
});

test("what was said is for administrators and auditors only, and each download is audited", async () => {
  const url = `/api/calls/${encodeURIComponent("a/b@c")}/capture.pcap`;
  expect((await rooms.call("GET", `${url}?include=rtp`, undefined, "telephony-engineer")).status).toBe(403);
  expect(rooms.audited.at(-1)).toMatchObject({ code: "capture.downloaded", result: "failure", reason: "http-403" });
  expect(rooms.audited.at(-1)?.object).toMatch(/\/rtp$/);
  expect((await rooms.call("GET", url, undefined, "supervisor")).status).toBe(403);
  const reply = await fetch(`${rooms.url}${url}`, { headers: { "x-role": "telephony-engineer" } });
  expect(reply.headers.get("content-type")).toBe("application/vnd.tcpdump.pcap");
  const file = Buffer.from(await reply.arrayBuffer());
  expect(file.readUInt32LE(0)).toBe(0xa1b2c3d4);
  expect(file.includes(INVITE)).toBe(true);
  expect(rooms.audited.at(-1)).toMatchObject({ code: "capture.downloaded", result: "success" });
  // Telephony is away: what it keeps cannot be had, and a file without it would look as if there had been nothing.
  expect((await rooms.call("GET", `${url}?include=rtp`, undefined, "auditor")).status).toBe(503);
});
