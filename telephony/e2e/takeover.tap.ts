import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { CallEventMessage } from "@intramuros/contracts";
import t, { type Test } from "tap";
import { openCaller, scenario, step } from "./call-caller.ts";
import { Attached, openHouse, pause, testFlow, testSetup, until } from "./call-support.ts";

/** A hundred calls up, and `kill -9` of telephony, then of the SIP server: no caller is hung up on, every call goes on. */
t.setTimeout(120_000);
const net = 43;
const base = 43_000;
const house = openHouse({ net, base, telephony: { rtpPortMin: 43_400, rtpPortMax: 43_999 } });
// Nobody speaks in this test, and nobody is to be handed over for it.
const setup = testSetup(`127.29.${net}.0/24`, testFlow({ noInputMs: 300_000 }));
const folder = mkdtempSync(path.join(tmpdir(), "intramuros-takeover-"));
const children = new Set<ChildProcess>();
const endAll = (): void => {
  for (const child of children) child.kill("SIGKILL");
};
process.once("exit", endAll);
let app: Attached;
t.teardown(async () => {
  endAll();
  app?.close();
  await house.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Group {
  /** SIPp's exit code: 0 when every call went by its scenario. */
  readonly over: Promise<number>;
  readonly printed: () => string;
}
/** SIPp with an echo for the audio; callers of a group are known by the number that they dial. */
function group(
  which: { readonly calls: number; readonly host: number; readonly port?: number; readonly number?: string },
  ...steps: readonly string[]
): Group {
  const { calls, host, port = 43_860, number = `80${host}` } = which;
  const file = path.join(folder, `${host}-${steps.length}.xml`);
  writeFileSync(file, scenario(...steps).replaceAll("[mport]", "[media_port]"));
  const args = ["-sf", file, "-m", String(calls), "-r", "50", "-nostdin", "-s", number, "-i", `127.29.${net}.${host}`];
  args.push("-p", String(port), "-mp", "43870", "-rtp_echo", "-timeout", "60s", "-recv_timeout", "30000", "-trace_err");
  const child = spawn("sipp", [...args, `${house.sip.address}:${house.sip.port}`], {
    stdio: ["ignore", "pipe", "pipe"],
    cwd: folder,
  });
  children.add(child);
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-6000);
    });
  }
  const over = new Promise<number>((resolve) =>
    child.once("exit", (code) => {
      children.delete(child);
      resolve(code ?? -1);
    }),
  );
  return { over, printed: () => printed };
}
async function content(t: Test, name: string, { over, printed }: Group): Promise<void> {
  const code = await over;
  if (code !== 0) t.comment(printed());
  t.equal(code, 0, name);
}

/** The phone's part: answers with audio, stays until a BYE. */
const reply = (status: string, sdp = ""): string => `
  <send><![CDATA[
      SIP/2.0 ${status}
      [last_Via:]
      [last_From:]
      [last_To:];tag=[pid]p[call_number]
      [last_Call-ID:]
      [last_CSeq:]
      Contact: <sip:desk@[local_ip]:[local_port]>
      ${sdp === "" ? "" : "Content-Type: application/sdp\n      "}Content-Length: [len]
${sdp}
  ]]></send>`;
const PHONE_SDP = `
      v=0
      o=desk 1 1 IN IP4 [local_ip]
      s=-
      c=IN IP4 [local_ip]
      t=0 0
      m=audio [media_port] RTP/AVP 8
      a=rtpmap:8 PCMA/8000
`;

const eventsOf = (number: string, body: CallEventMessage["body"]): readonly CallEventMessage[] => {
  const callers = new Set(app.events.filter((item) => item.offered?.to === number).map(({ callId }) => callId));
  return app.events.filter((item) => item.body === body && callers.has(item.callId));
};
const callsUp = (count: number): Promise<void> =>
  until(
    `${count} calls`,
    async () =>
      (await house.status()).calls === count && app.events.filter((item) => item.body === "answered").length >= count,
    10_000,
  );
const attach = async (): Promise<void> => {
  const last = app.events.findLast(({ seq }) => seq > 0);
  const before = app.events;
  app.close();
  app = new Attached(house.home, { setup, lastStoredSeq: last?.seq ?? 0, logId: last?.logId ?? "" });
  app.events.push(...before);
};
const handOver = (...numbers: readonly string[]): void => {
  for (const { callId } of numbers.flatMap((number) => eventsOf(number, "answered"))) {
    app.send({ handoff: { callId, queueId: "queue-1", reason: "r" } });
  }
};
const atSip = (): Promise<void> =>
  until("telephony at the SIP server", async () => (await house.status().catch(() => null))?.sipConnected === true);
const untilMs = (since: number, ms: number): Promise<void> => pause(Math.max(0, since + ms - Date.now()));

t.before(async () => {
  await Promise.all([house.start("sip"), house.start("telephony")]);
  app = new Attached(house.home, { setup });
  await until("set-up taken", async () => (await house.status()).setupRevision === 1);
  await atSip();
});

t.test(
  "kill -9 of telephony with 100 calls up: each is held, handed over or ended as if nothing had been",
  async (t) => {
    const desk = { username: "desk", password: "secret-of-desk" };
    const place = { calls: 1, host: 50, port: 43_862, number: "desk" };
    await content(t, "the phone is registered", group(place, step.challengedRegister(desk, 200)));
    const answer = [
      `<recv request="INVITE"/>`,
      reply("180 Ringing"),
      reply("200 OK", PHONE_SDP),
      `<recv request="ACK"/>`,
    ];
    const phone = group({ ...place, calls: 16 }, ...answer, step.expectBye());

    const since = Date.now();
    const hold = [step.reInvite(2, "sendonly"), step.pause(300), step.reInvite(3, "sendrecv"), step.pause(300)];
    const talking = group({ calls: 5, host: 80 }, step.invite(), step.pause(15_000), step.bye(2));
    const later = group({ calls: 54, host: 10 }, step.invite(), step.pause(15_000), ...hold, step.bye(4));
    const holding = group(
      { calls: 10, host: 20 },
      step.invite(),
      step.pause(6500),
      ...hold,
      step.pause(6000),
      step.bye(4),
    );
    const leaving = group({ calls: 10, host: 30 }, step.invite(), step.pause(6500), step.bye(2));
    const hungUp = group({ calls: 10, host: 40 }, step.invite(), step.expectBye());
    const handed = group({ calls: 10, host: 60 }, step.invite(), step.pause(16_000), step.bye(2));
    const sound = await openCaller({
      ...{ server: house.sip, address: `127.29.${net}.70`, sipPort: 43_860, mediaPort: 43_870, to: "8070" },
      scenario: scenario(step.invite(), step.pause(15_000), step.bye(2)),
    });
    t.teardown(() => sound.close());
    await callsUp(100);
    handOver("8080", "8070");
    await until("six talk to a person", () => app.events.filter((item) => item.body === "bridged").length === 6);
    await pause(50);
    await house.stop("telephony", "SIGKILL");
    t.ok(Date.now() - since < 6400, `100 calls were up and telephony gone after ${Date.now() - since} ms`);

    await untilMs(since, 7500); // ten callers have put us on hold by now, ten have hung up
    const from = Date.now();
    const heard = sound.media.report().packetsIn;
    await house.start("telephony");
    await until("audio again", () => sound.media.report().packetsIn > heard, 5000);
    t.comment(`audio again ${Date.now() - from} ms after the new process was started`);
    await attach();
    await until("calls resumed", async () => (await house.status()).calls === 90);
    await atSip();
    const resumed = app.events.filter((item) => item.degraded?.reason.startsWith("resumed"));
    t.equal(resumed.length, 100);
    // The person's phone sends back what it hears.
    const at = sound.heard().length;
    sound.media.play(new Int16Array(8000).map((_, n) => 8000 * Math.sin(n / 3)));
    await until("the person is heard", () => sound.voicedMs(at) > 500, 5000);
    await until("hang-ups told", () => eventsOf("8030", "ended").length === 10);

    for (const { callId } of eventsOf("8040", "answered")) app.send({ hangUp: { callId, reason: "enough" } });
    handOver("8060");
    await until("ten bridged", () => eventsOf("8060", "bridged").length === 10);
    await Promise.all([
      content(t, "64 were put on hold and back, and hung up: 54 of them after", later),
      content(t, "10 of them while nobody was there to ask", holding),
      content(t, "10 hung up while nobody was there", leaving),
      content(t, "10 were hung up on by the new process", hungUp),
      content(t, "10 were handed to a person, and hung up", handed),
      content(t, "5 talked to a person all the time, and hung up", talking),
      content(t, "whose phone was told each time", phone),
      sound.over.then((code) => t.equal(code, 0, "one was listened to")),
    ]);
    await until("all over", () => app.events.filter((item) => item.body === "ended").length >= 100);
    const ends = app.events.flatMap((item) => (item.ended ? [`${item.ended.side}: ${item.ended.reason}`] : []));
    t.equal(ends.filter((text) => text === "customer: the caller hung up").length, 90);
    t.equal(ends.filter((text) => text === "us: enough").length, 10);
    t.equal(ends.length, 100, "each ended once, and none because telephony restarted");
    const holds = [...eventsOf("8010", "holdChanged"), ...eventsOf("8020", "holdChanged")];
    t.equal(holds.filter((item) => item.holdChanged?.onHold === true).length, 64);
    t.equal(holds.filter((item) => item.holdChanged?.onHold === false).length, 64);
    t.equal(await callsLeft(), 0);
  },
);

const callsLeft = async (): Promise<number> => (await house.status()).calls;

t.test("kill -9 of the SIP server: its calls go on in both directions when it is back", async (t) => {
  const since = Date.now();
  const before = app.events.filter((item) => item.body === "answered").length;
  const hold = [step.reInvite(2, "sendonly"), step.pause(300), step.reInvite(3, "sendrecv")];
  const later = group({ calls: 20, host: 11 }, step.invite(), step.pause(8000), ...hold, step.bye(4));
  const leaving = group({ calls: 10, host: 31 }, step.invite(), step.pause(3500), step.bye(2));
  const hungUp = group({ calls: 10, host: 41 }, step.invite(), step.expectBye());
  await until("40 calls", () => app.events.filter((item) => item.body === "answered").length === before + 40);
  await pause(100);
  await house.stop("sip", "SIGKILL");
  t.ok(Date.now() - since < 3500, "40 calls were up");
  await untilMs(since, 4500); // ten say BYE to nobody, again and again
  await house.start("sip");
  await atSip();
  await until("hang-ups told", () => eventsOf("8031", "ended").length === 10);
  t.equal(await callsLeft(), 30);
  for (const { callId } of eventsOf("8041", "answered")) app.send({ hangUp: { callId, reason: "enough" } });
  await Promise.all([
    content(t, "20 were put on hold and back, and hung up", later),
    content(t, "10 hung up while it was away, and were answered when it was back", leaving),
    content(t, "10 were hung up on", hungUp),
  ]);
  await until("all over", async () => (await callsLeft()) === 0);
  const ends = ["8011", "8031", "8041"].flatMap((number) => eventsOf(number, "ended"));
  t.equal(ends.filter(({ ended }) => ended?.side === "customer" && ended.reason === "the caller hung up").length, 30);
  t.equal(ends.filter(({ ended }) => ended?.reason === "enough").length, 10);
});

t.test("a restart that an operator asks for: SIGHUP leaves the calls to the next process", async (t) => {
  const caller = group({ calls: 2, host: 13 }, step.invite(), step.pause(4000), step.bye(2));
  const hungUp = group({ calls: 2, host: 43 }, step.invite(), step.expectBye());
  await until("four calls", () => [...eventsOf("8013", "answered"), ...eventsOf("8043", "answered")].length === 4);
  await pause(100);
  t.equal(await house.stop("telephony", "SIGHUP"), 0);
  await house.start("telephony");
  await attach();
  await atSip();
  for (const { callId } of eventsOf("8043", "answered")) app.send({ hangUp: { callId, reason: "enough" } });
  await content(t, "two were hung up on by the new process", hungUp);
  await content(t, "two hung up", caller);
  const endings = () => [...eventsOf("8013", "ended"), ...eventsOf("8043", "ended")];
  await until("all over", () => endings().length === 4);
  const ends = endings().map(({ ended }) => ended?.reason);
  t.same(ends.toSorted(), ["enough", "enough", "the caller hung up", "the caller hung up"]);
});

t.test("a call of which the SIP server knows nothing any more is ended in the books", async (t) => {
  const caller = group({ calls: 1, host: 12 }, step.invite(), step.pause(300));
  await until("the call", () => eventsOf("8012", "answered").length === 1);
  await caller.over; // gone without a word
  await house.stop("sip", "SIGKILL");
  rmSync(path.join(house.home, "sip"), { recursive: true, force: true });
  await house.start("sip");
  await until("ended", () => eventsOf("8012", "ended").length === 1);
  t.match(eventsOf("8012", "ended")[0]?.ended, {
    side: "unknown",
    reason: /while the SIP server or telephony was away/,
  });
});

t.test("in all of this no process met a fault of its own", async (t) => {
  t.notMatch(house.printed("telephony"), /fault|"level":"error"|"level":50/);
  t.notMatch(house.printed("sip"), /bug|"level":"error"|"level":50/);
});
