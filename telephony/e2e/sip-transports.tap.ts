import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import path from "node:path";
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from "node:tls";
import { defaultConfig } from "@intramuros/contracts";
import t from "tap";
import { WebSocket } from "ws";
import { type SipProcess, startSip } from "../src/server/app.ts";
import { SIP_TIMERS } from "../src/server/transaction/index.ts";
import { ask, type CallDialog, type Res, SDP, sipp, startApp, wait } from "./sip-support.ts";
import {
  certificateFor,
  listeningLog,
  makeHome,
  removeHome,
  startBaresip,
  startKamailio,
  startNameServer,
  stopChild,
  Talker,
  talkerRequest,
} from "./sip-transports-peers.ts";

/** Every transport of the SIP server with real peers: TLS, WebSocket, IPv6, large requests, DNS, mutual TLS, keep-alive. */
t.setTimeout(120_000);
const OURS = "127.29.41.10";
const PEER = "127.29.41.11";
const ENTRIES = [`udp:${OURS}:4060`, `tcp:${OURS}:4060`, `tls:${OURS}:4061`, `ws:${OURS}:4062`, `wss:${OURS}:4063`];
const root = makeHome();
const { log, lines } = listeningLog();
const certificate = await certificateFor("kamailio.test", []);
const nameServer = await startNameServer(
  { address: "127.29.41.53", port: 4053 },
  {
    "pbx.test": [{ type: "NAPTR", order: 10, service: "SIP+D2U", replacement: "_sip._udp.pbx.test" }],
    "_sip._udp.pbx.test": [
      { type: "SRV", priority: 1, port: 4071, target: "first.pbx.test" },
      { type: "SRV", priority: 2, port: 4072, target: "second.pbx.test" },
    ],
    "first.pbx.test": [{ type: "A", address: PEER }],
    "secure.test": [{ type: "A", address: PEER }],
    "second.pbx.test": [{ type: "A", address: PEER }],
  },
);
const sip: SipProcess = await startSip({
  config: {
    ...defaultConfig().sip,
    listen: [...ENTRIES, "udp:[::1]:4064", "tcp:[::1]:4064"],
    controlPort: 4010,
    healthPort: 4011,
  },
  root,
  secret: "a secret of the test",
  log,
  timers: { ...SIP_TIMERS, t1Ms: 100 },
  nameServers: ["127.29.41.53:4053"],
  connectionLimits: { pingMs: 300, pongMs: 1500, messageMs: 1500 },
});
const calls = { invites: [] as string[], ended: 0 };
let contactOfDesk = "";
const app = await startApp(4010, (srf) => {
  srf.invite((req, res) => {
    calls.invites.push(req.get("Via"));
    srf.createUAS(req, res, { localSdp: SDP }).then(
      (dialog) => dialog.on("destroy", (() => calls.ended++) as never),
      () => {},
    );
  });
  srf.register((req, res) => {
    contactOfDesk = /<([^>]*)>/.exec(req.get("Contact"))?.[1] ?? "";
    res.send(200, { headers: { Contact: `${req.get("Contact")};expires=60`, Expires: "60" } });
  });
  srf.options((_req, res) => res.send(200));
});
const until = async (what: () => boolean, limitMs = 5000): Promise<boolean> => {
  for (const end = Date.now() + limitMs; Date.now() < end && !what(); ) await wait(25);
  return what();
};
const request = (uri: string, options: object): Promise<Res> => ask(app, uri, options);
t.teardown(async () => {
  app.disconnect();
  nameServer.close();
  await sip.close();
  removeHome(root);
});

t.test(
  "Kamailio by TLS: unknown to us it is refused with the reason, named by its trunk it carries calls",
  async (t) => {
    t.equal(statSync(path.join(root, "keys", "sip-key.pem")).mode & 0o777, 0o600, "our key was made and is ours alone");
    const kamailio = startKamailio(root, {
      address: PEER,
      udpPort: 4066,
      tlsPort: 4067,
      server: `${OURS}:4061`,
      phone: `${PEER}:4068`,
      certificate,
    });
    let said = "";
    kamailio.stderr?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    t.teardown(async () => {
      kamailio.kill("SIGTERM");
      await once(kamailio, "exit");
    });
    const options = { method: "OPTIONS" };
    const kamailioUri = `sip:kamailio@${PEER}:4067;transport=tls`;
    let refused = await request(kamailioUri, options);
    for (let i = 0; i < 40 && !/self-signed/.test(refused.get("Warning") ?? ""); i++) {
      await wait(100); // it is starting
      refused = await request(kamailioUri, options);
    }
    t.equal(refused.status, 503, said);
    t.match(refused.get("Warning"), /the certificate is self-signed and not known to us/);
    t.ok(
      lines.some((line) => line.includes("no secure connection to a peer") && line.includes(PEER)),
      "a line says so",
    );

    const peers = { [PEER]: { caPem: certificate.cert }, "secure.test": { caPem: certificate.cert } };
    writeFileSync(path.join(root, "telephony", "tls-peers.json"), JSON.stringify(peers));
    t.ok(await until(() => lines.some((line) => line.includes("TLS settings read again"))), "the file was noticed");
    t.equal((await request(kamailioUri, options)).status, 200);

    const before = { invites: calls.invites.length, ended: calls.ended };
    const inwards = await sipp(root, {
      scenario: "uac",
      from: `${PEER}:4069`,
      to: `${PEER}:4066`,
      calls: 5,
      timeoutSeconds: 8,
    });
    t.equal(inwards.code, 0, inwards.errors);
    t.ok(await until(() => calls.ended - before.ended === 5), "five calls came through and ended");
    t.match(calls.invites.at(-1), /SIP\/2\.0\/TLS/);

    const called = sipp(root, { scenario: "uas", from: `${PEER}:4068`, calls: 2, timeoutSeconds: 8 });
    await wait(300);
    for (let i = 0; i < 2; i++) {
      const dialog = await app.createUAC(`sip:bob@${PEER}:4067;transport=tls`, { localSdp: SDP });
      await dialog.destroy();
    }
    const outwards = await called;
    t.equal(outwards.code, 0, outwards.errors);
  },
);

t.test("baresip registers over TLS, calls, and is called by its connection", async (t) => {
  const phone = startBaresip(root, { server: `${OURS}:4061`, port: 4070, control: 4074 });
  t.teardown(() => stopChild(phone.child));
  t.ok(await until(() => contactOfDesk !== "", 8000), phone.printed());
  const before = calls.invites.length;
  phone.say(`/dial sip:svc@${OURS}:4061;transport=tls`);
  t.ok(await until(() => calls.invites.length > before && /established/i.test(phone.printed()), 8000), phone.printed());
  const ended = calls.ended;
  phone.say("/hangup");
  t.ok(await until(() => calls.ended > ended), "its BYE came");
  const connections = sip.figures().connections;
  const dialog = await app.createUAC(contactOfDesk, { localSdp: SDP });
  t.equal(sip.figures().connections, connections, "no connection was opened for it");
  await dialog.destroy();
});

const openWebSocket = async (url: string): Promise<Talker> => {
  const socket = new WebSocket(url, "sip", { ca: readFileSync(path.join(root, "keys", "sip-cert.pem")) });
  const talker = Talker.ofWebSocket(socket);
  await once(socket, "open");
  return talker;
};

for (const [scheme, port] of [
  ["ws", 4062],
  ["wss", 4063],
] as const) {
  t.test(
    `a browser over ${scheme} registers as .invalid, is called there, and after a broken connection again`,
    async (t) => {
      const uri = `sip:anna@k3x9.invalid;transport=ws`;
      const transport = scheme.toUpperCase();
      const register = async (talker: Talker): Promise<void> => {
        talker.say(...talkerRequest("REGISTER", `sip:${OURS}`, { transport, extra: [`Contact: <${uri}>;expires=60`] }));
        t.match(await talker.next("SIP/2.0 200"), /;received=127\.0\.0\.1/);
      };
      const first = await openWebSocket(`${scheme}://${OURS}:${port}`);
      await register(first);
      first.raw("\r\n\r\n");
      await first.next("\r\n");

      const calling = app.createUAC(uri, { localSdp: SDP });
      const invite = await first.next("INVITE sip:anna@k3x9.invalid");
      t.match(invite, new RegExp(`Via: SIP/2.0/${transport} ${OURS}:${port}`));
      t.match(invite, new RegExp(`Contact: <sip:${OURS}:${port};transport=${scheme}>`));
      first.answer(invite, "200 OK", [`Contact: <${uri}>`]);
      const dialog: CallDialog = await calling;
      await first.next("ACK");

      first.end();
      await wait(100);
      const second = await openWebSocket(`${scheme}://${OURS}:${port}`);
      await register(second);
      const ending = dialog.destroy();
      second.answer(await second.next("BYE sip:anna@k3x9.invalid"), "200 OK");
      await ending;
      second.end();
    },
  );
}

t.test("what is no WebSocket for SIP is turned away", async (t) => {
  const other = new WebSocket(`ws://${OURS}:4062`, "chat");
  const [error] = (await once(other, "error")) as [Error];
  t.match(error.message, /400/);
  t.equal((await fetch(`http://${OURS}:4062/`)).status, 426);
});

t.test("SIPp calls and is called on ::1 over UDP and TCP", async (t) => {
  const run = async (scenario: "uac" | "uas", transport: "u1" | "t1", port: number): Promise<number> => {
    const args = ["-sn", scenario, "-i", "[::1]", "-p", String(port), "-m", "2", "-t", transport];
    args.push("-nostdin", "-timeout", "10s", "-timeout_error", "-d", "100");
    if (scenario === "uac") args.push("[::1]:4064");
    const child = spawn("sipp", args, { cwd: root, stdio: "ignore" });
    return ((await once(child, "exit")) as [number])[0];
  };
  const before = calls.ended;
  const callers = [run("uac", "u1", 4075), run("uac", "t1", 4083)];
  const called = [run("uas", "u1", 4076), run("uas", "t1", 4084)];
  await wait(300);
  for (const target of ["[::1]:4076", "[::1]:4084;transport=tcp"]) {
    for (let i = 0; i < 2; i++) {
      const dialog = await app.createUAC(`sip:bob@${target}`, { localSdp: SDP });
      t.match(dialog.remote.uri, /\[::1\]:40/);
      await dialog.destroy();
    }
  }
  t.same(await Promise.all([...callers, ...called]), [0, 0, 0, 0]);
  t.ok(await until(() => calls.ended - before === 4));
});

t.test("a request of 5 kB goes by TCP, and by UDP where TCP is refused; `transport=udp` is obeyed", async (t) => {
  const body = "x".repeat(5000);
  const message = (uri: string) => request(uri, { method: "MESSAGE", headers: { "Content-Type": "text/plain" }, body });
  const got: string[] = [];
  const answerAll = (socket: Socket): void => {
    const talker = Talker.ofSocket(socket);
    let text = "";
    socket.on("data", (bytes: Buffer) => {
      text += bytes.toString("latin1");
      if (!text.endsWith(body)) return;
      got.push(text);
      talker.answer(text, "200 OK");
      text = "";
    });
  };
  const tcp: Server = createServer(answerAll).listen(4077, PEER);
  t.teardown(() => tcp.close());
  await once(tcp, "listening");
  t.equal((await message(`sip:bob@${PEER}:4077`)).status, 200);
  t.match(got[0], /^Via: SIP\/2\.0\/TCP 127\.29\.41\.10:4060;/m);
  const scenario = `<?xml version="1.0"?><scenario><recv request="MESSAGE"/><send><![CDATA[

      SIP/2.0 200 OK
      [last_Via:]
      [last_From:]
      [last_To:];tag=1
      [last_Call-ID:]
      [last_CSeq:]
      Content-Length: 0

]]></send></scenario>`;
  const udp = sipp(root, { scenario, from: `${PEER}:4078`, calls: 2, timeoutSeconds: 8 });
  await wait(300);
  t.equal((await message(`sip:bob@${PEER}:4078`)).status, 200);
  t.equal((await message(`sip:bob@${PEER}:4078;transport=udp`)).status, 200);
  const run = await udp;
  t.equal(run.code, 0, run.errors);
});

t.test("NAPTR and SRV are followed, a silent first server is left for the second, and remembered", async (t) => {
  let heardByFirst = 0;
  const silent = createSocket("udp4", () => heardByFirst++).bind(4071, PEER);
  t.teardown(() => void silent.close());
  const called = sipp(root, { scenario: "uas", from: `${PEER}:4072`, calls: 2, timeoutSeconds: 10 });
  await wait(300);
  await (await app.createUAC("sip:bob@pbx.test", { localSdp: SDP })).destroy();
  const heard = heardByFirst;
  t.ok(heard >= 3, "the first server had its chances");
  await (await app.createUAC("sip:bob@pbx.test", { localSdp: SDP })).destroy();
  t.equal(heardByFirst, heard, "the second call went to the second server at once");
  const run = await called;
  t.equal(run.code, 0, run.errors);
  t.equal(nameServer.asked.filter((name) => name === "NAPTR pbx.test").length, 1, "asked once, then kept");
});

t.test("a challenge of a TLS peer is answered on the connection whose certificate was checked by name", async (t) => {
  let connections = 0;
  const peer = createTlsServer(certificate, (socket) => {
    connections++;
    const talker = Talker.ofSocket(socket);
    socket.on("data", (bytes: Buffer) => {
      const text = bytes.toString("latin1");
      if (!text.startsWith("OPTIONS")) return;
      if (/^Authorization: Digest /im.test(text)) talker.answer(text, "200 OK");
      else talker.answer(text, "401 Unauthorized", ['WWW-Authenticate: Digest realm="secure.test", nonce="n1"']);
    });
  }).listen(4086, PEER);
  t.teardown(() => void peer.close());
  await once(peer, "listening");
  const auth = { username: "us", password: "of the trunk" };
  const answer = await request("sip:bob@secure.test:4086;transport=tls", { method: "OPTIONS", auth });
  t.equal(answer.status, 200);
  t.equal(connections, 1);
});

t.test(
  "mutual TLS: who shows no certificate is refused and named in the log, who shows a known one is served",
  async (t) => {
    const client = await certificateFor("pbx.test", []);
    const home = makeHome();
    writeFileSync(path.join(home, "client.pem"), client.cert);
    const strict = listeningLog();
    const second = await startSip({
      config: {
        ...defaultConfig().sip,
        listen: ["tls:127.29.41.20:4081", "ws:127.29.41.20:4085"],
        wsOrigins: ["https://console.test"],
        controlPort: 4080,
        healthPort: 4082,
        tlsClientCertificate: "require",
        tlsCaPath: path.join(home, "client.pem"),
      },
      root: home,
      secret: "another",
      log: strict.log,
    });
    t.teardown(async () => {
      await second.close();
      removeHome(home);
    });
    const dial = (given: object): TLSSocket =>
      connectTls({ host: "127.29.41.20", port: 4081, rejectUnauthorized: false, ...given });
    const stranger = dial({});
    const [error] = (await once(stranger, "error")) as [Error];
    t.match(error.message, /certificate required|reset/i);
    t.ok(
      await until(() => strict.lines.some((line) => line.includes("the peer showed no certificate"))),
      strict.lines.join("\n"),
    );
    const known = dial(client);
    const talker = Talker.ofSocket(known);
    await once(known, "secureConnect");
    talker.say(...talkerRequest("OPTIONS", "sip:127.29.41.20", { transport: "TLS" }));
    await talker.next("SIP/2.0 503"); // no application there, but heard
    const serial = known.getPeerCertificate().serialNumber;
    talker.end();

    const page = (origin: string) => new WebSocket("ws://127.29.41.20:4085", "sip", { origin });
    const [foreign] = (await once(page("https://evil.test"), "error")) as [Error];
    t.match(foreign.message, /403/, "a page of another site may not connect");
    const own = page("https://console.test");
    await once(own, "open");
    own.terminate();

    const renewed = await certificateFor("renewed.test", ["127.29.41.20"]);
    writeFileSync(path.join(home, "keys", "sip-key.pem"), renewed.key);
    writeFileSync(path.join(home, "keys", "sip-cert.pem"), renewed.cert);
    await until(() => strict.lines.some((line) => line.includes("TLS settings read again")), 6000);
    const after = dial(client);
    await once(after, "secureConnect");
    t.not(after.getPeerCertificate().serialNumber, serial, "a new certificate is served without a restart");
    after.destroy();
  },
);

t.test("a connection of ours is kept alive by CRLFs, and given up when its answers stop", async (t) => {
  let answers = true;
  let pings = 0;
  const sockets: Socket[] = [];
  const peer = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    socket.on("data", (bytes: Buffer) => {
      const text = bytes.toString("latin1");
      if (text === "\r\n\r\n") {
        pings++;
        if (answers) socket.write("\r\n");
      } else if (text.startsWith("OPTIONS")) Talker.ofSocket(socket).answer(text, "200 OK");
    });
  }).listen(4079, PEER);
  t.teardown(() => peer.close());
  await once(peer, "listening");
  const options = () => request(`sip:${PEER}:4079;transport=tcp`, { method: "OPTIONS" });
  await options();
  t.ok(await until(() => pings >= 2));
  await options();
  t.equal(sockets.length, 1, "one connection for both requests");
  answers = false;
  t.ok(await until(() => sockets[0]?.destroyed === true || sockets[0]?.readyState !== "open"), "given up");
  await options();
  t.equal(sockets.length, 2, "a new one for the next request");
  for (const socket of sockets) socket.destroy();
});

t.test("a message that trickles in ends its connection; a pair of CRLFs is answered", async (t) => {
  const socket = connect(4060, OURS);
  const talker = Talker.ofSocket(socket);
  await once(socket, "connect");
  talker.raw("\r\n\r\n");
  await talker.next("\r\n");
  const trickle = setInterval(() => socket.write("X"), 100);
  t.ok(await until(() => talker.closed));
  clearInterval(trickle);
});

t.test("bytes without sense at every door are survived", async (t) => {
  const noise = [
    randomBytes(3000),
    Buffer.from("GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"),
    Buffer.from([0x16, 3, 1, 0xff, 0xff, 1]),
    Buffer.from("OPTIONS sip:a SIP/2.0\r\nContent-Length: 99999999\r\n\r\n"),
    Buffer.alloc(70_000, "A"),
  ];
  const sockets = [4060, 4061, 4062, 4063].flatMap((port) =>
    noise.map((bytes) => {
      const socket = connect(port, OURS, () => socket.end(bytes));
      return socket.on("error", () => {});
    }),
  );
  await wait(300);
  for (const socket of sockets) socket.destroy();
  const browser = await openWebSocket(`ws://${OURS}:4062`);
  for (const bytes of noise) browser.raw(bytes.toString("latin1"));
  await wait(100);
  const sane = await openWebSocket(`wss://${OURS}:4063`);
  sane.say(...talkerRequest("OPTIONS", `sip:${OURS}`, { transport: "WSS" }));
  t.match(await sane.next("SIP/2.0 200"), /received=/);
  sane.end();
});

t.test("the server is sound after all this", async (t) => {
  t.equal(sip.figures().bugs, 0);
  t.ok(existsSync(path.join(root, "keys", "sip-cert.pem")));
});
