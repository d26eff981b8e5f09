import t, { type Test } from "tap";
import { type Caller, openCaller, scenario, step } from "./call-caller.ts";
import { Attached, openHouse, pause, testFlow, testSetup, until } from "./call-support.ts";

/** Processes that are killed in the middle of calls, appliances that come back, fifty calls at once. */
t.setTimeout(300_000);
const net = 36;
const base = 23200;
const house = openHouse({ net, base });
const setup = testSetup(`127.29.${net}.0/24`);
const callers: Caller[] = [];
let app: Attached;
let port = 23_500;
let media = 23_398;
t.teardown(async () => {
  app?.close();
  await house.close();
});
const call = async (steps: readonly string[], limitMs = 60_000): Promise<Caller> => {
  media += 2;
  const caller = await openCaller({
    server: house.sip,
    address: `127.29.${net}.100`,
    sipPort: port++,
    mediaPort: media,
    scenario: scenario(...steps),
    limitMs,
  });
  callers.push(caller);
  return caller;
};
const content = async (t: Test, caller: Caller): Promise<void> => {
  const code = await caller.over;
  if (code !== 0) t.comment(caller.printed());
  t.equal(code, 0, "SIPp was content");
};
// A caller whose call is over goes on sending, as some phones do; the next call must not take it for its own.
t.afterEach(async () => {
  for (const caller of callers.splice(0)) await caller.close();
});
const last = () => app.events.at(-1)?.seq ?? 0;
const offeredAfter = async (seq: number) => (await app.wait("offered", (_, event) => event.seq > seq)).callId;
const ready = async (revision: number): Promise<void> =>
  until("telephony ready", async () => {
    const status = await house.status().catch(() => null);
    return status?.sipConnected === true && status.setupRevision === revision;
  });

t.before(async () => {
  await Promise.all([house.start("sip"), house.start("telephony"), house.start("inference")]);
  app = new Attached(house.home, { setup });
  await ready(1);
  await until("prompts kept", async () => {
    const figures = await fetch(`http://127.0.0.1:${house.healthPorts.telephony}/figures`);
    return ((await figures.json()) as { missingPrompts: number }).missingPrompts === 0;
  });
});

t.test("fifty calls at once stay clean", async (t) => {
  const seq = last();
  const many = await Promise.all(
    Array.from({ length: 50 }, () => call([step.invite(), step.pause(8000), step.bye(2)])),
  );
  await until("fifty calls", async () => (await house.status()).calls === 50);
  const codes = await Promise.all(many.map((caller) => caller.over));
  t.same(
    codes.filter((code) => code !== 0),
    [],
    "every SIPp was content",
  );
  await until("no calls left", async () => (await house.status()).calls === 0);
  const ended = app.events.filter((event) => event.seq > seq && event.body === "ended");
  t.equal(ended.length, 50);
  const figures = ended.map((event) => event.ended?.media);
  const [lost, late, stranger] = [
    figures.reduce((sum, item) => sum + (item?.lostIn ?? 0), 0),
    figures.reduce((sum, item) => sum + (item?.lateIn ?? 0), 0),
    figures.reduce((sum, item) => sum + (item?.strangerIn ?? 0), 0),
  ];
  const sent = figures.reduce((sum, item) => sum + (item?.packetsOut ?? 0), 0);
  t.comment(`50 calls: ${sent} packets out, ${lost} lost, ${late} late, ${stranger} of strangers`);
  t.equal(lost, 0);
  t.equal(stranger, 0);
  t.ok(
    many.every((caller) => caller.voicedMs() > 600),
    "each heard its greeting",
  );
});

t.test("inference killed in the middle: the call goes on with the menu, and hears again when it is back", async (t) => {
  const seq = last();
  const caller = await call([step.invite(), step.pause(14_000), step.bye(2)]);
  const callId = await offeredAfter(seq);
  await app.wait("playbackFinished", (_, event) => event.callId === callId);
  await house.stop("inference", "SIGKILL");
  await app.wait("degraded", (_, event) => event.callId === callId);
  await app.wait("spoken", (spoken, event) => event.callId === callId && spoken.kind === "menu");
  caller.media.sendDigit("1");
  await app.wait("spoken", (spoken, event) => event.callId === callId && spoken.kind === "digit-answer");
  await house.start("inference");
  await until("speech is back", async () => (await house.status()).speechAvailable === true);
  await content(t, caller);
  t.match((await app.wait("ended", (_, event) => event.callId === callId)).ended, { side: "customer" });
});

t.test("the appliance killed in the middle: nothing is lost, everything comes once more in order", async (t) => {
  app.close();
  await pause(300);
  const first = new Attached(house.home, { setup, acknowledge: false });
  const caller = await call([step.invite(), step.pause(4000), step.bye(2)]);
  const { callId, logId } = await first.wait("answered");
  first.close(); // killed: nothing acknowledged of this call
  await pause(500);
  caller.media.sendDigit("1");
  await content(t, caller);
  const second = new Attached(house.home, { setup, lastStoredSeq: 0, logId });
  await second.wait("ended", (_, event) => event.callId === callId);
  const bodies = second.of(callId).map((event) => event.body);
  t.equal(bodies[0], "offered");
  t.ok(bodies.includes("digit"), "the key pressed while nobody was attached is told");
  t.equal(bodies.at(-1), "ended");
  const numbers = second.events.filter((event) => event.seq > 0).map((event) => event.seq);
  t.same(
    numbers,
    numbers.map((_, n) => numbers[0]! + n),
    "numbers without a gap",
  );
  await until("all acknowledged", async () => (await house.status()).unacknowledgedEvents === 0);
  second.close();
  app = new Attached(house.home, { setup, lastStoredSeq: numbers.at(-1) ?? 0, logId });
  await pause(300);
});

t.test("the SIP server killed in the middle: audio goes on, and the call with it, and new calls work", async (t) => {
  const seq = last();
  const caller = await call([step.invite(), step.pause(9000), step.bye(2)]);
  const callId = await offeredAfter(seq);
  await app.wait("answered", (_, event) => event.callId === callId);
  await house.stop("sip", "SIGKILL");
  await until("told", async () => (await house.status()).problem.includes("SIP server"));
  t.equal((await house.status()).calls, 1, "the call is still there");
  const before = caller.media.report().packetsIn;
  await pause(1000);
  t.ok(caller.media.report().packetsIn - before > 40, "and heard");
  await house.start("sip");
  await ready(1);
  const next = await call([step.invite(), step.pause(1000), step.bye(2)]);
  await content(t, next);
  await content(t, caller);
  const ended = await app.wait("ended", (_, event) => event.callId === callId, 20_000);
  t.match(ended.ended, { side: "customer", reason: "the caller hung up" });
});

t.test("telephony killed in the middle: the caller is told of it, the call and the numbers go on", async (t) => {
  const seq = last();
  const caller = await call([step.invite(), step.pause(15_000), step.bye(2)]);
  const callId = await offeredAfter(seq);
  const { logId } = await app.wait("answered", (_, event) => event.callId === callId);
  await pause(1500);
  const stored = last();
  await house.stop("telephony", "SIGKILL");
  const from = caller.heard().length;
  await house.start("telephony");
  app.close();
  app = new Attached(house.home, { setup, lastStoredSeq: stored, logId });
  const resumed = await app.wait("degraded", (_, event) => event.callId === callId);
  t.match(resumed, { logId, degraded: { reason: /^resumed after a restart/ } });
  t.ok(resumed.seq > stored, "a new number");
  const spoken = await app.wait("spoken", (_, event) => event.callId === callId);
  t.match(spoken.spoken, { kind: "interrupted", language: "en" });
  await until("heard", () => caller.voicedMs(from) > 1000);
  caller.media.sendDigit("1");
  await app.wait("spoken", (item, event) => event.callId === callId && item.kind === "digit-answer");
  await content(t, caller);
  const ended = await app.wait("ended", (_, event) => event.callId === callId);
  t.match(ended.ended, { side: "customer", reason: "the caller hung up" });
  await ready(1);
  const next = await call([step.invite(), step.pause(1500), step.bye(2)]);
  await content(t, next);
});

t.test("telephony started without the appliance takes calls by the set-up that it kept", async (t) => {
  app.close();
  await house.stop("telephony");
  await house.start("telephony");
  await ready(1);
  const caller = await call([step.invite(), step.pause(2500), step.bye(2)]);
  await content(t, caller);
  t.ok(caller.voicedMs() > 600, `and greets: ${caller.voicedMs()} ms`);
  app = new Attached(house.home, { setup: { ...setup, revision: 2, flows: [testFlow({ greeting: "Changed." })] } });
  await ready(2);
});

t.test("stopping ends the calls in the books and closes in time", async (t) => {
  const seq = last();
  const caller = await call([step.invite(), step.expectBye()]);
  const callId = await offeredAfter(seq);
  await app.wait("answered", (_, event) => event.callId === callId);
  await pause(300);
  const from = Date.now();
  t.equal(await house.stop("telephony"), 0, "exit code");
  t.ok(Date.now() - from < 8000, "within eight seconds");
  await content(t, caller);
  t.match(app.of(callId).at(-1)?.ended, { side: "us", reason: "telephony was stopped" });
});

t.test("in all of this telephony met no fault of its own", async (t) => {
  t.notMatch(house.printed("telephony"), /fault|"level":"error"/);
});
