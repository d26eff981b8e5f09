import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import path from "node:path";
import t, { type Test } from "tap";
import { type Caller, openCaller, scenario, step } from "./call-caller.ts";
import { Attached, openHouse, pause, testSetup, until } from "./call-support.ts";

/** Calls of SIPp with inference absent: the keypad menu, hold, INFO, CANCEL, early BYE, refusals. Prompts come from the disk. */
t.setTimeout(240_000);
const net = 34;
const base = 23000;
const house = openHouse({ net, base });
t.teardown(async () => {
  app?.close();
  await house.close();
});
let port = 23_500;
let media = 23_398;
const callers: Caller[] = [];
const call = async (steps: readonly string[], more: Record<string, unknown> = {}): Promise<Caller> => {
  media += 2;
  const caller = await openCaller({
    server: house.sip,
    address: `127.29.${net}.100`,
    sipPort: port++,
    mediaPort: media,
    scenario: scenario(...steps),
    ...more,
  });
  callers.push(caller);
  return caller;
};
/** SIPp found everything as its scenario says. */
const content = async (t: Test, caller: Caller): Promise<void> => {
  const code = await caller.over;
  if (code !== 0) t.comment(caller.printed());
  t.equal(code, 0, "SIPp was content");
};

await Promise.all([house.start("sip"), house.start("telephony"), house.start("inference")]);

t.test("before a set-up came calls are refused, and the status says why", async (t) => {
  t.match((await house.status()).problem, /no set-up/);
  await until("connected", async () => (await house.status()).sipConnected);
  const caller = await call([step.refused(503)]);
  await content(t, caller);
  await caller.close();
});

let app: Attached;
t.test("the set-up is taken, and its prompts are kept on disk", async (t) => {
  app = new Attached(house.home, { setup: testSetup(`127.29.${net}.0/24`) });
  await until("set-up taken", async () => (await house.status()).setupRevision === 1);
  await until("prompts kept", async () => {
    const figures = await fetch(`http://127.0.0.1:${house.healthPorts.telephony}/figures`);
    return ((await figures.json()) as { missingPrompts: number }).missingPrompts === 0;
  });
  await house.stop("inference");
  t.equal((await house.status()).calls, 0);
});

const offeredAfter = async (seq: number) => (await app.wait("offered", (_, event) => event.seq > seq)).callId;
// A caller whose call is over goes on sending, as some phones do; the next call must not take it for its own.
t.afterEach(async () => {
  for (const caller of callers.splice(0)) await caller.close();
});
const last = () => app.events.at(-1)?.seq ?? 0;

t.test("the greeting is heard from the disk, a key of RFC 4733 gets its answer, BYE ends the call", async (t) => {
  const seq = last();
  const caller = await call([step.invite(), step.pause(9000), step.bye(2)]);
  const callId = await offeredAfter(seq);
  await app.wait("spoken", (spoken, event) => event.callId === callId && spoken.kind === "greeting");
  await pause(1500);
  t.ok(caller.voicedMs() > 600, `greeting heard: ${caller.voicedMs()} ms`);
  const before = caller.heard().length;
  caller.media.sendDigit("1");
  await app.wait("digit", (digit, event) => event.callId === callId && digit.digit === "1" && digit.via === "rfc4733");
  await app.wait("spoken", (spoken, event) => event.callId === callId && spoken.kind === "digit-answer");
  await app.wait("playbackFinished", (finished, event) => event.callId === callId && finished.interrupted);
  await pause(1500);
  t.ok(caller.voicedMs(before) > 500, "the answer of the key is heard");
  await content(t, caller);
  const ended = await app.wait("ended", (_, event) => event.callId === callId);
  t.match(ended.ended, { side: "customer", sipCode: 200, q850: 16, media: { codec: "PCMA", lostIn: 0 } });
  t.ok((ended.ended?.media?.packetsIn ?? 0) > 400, "packets counted");
  await caller.close();
});

t.test("a key by INFO works as well, over TCP", async (t) => {
  const seq = last();
  const caller = await call([step.invite(), step.pause(1500), step.info(2, "1"), step.pause(2500), step.bye(3)], {
    transport: "tcp",
  });
  const callId = await offeredAfter(seq);
  await app.wait("digit", (digit, event) => event.callId === callId && digit.via === "info");
  await app.wait("spoken", (spoken, event) => event.callId === callId && spoken.kind === "digit-answer");
  await content(t, caller);
  await caller.close();
});

t.test("hold stops our packets, resume brings them back", async (t) => {
  const seq = last();
  const steps = [step.invite(), step.pause(1000), step.reInvite(2, "sendonly"), step.pause(2000)];
  const caller = await call([...steps, step.reInvite(3, "sendrecv"), step.pause(2000), step.bye(4)]);
  const callId = await offeredAfter(seq);
  await app.wait("holdChanged", (hold, event) => event.callId === callId && hold.onHold);
  await pause(300);
  const held = caller.media.report().packetsIn;
  await pause(1000);
  t.ok(caller.media.report().packetsIn - held < 5, "no packets while on hold");
  await app.wait("holdChanged", (hold, event) => event.callId === callId && !hold.onHold);
  const resumed = caller.media.report().packetsIn;
  await pause(1000);
  t.ok(caller.media.report().packetsIn - resumed > 30, "packets after it");
  await content(t, caller);
  await caller.close();
});

t.test("an INVITE without SDP gets our offer, and the answer in the ACK is followed", async (t) => {
  const seq = last();
  const caller = await call([step.lateOffer(), step.pause(3000), step.bye(2)]);
  const callId = await offeredAfter(seq);
  await app.wait("answered", (_, event) => event.callId === callId);
  await content(t, caller);
  t.ok(caller.voicedMs() > 600, "the greeting is heard");
  await caller.close();
});

t.test("G.722 is heard at 16 kHz when a caller has nothing else", async (t) => {
  const caller = await call([step.invite("9 101"), step.pause(3000), step.bye(2)], { codec: "G722" });
  await content(t, caller);
  t.ok(caller.voicedMs() > 600, `${caller.voicedMs()} ms`);
  await caller.close();
});

t.test("a BYE right after the answer ends the call", async (t) => {
  const seq = last();
  const caller = await call([step.invite(), step.bye(2)]);
  const callId = await offeredAfter(seq);
  await content(t, caller);
  t.match((await app.wait("ended", (_, event) => event.callId === callId)).ended, { side: "customer" });
  await caller.close();
});

t.test("CANCEL at any instant ends the call: refused with 487, or answered and hung up", async (t) => {
  const seq = last();
  const finals: number[] = [];
  for (const ms of [0, 1, 3, 6, 10, 15, 25, 40]) finals.push(await cancelled(ms));
  t.ok(
    finals.every((status) => status === 487 || status === 200),
    finals.join(),
  );
  await until("no calls left", async () => (await house.status()).calls === 0, 60_000);
  const endings = app.events.filter((event) => event.seq > seq && event.body === "ended");
  const offers = app.events.filter((event) => event.seq > seq && event.body === "offered");
  t.equal(endings.length, offers.length, "each call that was offered has ended");
  const answered = finals.filter((status) => status === 200).length;
  t.ok(
    endings.every((event) => event.ended?.side === "customer"),
    "it was the caller each time",
  );
  const hungUp = endings.filter((event) => event.ended?.sipCode !== 487).length;
  t.equal(hungUp, answered, "each answered call ended by a hang-up, each other one, if it was offered, with 487");
});

t.test("a phone calls in from anywhere by its password, and a wrong one gets 403", async (t) => {
  const seq = last();
  const desk = { username: "desk", password: "secret-of-desk" };
  const caller = await call([step.challengedInvite(desk, 200), step.pause(1000), step.bye(3)], {
    address: "127.99.1.2",
  });
  const callId = await offeredAfter(seq);
  t.equal((await app.wait("offered", (_, event) => event.callId === callId)).offered?.trunkId, "");
  await content(t, caller);
  const wrong = await call([step.challengedInvite({ ...desk, password: "guess" }, 403)], { address: "127.99.1.2" });
  await content(t, wrong);
  await app.wait("refused", (refused) => /password/.test(refused.reason));
});

t.test("a phone registers by its password, a wrong one gets 403", async (t) => {
  const desk = { username: "desk", password: "secret-of-desk" };
  await content(t, await call([step.challengedRegister({ ...desk, password: "guess" }, 403)]));
  t.same((await house.status()).phones, []);
  await content(t, await call([step.challengedRegister(desk, 200)]));
  await app.wait("phoneState", (state) => state.phoneId === "phone-1" && state.registered);
});

t.test("an unknown source gets 403 or a challenge, a number that leads nowhere 404", async (t) => {
  const seq = last();
  const stranger = await call([step.refused(401)], { address: "127.99.1.1" });
  await content(t, stranger);
  await stranger.close();
  const setup = testSetup(`127.29.${net}.0/24`);
  app.send({ setup: { ...setup, revision: 2, phones: [], numbers: [{ id: "n", pattern: "8002", flowId: "flow-1" }] } });
  await until("revision 2", async () => (await house.status()).setupRevision === 2);
  const nobody = await call([step.refused(403)], { address: "127.99.1.1" });
  await content(t, nobody);
  t.match((await app.wait("refused", (_, event) => event.seq > seq)).refused, { sipCode: 403, to: "8002" });
  await nobody.close();
  const lost = await call([step.refused(404)], { to: "9999" });
  await content(t, lost);
  await lost.close();
});

t.test("a trunk with all its calls in use refuses with 503", async (t) => {
  const setup = testSetup(`127.29.${net}.0/24`);
  const trunks = (setup.trunks ?? []).map((trunk) => ({
    ...trunk,
    formJson: JSON.stringify({ ...JSON.parse(trunk.formJson ?? "{}"), maxCalls: 1 }),
  }));
  app.send({ setup: { ...setup, revision: 3, trunks } });
  await until("revision 3", async () => (await house.status()).setupRevision === 3);
  const one = await call([step.invite(), step.pause(3000), step.bye(2)]);
  await until("one call", async () => (await house.status()).calls === 1);
  const two = await call([step.refused(503)]);
  await content(t, two);
  await content(t, one);
  await two.close();
  await one.close();
  app.send({ setup: { ...setup, revision: 4 } });
});

t.test("a caller who says nothing is asked, then handed over, and with nobody there may leave a message", async (t) => {
  const setup = testSetup(`127.29.${net}.0/24`);
  const flow = { ...setup.flows![0]!, noInputMs: 1000, maxNoInput: 1, greeting: "Hello." };
  app.send({ setup: { ...setup, revision: 5, flows: [flow] } });
  await until("revision 5", async () => (await house.status()).setupRevision === 5);
  const seq = last();
  const caller = await call([step.invite(), step.expectBye()], { limitMs: 60_000 });
  const callId = await offeredAfter(seq);
  await app.wait("noInput", (_, event) => event.callId === callId, 20_000);
  const failed = await app.wait("handoffFailed", (_, event) => event.callId === callId, 20_000);
  t.match(failed.handoffFailed?.reason, /no phone of the queue is registered/);
  await app.wait("spoken", (spoken, event) => event.callId === callId && spoken.kind === "message");
  await pause(3500);
  const tone = new Int16Array(8000 * 2).map((_, n) => 8000 * Math.sin(n / 4));
  caller.media.play(tone);
  await pause(2500);
  caller.media.sendDigit("#");
  const taken = await app.wait("messageTaken", (_, event) => event.callId === callId, 20_000);
  t.ok((taken.messageTaken?.durationMs ?? 0) > 2000, `${taken.messageTaken?.durationMs} ms`);
  const file = readFileSync(path.join(house.home, taken.messageTaken?.recordingPath ?? ""));
  t.equal(file.subarray(0, 4).toString(), "IMR1");
  await content(t, caller);
  t.match((await app.wait("ended", (_, event) => event.callId === callId)).ended, { side: "us" });
  await caller.close();
});

t.test("no word of a customer is in the log", async (t) => {
  t.notMatch(house.printed("telephony"), /13800138000/);
});

/** An INVITE, and after `ms` its CANCEL; the final response of the INVITE. One that was answered all the same is hung up. */
function cancelled(ms: number): Promise<number> {
  const local = `127.29.${net}.101`;
  const socket = createSocket("udp4");
  const id = `cancel-${ms}-${Date.now()}`;
  const { address, port: sipPort } = house.sip;
  return new Promise((resolve, reject) => {
    let cancelTimer: NodeJS.Timeout | undefined;
    const limit = setTimeout(() => {
      socket.close();
      reject(new Error(`no final response to an INVITE cancelled after ${ms} ms`));
    }, 10_000);
    const send = (method: string, more: { cseq?: string; to?: string; branch?: string; sdp?: string }): void => {
      const body = more.sdp ?? "";
      const lines = [
        `${method} sip:8002@${address}:${sipPort} SIP/2.0`,
        `Via: SIP/2.0/UDP ${local}:${socket.address().port};branch=z9hG4bK${more.branch ?? id}`,
        `From: <sip:1@${local}>;tag=${id}`,
        `To: ${more.to ?? `<sip:8002@${address}>`}`,
        `Call-ID: ${id}`,
        `CSeq: ${more.cseq ?? `1 ${method}`}`,
        `Contact: <sip:1@${local}:${socket.address().port}>`,
        "Max-Forwards: 70",
        ...(body === "" ? [] : ["Content-Type: application/sdp"]),
        `Content-Length: ${body.length}`,
      ];
      socket.send(`${lines.join("\r\n")}\r\n\r\n${body}`, sipPort, address);
    };
    socket.on("message", (packet) => {
      const text = packet.toString();
      const status = Number(/^SIP\/2.0 ([0-9]{3})/.exec(text)?.[1]);
      const isInvite = /^CSeq: 1 INVITE/im.test(text);
      const to = /^To: (.*)\r$/im.exec(text)?.[1] ?? "";
      if (!isInvite && /BYE/.test(text)) socket.close();
      if (!isInvite || status < 200) return;
      clearTimeout(limit);
      clearTimeout(cancelTimer);
      if (status === 200) {
        send("ACK", { to, branch: `${id}a` });
        send("BYE", { to, branch: `${id}b`, cseq: "2 BYE" });
      } else {
        send("ACK", { to });
        socket.close();
      }
      resolve(status);
    });
    socket.bind(0, local, () => {
      const sdp = `v=0\r\no=- 1 1 IN IP4 ${local}\r\ns=-\r\nc=IN IP4 ${local}\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n`;
      send("INVITE", { sdp });
      cancelTimer = setTimeout(() => send("CANCEL", {}), ms);
    });
  });
}
