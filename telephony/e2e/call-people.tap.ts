import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import t, { type Test } from "tap";
import { samplesOf, wavOf } from "../src/call/wav.ts";
import { type Caller, levelOf, openCaller, scenario, step } from "./call-caller.ts";
import { Attached, openHouse, pause, testSetup, until } from "./call-support.ts";

/** Handing over to people: baresip as the agent's phone, registered by digest; audio in both directions; nobody there. */
t.setTimeout(240_000);
const net = 35;
const base = 23100;
const house = openHouse({ net, base });
const folder = mkdtempSync(path.join(tmpdir(), "intramuros-baresip-"));
const callers: Caller[] = [];
let phone: ChildProcess | null = null;
let phonePrinted = "";
let app: Attached;
let port = 23_500;
let media = 23_398;
t.teardown(async () => {
  if (process.env.SHOW_PHONE !== undefined) console.error(phonePrinted);
  phone?.kill("SIGKILL");
  app?.close();
  await house.close();
  rmSync(folder, { recursive: true, force: true });
});
process.on("exit", () => phone?.kill("SIGKILL"));

const call = async (steps: readonly string[]): Promise<Caller> => {
  media += 2;
  const caller = await openCaller({
    server: house.sip,
    address: `127.29.${net}.100`,
    sipPort: port++,
    mediaPort: media,
    scenario: scenario(...steps),
    limitMs: 60_000,
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

/** A tone of `hz` as the agent's voice. */
const tone = (hz: number, seconds: number): Int16Array =>
  new Int16Array(8000 * seconds).map((_, n) => 8000 * Math.sin((2 * Math.PI * hz * n) / 8000));

/** How much of `samples` is the tone `hz`, in dB below all of it (Goertzel). */
function shareOf(samples: Int16Array, hz: number): number {
  const k = 2 * Math.cos((2 * Math.PI * hz) / 8000);
  let [a, b, energy] = [0, 0, 0];
  for (const sample of samples) {
    [a, b] = [sample + k * a - b, a];
    energy += sample * sample;
  }
  const power = (2 * (a * a + b * b - k * a * b)) / samples.length;
  return 10 * Math.log10(power / Math.max(1, energy));
}

function startPhone(): void {
  // baresip 1.0 binds its audio to no address; only from here do signalling and audio come from one place.
  const address = "127.0.0.1";
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "voice.wav"), wavOf(tone(700, 60), 8000));
  writeFileSync(
    path.join(folder, "config"),
    [
      `sip_listen ${address}:${base + 40}`,
      `net_interface ${address}`,
      "call_local_timeout 120",
      "call_max_calls 4",
      `audio_source aufile,${path.join(folder, "voice.wav")}`,
      "audio_player aubridge,nil",
      "audio_alert aubridge,nil",
      "auenc_format s16",
      "rtp_ports 23800-23900",
      "module_path /usr/lib/baresip/modules",
      "module stdio.so",
      "module g711.so",
      "module aufile.so",
      "module aubridge.so",
      "module sndfile.so",
      `snd_path ${folder}`,
      "module_tmp uuid.so",
      "module_tmp account.so",
      "module_app menu.so",
      "module_app ctrl_tcp.so",
      `ctrl_tcp_listen 127.0.0.1:${base + 44}`,
      "",
    ].join("\n"),
  );
  const server = `${house.sip.address}:${house.sip.port}`;
  writeFileSync(
    path.join(folder, "accounts"),
    `<sip:desk@${server};transport=udp>;auth_user=desk;auth_pass=secret-of-desk;answermode=auto;regint=60;audio_codecs=pcma\n`,
  );
  writeFileSync(path.join(folder, "contacts"), "");
  phone = spawn("baresip", ["-f", folder, "-v"], { stdio: ["pipe", "pipe", "pipe"] });
  for (const stream of [phone.stdout, phone.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      phonePrinted += chunk.toString();
    });
  }
}

t.before(async () => {
  await Promise.all([house.start("sip"), house.start("telephony"), house.start("inference")]);
  app = new Attached(house.home, { setup: testSetup(`127.29.${net}.100`) });
  await until("ready", async () => {
    const status = await house.status();
    return status.sipConnected && status.setupRevision === 1;
  });
  await until("prompts kept", async () => {
    const figures = await fetch(`http://127.0.0.1:${house.healthPorts.telephony}/figures`);
    return ((await figures.json()) as { missingPrompts: number }).missingPrompts === 0;
  });
});

t.test("with nobody registered the caller is led to a message, and hanging up keeps it", async (t) => {
  const seq = last();
  const caller = await call([step.invite(), step.pause(12_000), step.bye(2)]);
  const callId = await offeredAfter(seq);
  await app.wait("answered", (_, event) => event.callId === callId);
  await pause(500);
  caller.media.sendDigit("0");
  const failed = await app.wait("handoffFailed", (_, event) => event.callId === callId);
  t.match(failed.handoffFailed, { queueId: "queue-1", reason: /no phone/ });
  await app.wait("spoken", (spoken, event) => event.callId === callId && spoken.kind === "message");
  await pause(4000);
  caller.media.play(tone(440, 20));
  await content(t, caller);
  const taken = await app.wait("messageTaken", (_, event) => event.callId === callId);
  const ended = await app.wait("ended", (_, event) => event.callId === callId);
  t.ok(taken.seq < ended.seq, "the message is told before the end");
  t.ok((taken.messageTaken?.durationMs ?? 0) > 2000);
});

t.test("the agent's phone registers by digest", async (t) => {
  startPhone();
  const state = await app
    .wait("phoneState", (phoneState) => phoneState.registered, 20_000)
    .catch((error: unknown) => {
      t.comment(phonePrinted);
      throw error;
    });
  t.match(state.phoneState, { phoneId: "phone-1", registered: true });
  t.match((await house.status()).phones, [{ phoneId: "phone-1" }]);
});

t.test("asked for a person, the phone rings, both hear each other, and the caller's BYE ends both", async (t) => {
  const seq = last();
  const caller = await call([step.invite(), step.pause(14_000), step.bye(2)]);
  const callId = await offeredAfter(seq);
  await app.wait("answered", (_, event) => event.callId === callId);
  await pause(500);
  caller.media.sendDigit("0");
  await app.wait("spoken", (spoken, event) => event.callId === callId && spoken.kind === "handoff");
  await app.wait("bridged", (bridged, event) => event.callId === callId && bridged.phoneId === "phone-1", 20_000);
  const from = caller.heard().length;
  caller.media.play(tone(440, 4));
  await pause(4000);
  const heard = caller.heard().subarray(from + 8000, from + 24_000);
  t.ok(levelOf(heard) > -30, `the agent is heard: ${levelOf(heard).toFixed(1)} dBFS`);
  t.ok(shareOf(heard, 700) > -1, `and it is his tone: ${shareOf(heard, 700).toFixed(2)} dB of all`);
  await content(t, caller);
  const ended = await app.wait("ended", (_, event) => event.callId === callId);
  t.match(ended.ended, { side: "customer" });
  const dump = readdirSync(folder).find((name) => name.endsWith("-dec.wav"));
  const agentHeard = samplesOf(readFileSync(path.join(folder, dump ?? "no dump of what the phone heard")).subarray(44));
  t.ok(
    shareOf(agentHeard.subarray(16_000, 32_000), 440) > -1,
    `the customer is heard: ${shareOf(agentHeard.subarray(16_000, 32_000), 440).toFixed(2)} dB of all is his tone`,
  );
  await until("the phone has hung up", () => /terminated|closed/i.test(phonePrinted), 5000);
  t.equal((await house.status()).calls, 0);
});

t.test("a hand-off by the appliance works too, and the agent's BYE ends the customer's call", async (t) => {
  const seq = last();
  const caller = await call([step.invite(), step.expectBye()]);
  const callId = await offeredAfter(seq);
  await app.wait("answered", (_, event) => event.callId === callId);
  app.send({ handoff: { callId, queueId: "queue-1", reason: "angry" } });
  await app.wait("bridged", (_, event) => event.callId === callId, 20_000);
  await pause(1500);
  phone?.stdin?.write("b");
  await content(t, caller);
  t.match((await app.wait("ended", (_, event) => event.callId === callId)).ended, {
    side: "us",
    reason: "the agent hung up",
  });
});

t.test("a phone that does not answer leads to a message after the queue's time", async (t) => {
  phone?.kill("SIGSTOP"); // registered, and silent from now on
  const setup = testSetup(`127.29.${net}.100`);
  app.send({ setup: { ...setup, revision: 2 } });
  await until("revision 2", async () => (await house.status()).setupRevision === 2);
  const seq = last();
  const caller = await call([step.invite(), step.pause(14_000), step.bye(2)]);
  const callId = await offeredAfter(seq);
  await app.wait("answered", (_, event) => event.callId === callId);
  app.send({ handoff: { callId, queueId: "queue-1", reason: "asked" } });
  const failed = await app.wait("handoffFailed", (_, event) => event.callId === callId, 20_000);
  t.match(failed.handoffFailed?.reason, /nobody answered/);
  await app.wait("spoken", (spoken, event) => event.callId === callId && spoken.kind === "message");
  await content(t, caller);
  await app.wait("ended", (_, event) => event.callId === callId);
});
