import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import t from "tap";
import { samplesOf, wavOf } from "../src/call/wav.ts";
import { levelOf, openCaller, scenario, step } from "./call-caller.ts";
import { Attached, openHouse, pause, testSetup, until } from "./call-support.ts";

/** linphone as an agent's phone: registered by digest, rung, heard in both directions; and as a caller by its password. */
t.setTimeout(120_000);
const net = 50;
const base = 24_800;
const house = openHouse({ net, base });
const folder = mkdtempSync(path.join(tmpdir(), "intramuros-linphone-"));
let phone: ChildProcess | null = null;
let printed = "";
t.teardown(async () => {
  phone?.kill("SIGKILL");
  await house.close();
  rmSync(folder, { recursive: true, force: true });
});
process.on("exit", () => phone?.kill("SIGKILL"));

const tone = (hz: number, seconds: number): Int16Array =>
  new Int16Array(8000 * seconds).map((_, n) => 8000 * Math.sin((2 * Math.PI * hz * n) / 8000));

function startPhone(): void {
  const address = `127.29.${net}.40`;
  const server = `${house.sip.address}:${house.sip.port}`;
  writeFileSync(path.join(folder, "voice.wav"), wavOf(tone(700, 30), 8000));
  writeFileSync(
    path.join(folder, "linphonerc"),
    [
      "[sip]",
      `sip_port=${base + 40}`,
      "sip_tcp_port=0",
      "sip_tls_port=0",
      "use_ipv6=0",
      "guess_hostname=0",
      `contact=sip:desk@${address}`,
      "default_proxy=0",
      "[net]",
      `bind_address=${address}`,
      "[rtp]",
      `audio_rtp_port=${base + 50}`,
      "[proxy_0]",
      `reg_proxy=<sip:${server};transport=udp>`,
      `reg_identity=sip:desk@${house.sip.address}`,
      "reg_expires=120",
      "reg_sendregister=1",
      "[auth_info_0]",
      "username=desk",
      "passwd=secret-of-desk",
      "",
    ].join("\n"),
  );
  // Without a folder for its books it starts no SIP at all.
  mkdirSync(path.join(folder, ".local/share/linphone"), { recursive: true });
  phone = spawn("linphonec", ["-a", "-c", path.join(folder, "linphonerc")], {
    env: { ...process.env, HOME: folder, XDG_DATA_HOME: "", XDG_CONFIG_HOME: "" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  for (const stream of [phone.stdout, phone.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-40_000);
    });
  }
}
const say = (line: string): void => void phone?.stdin?.write(`${line}\n`);

t.test("linphone registers, is rung and joined with a caller, and calls in", async (t) => {
  await Promise.all([house.start("sip"), house.start("telephony")]);
  const app = new Attached(house.home, { setup: testSetup(`127.29.${net}.100`) });
  t.teardown(() => app.close());
  await until("set-up taken", async () => (await house.status()).setupRevision === 1);
  startPhone();
  await app
    .wait("phoneState", (state) => state.registered, 20_000)
    .catch((error: unknown) => {
      t.comment(printed);
      throw error;
    });

  say("soundcard use files");
  say(`play ${path.join(folder, "voice.wav")}`);
  say(`record ${path.join(folder, "heard.wav")}`);
  const caller = await openCaller({
    ...{ server: house.sip, address: `127.29.${net}.100`, sipPort: base + 80, mediaPort: base + 90 },
    scenario: scenario(step.invite(), step.pause(8000), step.bye(2)),
    limitMs: 30_000,
  });
  t.teardown(() => caller.close());
  const { callId } = await app.wait("answered");
  app.send({ handoff: { callId, queueId: "queue-1", reason: "asked" } });
  await app.wait("bridged", (bridged) => bridged.phoneId === "phone-1", 20_000);
  const from = caller.heard().length;
  caller.media.play(tone(440, 4));
  await pause(3500);
  const heard = caller.heard().subarray(from + 8000, from + 20_000);
  t.ok(levelOf(heard) > -30, `the agent is heard: ${levelOf(heard).toFixed(1)} dBFS`);
  t.equal(await caller.over, 0, "SIPp was content");
  t.match((await app.wait("ended", (_, event) => event.callId === callId)).ended, { side: "customer" });
  await until("the phone hung up too", () => /ended|Call terminated/i.test(printed), 5000);
  const recorded = samplesOf(readFileSync(path.join(folder, "heard.wav")).subarray(44));
  t.ok(levelOf(recorded) > -35, `the customer is heard: ${levelOf(recorded).toFixed(1)} dBFS`);

  const seq = app.events.at(-1)?.seq ?? 0;
  say(`call sip:8002@${house.sip.address}`);
  const offered = await app
    .wait("offered", (_, event) => event.seq > seq, 15_000)
    .catch((error: unknown) => {
      t.comment(printed);
      throw error;
    });
  await app.wait("answered", (_, event) => event.callId === offered.callId);
  await pause(1000);
  say("terminate");
  const ended = await app.wait("ended", (_, event) => event.callId === offered.callId);
  t.match(ended.ended, { side: "customer", sipCode: 200 });
  t.ok((ended.ended?.media?.packetsIn ?? 0) > 20, "its audio came");
  say("quit");
});
