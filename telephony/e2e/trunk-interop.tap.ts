import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import t, { type Test } from "tap";
import { WebSocket } from "ws";
import { tonesOf } from "../src/rtp/dtmf-tones.ts";
import { createRtpPortPool, openRtpEndpoint } from "../src/rtp/rtp-endpoint-driver.ts";
import { digestAnswer, parseChallenges } from "../src/trunk/digest-answer.ts";
import { openCaller, scenario as spoken, step } from "./call-caller.ts";
import { Attached, openHouse, pause as wait } from "./call-support.ts";
import {
  calledResponse,
  callerRequest,
  pause,
  receive,
  SDP_TYPE,
  type SippRun,
  scenario,
  send,
  sipp,
} from "./sip-support.ts";
import { Talker, talkerRequest } from "./sip-transports-peers.ts";
import {
  accept,
  answered,
  audio,
  customer,
  expects,
  inDialog,
  keep,
  MEDIA_PORT,
  trunkSetup,
  uac,
  uas,
  untilStatus,
} from "./trunk-support.ts";

/** SIPp plays the PBXs of the field, each with what goes wrong with it elsewhere. */
t.setTimeout(120_000);
const net = 45;
const base = 45_600;
const house = openHouse({ net, base, telephony: { rtpPortMin: base + 100, rtpPortMax: base + 299 } });
const folder = mkdtempSync(path.join(tmpdir(), "intramuros-interop-"));
const server = `${house.sip.address}:${house.sip.port}`;
const pbx = `127.29.${net}.20`;
let port = base + 300;
let app: Attached;
const silent = { optionsSeconds: 0 };
const extension = base + 390;
const gateway = base + 391;
const lateGateway = base + 392;
const moving = base + 393;

t.before(async () => {
  const file = path.join(house.home, "config.json");
  const config = JSON.parse(readFileSync(file, "utf8")) as { sip: { listen: string[] } };
  config.sip.listen.push(`ws:${house.sip.address}:${base + 61}`);
  writeFileSync(file, JSON.stringify(config));
  await Promise.all([house.start("sip"), house.start("telephony")]);
  const peer = (at: number) => [{ host: pbx, port: at, transport: "udp" as const, priority: 0, weight: 1 }];
  app = new Attached(house.home, {
    setup: trunkSetup(
      1,
      {
        avaya: { name: "avaya", addresses: [`127.29.${net}.101`], keepalive: silent },
        cucm: { name: "cucm", addresses: [`127.29.${net}.102`], session: { ringBeforeAnswer: "183" } },
        huawei: { name: "huawei", addresses: [`127.29.${net}.103`] },
        asterisk: { name: "asterisk", addresses: [`127.29.${net}.104`] },
        extensions: { name: "extensions", addresses: [pbx], peers: peer(extension), keepalive: silent },
        moving: { name: "moving", peers: peer(moving), keepalive: silent, session: { refer: "allow" } },
        late: { name: "late", peers: peer(lateGateway), keepalive: silent, session: { lateOffer: true } },
        isr: { name: "isr", peers: peer(gateway), keepalive: silent, codecs: ["PCMU", "PCMA"] },
      },
      [],
      {
        phones: [{ id: "phone-1", name: "Anna", username: "anna", password: "secret-of-anna" }],
        queues: [
          { id: "queue-1", name: "one", ringSeconds: 10, outside: [{ trunkId: "extensions", number: "3001" }] },
          { id: "queue-2", name: "two", ringSeconds: 10, outside: [{ trunkId: "isr", number: "3002" }] },
          { id: "queue-5", name: "five", ringSeconds: 10, outside: [{ trunkId: "moving", number: "3005" }] },
          { id: "queue-4", name: "four", ringSeconds: 10, phoneIds: ["phone-1"] },
          { id: "queue-3", name: "three", ringSeconds: 10, outside: [{ trunkId: "late", number: "3004" }] },
        ],
      },
    ),
  });
  await untilStatus(house.home, "isr", ({ state }) => state === "unknown");
});
t.teardown(async () => {
  app?.close();
  await house.close();
  rmSync(folder, { recursive: true, force: true });
});

const call = (last: number, ...steps: string[]): Promise<SippRun> =>
  sipp(folder, {
    scenario: scenario(...steps),
    from: `127.29.${net}.${last}:${port++}`,
    to: server,
    timeoutSeconds: 15,
  });
const content = (t: Test, run: SippRun, what = "the PBX was content"): void =>
  void t.equal(run.code, 0, what + run.errors);
const offeredAfter = async (seq: number) => (await app.wait("offered", (_, event) => event.seq > seq)).callId;
const last = () => Math.max(0, ...app.events.map((event) => event.seq));
const up = async (callId: string) => app.wait("answered", (_, event) => event.callId === callId);

t.test("Avaya: no SDP, two proxies that stay, a shuffle, and our BYE goes back by both", async (t) => {
  const seq = last();
  const routes = [
    `Record-Route: <sip:[local_ip]:[local_port];lr;sm=2>`,
    `Record-Route: <sip:[local_ip]:[local_port];lr;sm=1>`,
    "User-to-User: 04303132;encoding=hex",
  ];
  const other = audio().replace("c=IN IP4 [local_ip]", `c=IN IP4 127.29.${net}.150`).replace("o=pbx 1 1", "o=pbx 1 2");
  const running = call(
    101,
    uac.invite(routes, ""),
    receive("100", 'optional="true"'),
    expects(receive("200"), "Record-Route:.*sm=2", "m=audio [0-9]+ RTP/AVP 8"),
    uac.ack(1, audio()),
    pause(300),
    send(callerRequest("INVITE", { seq: 2, toTag: true, extra: [SDP_TYPE] }), other),
    receive("100", 'optional="true"'),
    expects(receive("200"), "m=audio [0-9]+ RTP/AVP 8"),
    uac.ack(2),
    expects(receive("BYE", 'timeout="8000"'), "Route: .*sm=2.*(\r\nRoute: |, *).*sm=1"),
    accept("200 OK"),
  );
  const callId = await offeredAfter(seq);
  await up(callId);
  await wait(900);
  app.send({ hangUp: { callId, reason: "test" } });
  content(t, await running);
});

t.test("Cisco CUCM: delayed offer with reliable ringing, the answer in PRACK, UPDATE as refresh", async (t) => {
  const prack = callerRequest("PRACK", { seq: 2, toTag: true, extra: ["RAck: [$rseq] 1 INVITE", SDP_TYPE] });
  const ring = receive("183").replace(
    "/>",
    '><action><ereg regexp="[0-9]+" search_in="hdr" header="RSeq:" check_it="true" assign_to="rseq"/></action></recv>',
  );
  const run = await call(
    102,
    uac.invite(["Supported: 100rel, timer", "Session-Expires: 1800;refresher=uac", "Min-SE: 90"], ""),
    receive("100", 'optional="true"'),
    ring,
    send(prack, audio([], "8 116").replace("a=rtpmap:101", "a=rtpmap:116")),
    receive("200"),
    expects(receive("200"), "Session-Expires: *1800;refresher=uac", "Require: timer", "Content-Length: 0"),
    uac.ack(),
    pause(300),
    send(
      callerRequest("UPDATE", {
        ...{ seq: 3, toTag: true },
        extra: ["Supported: timer", "Session-Expires: 1800;refresher=uac", "Min-SE: 90"],
      }),
    ),
    expects(receive("200"), "Session-Expires: *1800"),
    uac.bye(4),
  );
  content(t, run);
});

t.test("Huawei: timers and G.711 A first; preconditions are refused in so many words", async (t) => {
  const both = audio(["a=rtpmap:0 PCMU/8000"], "0 8 101");
  const ims = ["Supported: timer, 100rel, precondition", "Session-Expires: 120", "Min-SE: 90"];
  const wished = `${both}a=curr:qos local none\r\na=des:qos optional local sendrecv\r\n`;
  const good = await call(
    103,
    uac.invite(ims, wished),
    receive("100", 'optional="true"'),
    expects(receive("200"), "Session-Expires: *120;refresher=uac", "m=audio [0-9]+ RTP/AVP 8 101"),
    uac.ack(),
    pause(200),
    uac.bye(2),
  );
  content(t, good);
  const refused = (status: string, ...seen: string[]) => [
    receive("100", 'optional="true"'),
    expects(receive(status), ...seen),
    send(
      callerRequest("ACK", { toTag: true }).map((line) => (line.startsWith("Via:") ? "[last_Via:]" : line)),
      "",
      "",
    ),
  ];
  const required = await call(
    103,
    uac.invite(["Require: precondition"], both),
    ...refused("420", "Unsupported: *precondition"),
  );
  content(t, required, "420: ");
  const brief = ["Supported: timer", "Session-Expires: 30"];
  content(t, await call(103, uac.invite(brief), ...refused("422", "Min-SE: *90")), "422: ");
  const mandatory = `${both}a=des:qos mandatory local sendrecv\r\n`;
  content(t, await call(103, uac.invite([], mandatory), ...refused("580")), "580: ");
});

t.test("Asterisk: its qualify is answered, its direct media followed there and back", async (t) => {
  content(t, await call(104, send(callerRequest("OPTIONS")), expects(receive("200"), "Allow: .*INVITE")), "OPTIONS: ");
  const direct = audio().replace("c=IN IP4 [local_ip]", `c=IN IP4 127.29.${net}.151`);
  const again = (seq: number, body: string): string[] => [
    send(callerRequest("INVITE", { seq, toTag: true, extra: [SDP_TYPE] }), body),
    receive("100", 'optional="true"'),
    expects(receive("200"), `o=intramuros [0-9]+ ${seq} `),
    uac.ack(seq),
    pause(100),
  ];
  const run = await call(
    104,
    uac.invite(),
    ...answered(),
    uac.ack(),
    ...[...again(2, direct.replace("1 1 IN", "1 2 IN")), ...again(3, audio().replace("1 1 IN", "1 3 IN"))],
    uac.bye(4),
  );
  content(t, run);
});

/** The extension, in a call, sends REFER; what follows is its own affair. The target of the transfer is the same SIPp's second call. */
async function transfer(t: Test, afterwards: readonly string[]) {
  const seq = last();
  const kept = [
    keep("From", "from"),
    keep("To", "to"),
    keep("To", "other", "3003"),
    keep("User-to-User", "uui", "0430"),
  ];
  const refer = [...inDialog("REFER", 1), `Refer-To: <sip:3003@${pbx}:${extension}>`];
  const referring = scenario(
    `<recv request="INVITE" rrs="true" next="1" test="other"><action>${kept.join("")}</action></recv>`,
    ...[uas.ringing(), uas.ok(), pause(300), send(refer), receive("202"), ...afterwards, '<nop next="2"/>'],
    ...['<label id="1"/>', uas.ringing(), pause(400), uas.ok(), uas.untilBye(), '<label id="2"/>'],
    '<Reference variables="uui"/>',
  );
  const extensions = sipp(folder, {
    ...{ scenario: referring, from: `${pbx}:${extension}`, calls: 2, timeoutSeconds: 15 },
  });
  const customers = call(
    101,
    uac.invite(["User-to-User: 04303132;encoding=hex"]),
    ...[...answered(), uac.ack(), receive("BYE", 'timeout="15000"'), accept("200 OK")],
  );
  const callId = await offeredAfter(seq);
  await up(callId);
  app.send({ handoff: { callId, queueId: "queue-1", reason: "asked" } });
  await app.wait("bridged", (_, event) => event.callId === callId);
  await wait(3500);
  t.notOk(
    app.of(callId).some((event) => event.body === "ended"),
    "the customer's call is up",
  );
  app.send({ hangUp: { callId, reason: "test" } });
  content(t, await customers, "the customer stayed: ");
  content(t, await extensions, "both extensions were content: ");
}
const notified = (line: string): string => expects(receive("NOTIFY", 'timeout="5000"'), line) + accept("200 OK");

t.test("Avaya: UUI goes along to the extension, whose REFER we follow by a call of our own", (t) =>
  transfer(t, [notified("100 Trying"), notified("180 Ringing"), notified("200 OK"), uas.untilBye()]),
);

t.test("a blind transfer: the extension hangs up before the other one answers, and the customer stays", (t) =>
  transfer(t, [notified("100 Trying"), send(inDialog("BYE", 2)), receive("200")]),
);

t.test("where REFER is allowed the customer's own PBX moves the call", async (t) => {
  const seq = last();
  const extensions = sipp(folder, {
    scenario: scenario(
      `<recv request="INVITE" rrs="true"><action>${keep("From", "from")}${keep("To", "to")}</action></recv>`,
      ...[uas.ok(), pause(200), send([...inDialog("REFER", 1), "Refer-To: <sip:3003@elsewhere.example>"])],
      ...[receive("202"), notified("100 Trying"), notified("200 OK"), uas.untilBye()],
    ),
    ...{ from: `${pbx}:${moving}`, timeoutSeconds: 15 },
  });
  const customers = call(
    104,
    uac.invite(),
    ...[
      ...answered(),
      uac.ack(),
      expects(receive("REFER", 'timeout="8000"'), "Refer-To: *<sip:3003@elsewhere.example>"),
    ],
    ...[accept("202 Accepted"), pause(300), uac.bye(2)],
  );
  const callId = await offeredAfter(seq);
  await up(callId);
  app.send({ handoff: { callId, queueId: "queue-5", reason: "asked" } });
  content(t, await customers, "the customer: ");
  content(t, await extensions, "the extension: ");
});

t.test("Cisco ISR: early media by reliable 183 is heard, PRACK, keys by INFO", async (t) => {
  const seq = last();
  const early = send(
    calledResponse("183 Session Progress", ["Require: 100rel", "RSeq: 77", SDP_TYPE]),
    audio(["a=rtpmap:0 PCMU/8000"], "0 101"),
    "",
  );
  // By now SIPp's last request is the PRACK: what the answer repeats of the INVITE was kept.
  const ok = send(
    [
      ...["SIP/2.0 200 OK", "Via:[$via]", "From:[$from]", "To:[$to];tag=[pid]B[call_number]", "Call-ID: [call_id]"],
      ...["CSeq:[$cseq]", "Contact: <sip:called@[local_ip]:[local_port]>", SDP_TYPE],
    ],
    audio(["a=rtpmap:0 PCMU/8000"], "0 101"),
  );
  const kept = ["Via", "From", "To", "CSeq"].map((name) => keep(name, name.toLowerCase())).join("");
  const gateways = sipp(folder, {
    scenario: scenario(
      expects(receive("INVITE"), "Supported: .*100rel", "m=audio [0-9]+ RTP/AVP 8 0 101").replace(
        "<action>",
        `<action>${kept}`,
      ),
      ...[early, expects(receive("PRACK"), "RAck: 77 [0-9]+ INVITE"), accept("200 OK"), pause(1500)],
      ...[ok, receive("ACK"), uas.untilBye()],
    ),
    ...{ from: `${pbx}:${gateway}`, timeoutSeconds: 15 },
  });
  const announcement = await openRtpEndpoint(createRtpPortPool({ min: MEDIA_PORT, max: MEDIA_PORT + 1 }), {
    ...{ localAddress: pbx, codec: "PCMU", payloadType: 0, dtmfPayloadType: 101, remote: null },
    allowedSources: [house.sip.address],
    ...{ onFrame: () => undefined, onDigit: () => undefined },
  });
  const caller = await openCaller({
    ...{ server: house.sip, address: `127.29.${net}.104`, sipPort: port++, mediaPort: MEDIA_PORT + 2 },
    scenario: spoken(step.invite(), step.info(2, "7"), step.expectBye()),
  });
  const tone = (hz: number): Int16Array =>
    new Int16Array(8000 * 4).map((_, n) => 8000 * Math.sin((2 * Math.PI * hz * n) / 8000));
  const callId = await offeredAfter(seq);
  await app.wait("digit", (digit, event) => event.callId === callId && digit.digit === "7" && digit.via === "info");
  app.send({ handoff: { callId, queueId: "queue-2", reason: "asked" } });
  await app.wait("ringing", (_, event) => event.callId === callId);
  const from = caller.heard().length;
  caller.media.play(tone(440)); // what it says tells the gateway's end where to send
  announcement.play(tone(700));
  await app.wait("bridged", (_, event) => event.callId === callId);
  t.ok(caller.voicedMs(from) > 600, `the announcement was heard before the answer: ${caller.voicedMs(from)} ms`);
  app.send({ hangUp: { callId, reason: "test" } });
  const code = await caller.over;
  t.equal(code, 0, code === 0 ? "the customer was content" : caller.printed());
  content(t, await gateways, "the gateway: ");
  await caller.close();
  await announcement.close();
});

t.test("Cisco ISR: keys as tones in the audio, where it offers no telephone-event", async (t) => {
  const seq = last();
  const caller = await openCaller({
    ...{ server: house.sip, address: `127.29.${net}.104`, sipPort: port++, mediaPort: MEDIA_PORT + 2 },
    scenario: spoken(step.invite("8"), step.pause(2500), step.bye(2)),
  });
  const callId = await offeredAfter(seq);
  await app.wait("answered", (_, event) => event.callId === callId);
  await wait(300);
  const sine = (hz: number, n: number): number => 4000 * Math.sin((2 * Math.PI * hz * n) / 8000);
  const [low, high] = tonesOf("8") ?? [0, 0];
  const key = new Int16Array(8000 * 0.2).map((_, n) => sine(low, n) + sine(high, n));
  caller.media.play(key);
  const heard = await app.wait("digit", (_, event) => event.callId === callId);
  t.match(heard.digit, { digit: "8", via: "inband" });
  const code = await caller.over;
  t.equal(code, 0, code === 0 ? "the customer was content" : caller.printed());
  t.equal(app.events.filter((event) => event.callId === callId && event.body === "digit").length, 1, "once");
  await caller.close();
});

t.test("a PBX that wants to offer is called without SDP, and hears our answer with the ACK", async (t) => {
  const seq = last();
  const late = sipp(folder, {
    scenario: scenario(
      expects(receive("INVITE"), "Content-Length: 0", "Session-Expires: 1800"),
      uas.ringing(),
      send(calledResponse("200 OK", [SDP_TYPE]), audio()),
      expects(receive("ACK"), "m=audio [0-9]+ RTP/AVP 8 101", "Content-Type: application/sdp"),
      uas.untilBye(),
    ),
    ...{ from: `${pbx}:${lateGateway}`, timeoutSeconds: 15 },
  });
  const customers = sipp(folder, {
    ...{ scenario: customer(), from: `127.29.${net}.104:${port++}`, to: server, timeoutSeconds: 15 },
  });
  const callId = await offeredAfter(seq);
  await up(callId);
  app.send({ handoff: { callId, queueId: "queue-3", reason: "asked" } });
  await app.wait("bridged", (_, event) => event.callId === callId);
  app.send({ hangUp: { callId, reason: "test" } });
  content(t, await customers, "the customer: ");
  content(t, await late, "the gateway: ");
});

t.test("a transfer by Replaces: the new dialog takes the place, the old one hears BYE", async (t) => {
  const seq = last();
  const tag = '<ereg regexp="tag=([^;]+)" search_in="hdr" header="To:" assign_to="whole,ours"/>';
  /** Of the dialog that the PBX's other phone begins; SIPp takes what follows `///` for its own call. */
  const second = (lines: readonly string[]): string[] =>
    lines.map((line) =>
      line.replace("Call-ID: ", "Call-ID: second///").replace("tag=[pid]T[call_number]", "tag=second[call_number]"),
    );
  const replacing = callerRequest("INVITE", { extra: ["Require: replaces", SDP_TYPE] });
  const running = call(
    104,
    uac.invite(),
    receive("100", 'optional="true"'),
    `<recv response="200" rrs="true"><action>${tag}</action></recv><Reference variables="whole"/>`,
    ...[uac.ack(), pause(200)],
    send([...second(replacing), "Replaces: [call_id];to-tag=[$ours];from-tag=[pid]T[call_number]"], audio()),
    ...[receive("100", 'optional="true"'), receive("200")],
    send(second(callerRequest("ACK", { toTag: true })), "", ""),
    expects(receive("BYE", 'timeout="5000"'), "replaced"),
    accept("200 OK"),
    pause(300),
    send(second(callerRequest("BYE", { seq: 2, toTag: true }))),
    receive("200"),
  );
  const callId = await offeredAfter(seq);
  content(t, await running);
  const ended = await app.wait("ended", (_, event) => event.callId === callId);
  t.match(ended.ended, { side: "customer", reason: "the caller hung up" }, "one call all the time");
});

t.test("WebRTC gateways: of two clocks for keys the one of the codec is taken", async (t) => {
  const both = audio(["a=rtpmap:111 opus/48000/2", "a=rtpmap:110 telephone-event/48000"], "111 8 110 101");
  const run = await call(
    104,
    uac.invite([], both),
    receive("100", 'optional="true"'),
    expects(receive("200"), "m=audio [0-9]+ RTP/AVP 8 101\\r", "rtpmap:101 telephone-event/8000"),
    uac.ack(),
    uac.bye(2),
  );
  content(t, run);
});

t.test("Browser softphone: the WebSocket breaks during a call, which goes on over the next one", async (t) => {
  const seq = last();
  const uri = "sip:anna@k3x9.invalid;transport=ws";
  const contact = `Contact: <${uri}>`;
  const open = async (): Promise<Talker> => {
    const socket = new WebSocket(`ws://${house.sip.address}:${base + 61}`, "sip");
    const talker = Talker.ofWebSocket(socket);
    await once(socket, "open");
    const lines = (extra: readonly string[], n: number): string[] =>
      talkerRequest("REGISTER", `sip:${server}`, {
        transport: "WS",
        seq: n,
        extra: [`${contact};expires=60`, ...extra],
      });
    talker.say(...lines([], 1));
    const header = /^WWW-Authenticate: (.*)$/m.exec(await talker.next("SIP/2.0 401"))?.[1] ?? "";
    const challenge = parseChallenges(header)[0]!;
    const asked = { method: "REGISTER", uri: `sip:${server}`, body: "", nonceCount: 1, cnonce: "c" };
    const answer = digestAnswer(challenge, { ...asked, username: "anna", password: "secret-of-anna" });
    talker.say(...lines([`Authorization: ${answer}`], 2));
    await talker.next("SIP/2.0 200");
    return talker;
  };
  const sdp = (direction: string, version: number): string =>
    audio([`a=${direction}`])
      .replaceAll("[local_ip]", `127.29.${net}.160`)
      .replace("o=pbx 1 1", `o=anna 1 ${version}`);
  const withBody = (lines: readonly string[], body: string): string =>
    [...lines, SDP_TYPE, `Content-Length: ${body.length}`, "", body].join("\r\n");
  const field = (message: string, name: string): string =>
    new RegExp(`^${name}: *(.*)$`, "im").exec(message)?.[1] ?? "";

  const first = await open();
  const customers = sipp(folder, {
    ...{ scenario: customer(), from: `127.29.${net}.104:${port++}`, to: server, timeoutSeconds: 20 },
  });
  const callId = await offeredAfter(seq);
  await up(callId);
  app.send({ handoff: { callId, queueId: "queue-4", reason: "asked" } });
  const invite = await first.next("INVITE");
  const copied = ["Via", "From", "Call-ID", "CSeq"].map((name) => `${name}: ${field(invite, name)}`);
  const to = `${field(invite, "To")};tag=anna`;
  first.raw(withBody(["SIP/2.0 200 OK", ...copied, `To: ${to}`, contact], sdp("sendrecv", 1)));
  await first.next("ACK");
  await app.wait("bridged", (bridged, event) => event.callId === callId && bridged.phoneId === "phone-1");

  first.end();
  const second = await open();
  const target = /<([^>]+)>/.exec(field(invite, "Contact"))?.[1] ?? "";
  for (const [seqNo, direction, answer] of [
    [1, "sendonly", "recvonly"],
    [2, "sendrecv", "sendrecv"],
  ] as const) {
    const head = [
      ...[`INVITE ${target} SIP/2.0`, `Via: SIP/2.0/WS a1b2c3.invalid;branch=z9hG4bKre${seqNo}${Date.now()}`],
      ...[
        `From: ${to}`,
        `To: ${field(invite, "From")}`,
        `Call-ID: ${field(invite, "Call-ID")}`,
        `CSeq: ${seqNo} INVITE`,
      ],
      ...[contact, "Max-Forwards: 70"],
    ];
    second.raw(withBody(head, sdp(direction, seqNo + 1)));
    t.match(await second.next("SIP/2.0 200"), new RegExp(`a=${answer}`), `${direction} is answered with ${answer}`);
    second.say(...head.map((line) => line.replace("INVITE", "ACK").replace(/branch=z9hG4bKre/, "branch=z9hG4bKack")));
  }
  app.send({ hangUp: { callId, reason: "test" } });
  second.answer(await second.next("BYE"), "200 OK");
  content(t, await customers, "the customer: ");
  second.end();
});
