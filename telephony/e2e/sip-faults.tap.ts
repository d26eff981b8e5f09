import { type ChildProcess, fork } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";
import path from "node:path";
import { defaultConfig, openLog } from "@intramuros/contracts";
import t from "tap";
import { startSip } from "../src/server/app.ts";
import { SIP_TIMERS } from "../src/server/transaction/index.ts";
import {
  ask,
  callerRequest,
  optional,
  type Req,
  receive,
  SDP,
  SDP_TYPE,
  scenario,
  send,
  sipp,
  startApp,
  startServer,
  wait,
} from "./sip-support.ts";

/** The SIP server when things go wrong: killed applications, no application, malformed and hostile input, wrong secrets. */
t.setTimeout(180_000);
const ADDRESS = "127.29.1.20";
const PEER = "127.29.1.21";
const SERVER = `${ADDRESS}:5060`;
const CONTROL = 21_020;
const server = await startServer(
  { address: ADDRESS, controlPort: CONTROL, healthPort: 21_021 },
  { takeoverSeconds: 1 },
);
const children: ChildProcess[] = [];
t.teardown(async () => {
  for (const child of children) child.kill("SIGKILL");
  await server.stop();
});

const until = async (what: () => boolean, ms = 4000): Promise<boolean> => {
  for (let waited = 0; waited < ms && !what(); waited += 50) await wait(50);
  return what();
};

const inviteLines = (extra: readonly string[] = []): string[] =>
  callerRequest("INVITE", { extra: [SDP_TYPE, ...extra] });

t.test("without an application every request gets 503, and readiness says why", async (t) => {
  const run = await sipp(server.folder, {
    from: `${PEER}:6101`,
    to: SERVER,
    scenario: scenario(
      send(inviteLines(), SDP),
      optional(100),
      receive("503"),
      send(
        callerRequest("ACK", { toTag: true }).map((line) => line.replace("[branch]", "[branch-3]")),
        "",
        "",
      ),
    ),
  });
  t.equal(run.code, 0, run.errors);
  const ready = (await (await fetch("http://127.0.0.1:21021/readyz")).json()) as { ready: boolean; problems: string[] };
  t.equal(ready.ready, true);
  t.match(ready.problems[0], /no application/);
});

t.test("a wrong secret is refused, and before the right one nothing else is heard", async (t) => {
  await t.rejects(
    startApp(CONTROL, () => {}, "wrong"),
    /authenticate/,
  );
  const socket = connect(CONTROL, "127.0.0.1");
  let said = "";
  socket.on("data", (chunk) => {
    said += chunk.toString();
  });
  socket.write("14#x|route|invite");
  await once(socket, "close");
  t.match(said, /\|response\|x\|NO\|not authenticated$/);
});

t.test("an INVITE sent three times is delivered once", async (t) => {
  let invites = 0;
  const app = await startApp(CONTROL, (srf) =>
    srf.invite((_req, res) => {
      invites++;
      setTimeout(() => res.send(486), 600);
    }),
  );
  const socket = createSocket("udp4");
  const got: string[] = [];
  socket.on("message", (bytes) => got.push(bytes.toString().slice(8, 11)));
  socket.bind(6103, PEER);
  await once(socket, "listening");
  const lines = (method: string): string =>
    [
      `${method} sip:x@${SERVER} SIP/2.0`,
      `Via: SIP/2.0/UDP ${PEER}:6103;branch=z9hG4bKthrice`,
      `From: <sip:a@${PEER}>;tag=f`,
      `To: <sip:x@${ADDRESS}>${method === "ACK" ? ";tag=any" : ""}`,
      "Call-ID: thrice",
      `CSeq: 1 ${method}`,
      `Contact: <sip:a@${PEER}:6103>`,
      "Content-Length: 0",
      "",
      "",
    ].join("\r\n");
  for (let i = 0; i < 3; i++) {
    socket.send(lines("INVITE"), 5060, ADDRESS);
    await wait(100);
  }
  t.ok(await until(() => got.includes("486")));
  socket.send(lines("ACK"), 5060, ADDRESS);
  await wait(1200);
  t.same(got, ["100", "100", "100", "486"]);
  t.equal(invites, 1);
  socket.close();
  app.disconnect();
});

t.test(
  "kill -9 of an application that does not come back: the ringing caller gets 503, the talking one a BYE, the next one the new application",
  async (t) => {
    const start = async (): Promise<{ child: ChildProcess; heard: string[] }> => {
      const child = fork(path.join(import.meta.dirname, "sip-app.ts"), [String(CONTROL)]);
      children.push(child);
      const heard: string[] = [];
      child.on("message", (text) => heard.push(String(text)));
      t.ok(await until(() => heard.includes("connected"), 10_000), "an application is there");
      return { child, heard };
    };
    const first = await start();
    const ack = (index: string): string =>
      send(
        callerRequest("ACK", { toTag: true }).map((line) => line.replace("[branch]", `[branch-${index}]`)),
        "",
        "",
      );
    const talking = sipp(server.folder, {
      from: `${PEER}:6104`,
      to: SERVER,
      scenario: scenario(
        send(inviteLines(), SDP),
        optional(100),
        receive("200"),
        send(callerRequest("ACK", { toTag: true }), "", ""),
        receive("BYE"),
        send(
          ["SIP/2.0 200 OK", "[last_Via:]", "[last_From:]", "[last_To:]", "[last_Call-ID:]", "[last_CSeq:]"],
          "",
          "",
        ),
      ),
    });
    const ringing = sipp(server.folder, {
      from: `${PEER}:6105`,
      to: SERVER,
      scenario: scenario(
        send(inviteLines(["X-Ring: yes"]), SDP),
        optional(100),
        receive("180"),
        receive("503"),
        ack("4"),
      ),
    });
    t.ok(await until(() => first.heard.includes("up") && first.heard.includes("ringing")), "one talks, one rings");
    await wait(200);
    first.child.kill("SIGKILL");
    const [talked, rang] = await Promise.all([talking, ringing]);
    t.equal(talked.code, 0, talked.errors);
    t.equal(rang.code, 0, rang.errors);
    await start();
    const next = await sipp(server.folder, { scenario: "uac", from: `${PEER}:6106`, to: SERVER, calls: 3 });
    t.equal(next.code, 0, next.errors);
  },
);

t.test("a dead TCP port is 503 at once, and what cannot be sent is refused with its reason", async (t) => {
  const app = await startApp(CONTROL, () => {});
  const response = await ask(app, `sip:nobody@${PEER}:6199;transport=tcp`, { method: "OPTIONS" });
  t.equal(response.status, 503);
  await t.rejects(app.request(`sip:x@${PEER};transport=tls`, { method: "OPTIONS" }), /not available/);
  await t.rejects(app.request(`sip:x@${SERVER}`, { method: "OPTIONS" }), /myself/);
  await t.rejects(app.request(`sip:x@${PEER}`, { method: "MESSAGE", body: "no type" }), /missing content-type/);
  app.disconnect();
});

t.test("a caller who never acknowledges is hung up on, one who never answers is given up (T1 of 20 ms)", async (t) => {
  const address = "127.29.1.22";
  const quick = await startSip({
    root: server.folder,
    config: { ...defaultConfig().sip, listen: [`udp:${address}:5060`], controlPort: 21_022, healthPort: 21_023 },
    secret: "quick",
    log: openLog("sip", "error"),
    timers: { ...SIP_TIMERS, t1Ms: 20, t2Ms: 160 },
  });
  const reasons: string[] = [];
  const app = await startApp(
    21_022,
    (srf) =>
      srf.invite((req, res) => {
        srf.createUAS(req, res, { localSdp: SDP }).then(
          (dialog) => dialog.on("destroy", ((_bye: Req, reason: string) => reasons.push(reason)) as never),
          () => {},
        );
      }),
    "quick",
  );
  const run = await sipp(server.folder, {
    from: `${PEER}:6109`,
    to: `${address}:5060`,
    scenario: scenario(
      send(inviteLines(), SDP),
      optional(100),
      receive("200"),
      receive("BYE"),
      send(["SIP/2.0 200 OK", "[last_Via:]", "[last_From:]", "[last_To:]", "[last_Call-ID:]", "[last_CSeq:]"], "", ""),
    ),
  });
  t.equal(run.code, 0, run.errors);
  t.ok(await until(() => reasons.length === 1));
  t.same(reasons, ["ACK timeout"]);
  const response = await ask(app, `sip:nobody@${PEER}:6198`, { method: "OPTIONS" });
  t.equal(response.status, 408);
  app.disconnect();
  await quick.close();
});

t.test("a phone registered over TCP is called by its own connection", async (t) => {
  const app = await startApp(CONTROL, (srf) =>
    srf.register((req, res) => res.send(200, { headers: { Contact: `${req.get("Contact")}`, Expires: "60" } })),
  );
  const phone = connect({ host: ADDRESS, port: 5060, localAddress: PEER });
  let text = "";
  phone.on("data", (chunk) => {
    text += chunk.toString();
  });
  await once(phone, "connect");
  const head = (cseq: string): string[] => [
    `Via: SIP/2.0/TCP ${PEER}:1;branch=z9hG4bKreg`,
    `From: <sip:al@${ADDRESS}>;tag=1`,
    `To: <sip:al@${ADDRESS}>`,
    "Call-ID: reg",
    `CSeq: ${cseq}`,
  ];
  phone.write("\r\n\r\n");
  t.ok(await until(() => text === "\r\n"), "the double CRLF is answered");
  text = "";
  const register = [
    `REGISTER sip:${ADDRESS} SIP/2.0`,
    ...head("1 REGISTER"),
    "Contact: <sip:al@phone.invalid;transport=tcp>",
    "Content-Length: 0",
    "",
    "",
  ];
  // In two pieces, as a slow network would bring it.
  const bytes = register.join("\r\n");
  phone.write(bytes.slice(0, 70));
  await wait(50);
  phone.write(bytes.slice(70));
  t.ok(await until(() => text.startsWith("SIP/2.0 200 ")));
  text = "";
  const answered = ask(app, "sip:al@phone.invalid;transport=tcp", {
    method: "MESSAGE",
    headers: { "Content-Type": "text/plain" },
    body: "hello",
  });
  t.ok(await until(() => text.endsWith("hello")));
  const via = /Via: [^\r]*/.exec(text)?.[0];
  const line = (name: string): string => new RegExp(`${name}: [^\r]*`, "i").exec(text)?.[0] ?? "";
  phone.write(
    [
      "SIP/2.0 200 OK",
      via,
      line("From"),
      `${line("To")};tag=p`,
      line("Call-ID"),
      line("CSeq"),
      "Content-Length: 0",
      "",
      "",
    ].join("\r\n"),
  );
  t.equal((await answered).status, 200);
  phone.destroy();
  app.disconnect();
});

t.test("scanners and noise: ten thousand mutated datagrams and broken streams leave the server at work", async (t) => {
  const seed = [
    `INVITE sip:100@${ADDRESS} SIP/2.0`,
    "Via: SIP/2.0/UDP 10.9.9.9:5060;rport;branch=z9hG4bK-1",
    "From: <sip:100@1.1.1.1>;tag=1",
    `To: <sip:100@${ADDRESS}>`,
    "Call-ID: scan",
    "CSeq: 1 INVITE",
    "User-Agent: friendly",
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
  const socket = createSocket("udp4");
  socket.on("message", () => {});
  socket.bind(6107, PEER);
  await once(socket, "listening");
  let random = 99;
  const next = (limit: number): number => {
    random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((random / 2 ** 32) * limit);
  };
  const before = await server.figures();
  for (let i = 0; i < 10_000; i++) {
    const bytes = Buffer.from(seed, "latin1");
    for (let k = next(12) + 1; k > 0; k--) bytes[next(bytes.length)] = next(256);
    socket.send(bytes.subarray(0, next(10) === 0 ? next(bytes.length) : bytes.length), 5060, ADDRESS);
    if (i % 200 === 0) await wait(5);
  }
  for (const stream of [
    "GET / HTTP/1.1\r\n\r\n",
    `${"A".repeat(70_000)}`,
    "INVITE x\r\nContent-Length: 999999999\r\n\r\n",
    seed.replace("Content-Length: 0\r\n", ""),
  ]) {
    const tcp = connect({ host: ADDRESS, port: 5060, localAddress: PEER });
    tcp.on("error", () => {});
    tcp.write(stream);
    const closed = await Promise.race([once(tcp, "close").then(() => true), wait(3000).then(() => false)]);
    t.ok(closed, "a stream that cannot be cut is closed");
    tcp.destroy();
  }
  await wait(300);
  const figures = await server.figures();
  t.ok((figures.received ?? 0) - (before.received ?? 0) > 9000, `${figures.received} datagrams were read`);
  t.ok((figures.malformed ?? 0) > 1000, `${figures.malformed} were malformed`);
  t.equal(server.process.exitCode, null, "the server lives");
  const app = await startApp(CONTROL, (srf) =>
    srf.invite((req, res) => void srf.createUAS(req, res, { localSdp: SDP }).catch(() => {})),
  );
  const run = await sipp(server.folder, { scenario: "uac", from: `${PEER}:6108`, to: SERVER, calls: 3 });
  app.disconnect();
  t.equal(run.code, 0, run.errors);
  socket.close();
});
