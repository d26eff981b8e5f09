import { spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as grpc from "@grpc/grpc-js";
import { type LegMediaReport, telephonyAddress, telephonyV1, trunkInput } from "@intramuros/contracts";
import t, { type Test } from "tap";
import { samplesOf, wavOf } from "../src/call/wav.ts";
import { ToneSender } from "../src/rtp/dtmf-tones.ts";
import { type Caller, type CallerOptions, openCaller, scenario, step } from "./call-caller.ts";
import { Attached, openHouse, pause, testFlow, testSetup, until } from "./call-support.ts";

/**
 * How a call's audio fared, beside tshark on the same packets; encrypted audio with baresip; keys in all three ways; one-way audio; and
 * a sender that does not know that its call is over.
 */
t.setTimeout(90_000);
const net = 46;
const base = 46_000;
const house = openHouse({ net, base, telephony: { rtpPortMin: base + 400, rtpPortMax: base + 599 } });
const folder = mkdtempSync(path.join(tmpdir(), "intramuros-quality-"));
const callers: Caller[] = [];
const phones: ReturnType<typeof spawn>[] = [];
let app: Attached;
let control: InstanceType<typeof telephonyV1.CallControl>;
/** baresip sends its audio from whatever address the kernel chooses. */
const ADDRESSES = { plain: "127.29.46.21", secret: "127.0.0.1", stale: "127.29.46.23" };
const STALE_PORT = base + 700;
const trunks: readonly { readonly id: string; readonly form: Parameters<typeof trunkInput>[0] }[] = [
  { id: "plain", form: { name: "plain", addresses: [ADDRESSES.plain] } },
  {
    ...{ id: "secret" },
    form: { name: "secret", addresses: [ADDRESSES.secret], dtmf: "inband", media: { srtp: "require" } },
  },
  {
    ...{ id: "stale" },
    form: {
      ...{ name: "stale", addresses: [ADDRESSES.stale] },
      media: { rtpPortMin: STALE_PORT, rtpPortMax: STALE_PORT + 1 },
    },
  },
];

t.before(async () => {
  await Promise.all([house.start("sip"), house.start("telephony")]);
  await until("connected", async () => (await house.status()).sipConnected);
  const flow = testFlow({ queueId: "queue-1", noInputMs: 60_000 });
  app = new Attached(house.home, {
    setup: testSetup("192.0.2.1", flow, {
      trunks: trunks.map(({ id, form }) => ({ id, formJson: JSON.stringify(trunkInput(form)) })),
    }),
  });
  control = new telephonyV1.CallControl(telephonyAddress(house.home), grpc.credentials.createInsecure());
  await until("set up", async () => (await house.status()).setupRevision === 1);
});
t.teardown(async () => {
  for (const phone of phones) phone.kill("SIGKILL");
  for (const caller of callers) await caller.close();
  app?.close();
  control?.close();
  await house.close();
  rmSync(folder, { recursive: true, force: true });
});

const call = async (options: Partial<CallerOptions> & { address: string; steps: readonly string[] }) => {
  const { steps, ...rest } = options;
  const at = callers.length;
  const caller = await openCaller({
    ...{ server: house.sip, sipPort: base + 100 + at, mediaPort: base + 200 + at * 10, limitMs: 40_000 },
    ...{ scenario: scenario(...steps), ...rest },
  });
  callers.push(caller);
  return caller;
};
const offeredFrom = async (trunkId: string, after = 0) =>
  app.wait("offered", (offered, event) => offered.trunkId === trunkId && event.seq > after);
const lastSeq = () => app.events.at(-1)?.seq ?? 0;
const voice = (seconds: number): Int16Array =>
  new Int16Array(8000 * seconds).map((_, n) => 8000 * Math.sin((2 * Math.PI * 300 * n) / 8000));

interface MediaReply {
  readonly callId: string;
  readonly sipCallIds: string[];
  readonly legs: readonly LegMediaReport[];
}
const mediaOf = (sipCallId: string): Promise<MediaReply> =>
  new Promise((resolve, reject) => {
    control.getCallMedia({ sipCallId }, (error, reply) => {
      if (error !== null || reply === undefined) return reject(error);
      const legs = reply.legsJson.map((text) => JSON.parse(text) as LegMediaReport);
      resolve({ callId: reply.callId, sipCallIds: reply.sipCallIds, legs });
    });
  });

interface Packet {
  readonly atMs: number;
  readonly outgoing: boolean;
  readonly rtcp: boolean;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly data: Buffer;
}
const packetsOf = (sipCallId: string, withRtp: boolean): Promise<readonly Packet[]> =>
  new Promise((resolve, reject) => {
    const packets: Packet[] = [];
    const stream = control.getMediaPackets({ sipCallId, withRtp });
    stream.on("data", (packet: Packet) => packets.push(packet));
    stream.on("end", () => resolve(packets));
    stream.on("error", reject);
  });

/** A capture of raw IPv4. */
function pcapOf(packets: readonly Packet[]): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b23c4d, 0); // nanoseconds
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(65_535, 16);
  head.writeUInt32LE(101, 20);
  const rows = packets.map((packet) => {
    const ours = { address: packet.localAddress, port: packet.localPort };
    const theirs = { address: packet.remoteAddress, port: packet.remotePort };
    const [from, to] = packet.outgoing ? [ours, theirs] : [theirs, ours];
    const length = 28 + packet.data.length;
    const row = Buffer.alloc(16 + length);
    const seconds = Math.floor(packet.atMs / 1000);
    row.writeUInt32LE(seconds, 0);
    row.writeUInt32LE(Math.round((packet.atMs - seconds * 1000) * 1e6), 4);
    row.writeUInt32LE(length, 8);
    row.writeUInt32LE(length, 12);
    row.writeUInt8(0x45, 16);
    row.writeUInt16BE(length, 18);
    row.writeUInt8(64, 24);
    row.writeUInt8(17, 25);
    from.address.split(".").forEach((part, i) => {
      row.writeUInt8(Number(part), 28 + i);
    });
    to.address.split(".").forEach((part, i) => {
      row.writeUInt8(Number(part), 32 + i);
    });
    row.writeUInt16BE(from.port, 36);
    row.writeUInt16BE(to.port, 38);
    row.writeUInt16BE(8 + packet.data.length, 40);
    row.set(packet.data, 44);
    return row;
  });
  return Buffer.concat([head, ...rows]);
}

interface Stream {
  readonly packets: number;
  readonly lost: number;
  readonly meanJitterMs: number;
  readonly maxJitterMs: number;
}
/** What tshark makes of the stream to a port. */
function tsharkOf(pcap: Buffer, toPort: number): Stream {
  const file = path.join(folder, "call.pcap");
  writeFileSync(file, pcap);
  const { stdout, stderr } = spawnSync(
    "tshark",
    ["-r", file, "-d", `udp.port==${toPort},rtp`, "-q", "-z", "rtp,streams"],
    { encoding: "utf8" },
  );
  const row = stdout.split("\n").find((line) => line.trim().split(/\s+/)[5] === String(toPort));
  if (row === undefined) throw new Error(`tshark saw no stream: ${stdout} ${stderr}`);
  // start end | source port | destination port | SSRC | payload | packets | lost (%) | min, mean, max delta | min, mean, max jitter
  const cells = row.trim().split(/\s+/);
  const at = cells.findIndex((cell) => /^\([-0-9.]+%\)$/.test(cell));
  const numbers = cells.slice(at + 1).map(Number);
  return {
    packets: Number(cells[at - 2]),
    lost: Number(cells[at - 1]) % 65_536, // where a sequence wraps around, tshark counts a round too much
    meanJitterMs: numbers[4]!,
    maxJitterMs: numbers[5]!,
  };
}

/** The E-model once more, from loss alone and the common approximation for delay (Cole and Rosenbluth). */
function plainMos(lossPercent: number, delayMs: number): number {
  const delay = 0.024 * delayMs + (delayMs > 177.3 ? 0.11 * (delayMs - 177.3) : 0);
  const rating = 93.2 - delay - (95 * lossPercent) / (lossPercent + 25.1);
  return 1 + 0.035 * rating + 0.000_007 * rating * (rating - 60) * (100 - rating);
}
const within = (t: Test, ours: number, theirs: number, what: string, share = 0.05): void => {
  t.ok(Math.abs(ours - theirs) <= share * Math.abs(theirs), `${what}: ${ours.toFixed(3)} beside ${theirs.toFixed(3)}`);
};

t.test("loss, jitter and MOS are what tshark sees in the same packets; a key comes by INFO", async (t) => {
  const steps = [step.invite(), step.pause(4000), step.info(2, "7"), step.pause(7000), step.bye(3)];
  const caller = await call({ address: ADDRESSES.plain, steps, loss: 0.06, jitterMs: 14 });
  const { callId, offered } = await offeredFrom("plain");
  const sipCallId = offered!.sipCallId;
  caller.media.play(voice(12));
  await app.wait("answered", (_, event) => event.callId === callId);
  t.match((await app.wait("digit", (_, event) => event.callId === callId)).digit, { digit: "7", via: "info" });
  const live = await mediaOf(sipCallId);
  t.equal(live.legs[0]?.codec, "PCMA", "reports are there while the call is up");
  t.equal(await caller.over, 0);
  const ended = (await app.wait("ended", (_, event) => event.callId === callId)).ended;

  const [leg] = (await mediaOf(sipCallId)).legs;
  if (leg === undefined) throw new Error("no report of the ended call");
  const packets = await packetsOf(sipCallId, true);
  const port = Number(leg.local.split(":")[1]);
  const seen = tsharkOf(pcapOf(packets.filter((packet) => !packet.rtcp)), port);
  t.equal(leg.in.packets, seen.packets, "packets");
  // Who begins or ends with a packet out of order may count one more or less.
  t.ok(Math.abs(leg.in.lost - seen.lost) <= Math.max(1, 0.05 * seen.lost), `${leg.in.lost} lost beside ${seen.lost}`);
  t.ok(leg.in.lossFraction > 0.03 && leg.in.lossFraction < 0.1, `${leg.in.lossFraction} lost on purpose`);
  const { sent: dropped } = caller.dropped();
  // What is dropped at the very end leaves no gap.
  t.ok(dropped - leg.in.lost >= 0 && dropped - leg.in.lost <= 2, `${leg.in.lost} lost of ${dropped} dropped`);
  within(t, leg.in.jitterMs, seen.meanJitterMs, "mean jitter");
  within(t, leg.in.maxJitterMs, seen.maxJitterMs, "highest jitter");
  const delayMs = (leg.in.roundTripMs ?? 0) / 2 + 60;
  // On a machine that has too much to do some come too late to be heard, which counts as lost.
  const missing = seen.lost + Number(ended?.media?.lateIn);
  within(t, leg.in.mos ?? 0, plainMos((100 * missing) / (seen.packets + seen.lost), delayMs), "MOS");
  t.equal(leg.in.samples.length, 2, "one sample each five seconds");
  t.equal(leg.in.unknownBecause, "");
  t.equal(leg.oneWay, false);
  t.strictSame(
    leg.dtmfSeen.map(({ digit, via }) => `${digit} ${via}`),
    ["7 info"],
  );
  // What the caller's own RTCP reports say of us, up to the last of them.
  const heard = caller.media.report();
  t.ok(
    leg.out.lost > 0 && leg.out.lost <= heard.lostIn,
    `${leg.out.lost} of ours reported lost, ${heard.lostIn} at the end`,
  );
  t.ok((leg.out.mos ?? 0) > 2 && (leg.out.mos ?? 5) < 4.3, `MOS of what we send: ${leg.out.mos}`);
  const rtcp = await packetsOf(sipCallId, false);
  t.ok(rtcp.length >= 4 && rtcp.every((packet) => packet.rtcp), "RTCP alone, without the right to RTP");
  t.ok(rtcp.some(({ outgoing }) => outgoing) && rtcp.some(({ outgoing }) => !outgoing), "both ways");
  t.equal(Number(ended?.media?.lostIn), leg.in.lost);
});

t.test("a caller that is never heard is told as one-way audio", async (t) => {
  const after = lastSeq();
  const address = ADDRESSES.plain;
  const silent = createSocket("udp4"); // takes what we send, says nothing
  await new Promise<void>((resolve) => silent.bind(base + 390, address, () => resolve()));
  const steps = [step.invite(), step.pause(3500), step.bye(2)];
  const caller = await call({
    address,
    mediaPort: base + 380,
    steps: steps.map((text) => text.replaceAll("[mport]", String(base + 390))),
  });
  const { offered } = await offeredFrom("plain", after);
  t.equal(await caller.over, 0);
  silent.close();
  const [leg] = (await mediaOf(offered!.sipCallId)).legs;
  t.match(leg, { oneWay: true, oneWaySide: "in", in: { packets: 0, unknownBecause: "no audio came" } });
  t.notOk(leg?.in.mos, "and is not rated");
});

t.test("a sender that goes on after its call is not taken for the next caller", async (t) => {
  const first = await call({ address: ADDRESSES.stale, steps: [step.invite(), step.pause(1500), step.bye(2)] });
  first.media.play(voice(10));
  const { seq } = await offeredFrom("stale");
  t.equal(await first.over, 0);
  await app.wait("ended", (_, event) => event.seq > seq);
  // The same port of ours again: the trunk has but one pair. The first caller's audio still comes.
  const second = await call({ address: ADDRESSES.stale, steps: [step.invite(), step.pause(2500), step.bye(2)] });
  const { offered, callId } = await offeredFrom("stale", seq);
  await app.wait("answered", (_, event) => event.callId === callId);
  second.media.play(voice(3));
  second.media.sendDigit("5");
  first.media.sendDigit("1");
  const { digit } = await app.wait("digit", (_, event) => event.callId === callId);
  t.match(digit, { digit: "5", via: "rfc4733" }, "the new caller is heard");
  if ((await second.over) !== 0) t.fail(second.printed());
  const [leg] = (await mediaOf(offered!.sipCallId)).legs;
  t.equal(leg?.local.split(":")[1], String(STALE_PORT), "a port of the trunk's own range");
  t.equal(leg?.remote, `${ADDRESSES.stale}:${second.media.localPort}`);
  t.ok((leg?.strangers ?? 0) > 20, `${leg?.strangers} packets of the old one dropped`);
  t.strictSame(
    leg?.dtmfSeen.map((item) => item.digit),
    ["5"],
  );
});

t.test("baresip over SRTP: its tones are understood, our beep is heard", async (t) => {
  const home = path.join(folder, "baresip");
  const sender = new ToneSender();
  const lead = new Int16Array(8000 * 2);
  const key = new Int16Array(8000);
  sender.press("0", 200);
  sender.fill(key, 8000);
  const sound = new Int16Array(8000 * 12);
  sound.set(lead);
  sound.set(key, lead.length);
  spawnSync("mkdir", ["-p", home]);
  writeFileSync(path.join(home, "voice.wav"), wavOf(sound, 8000));
  const { secret: address } = ADDRESSES;
  const config = [
    ...[`sip_listen ${address}:${base + 160}`, `net_interface ${address}`, `rtp_ports ${base + 350}-${base + 360}`],
    ...[`audio_source aufile,${path.join(home, "voice.wav")}`, "audio_player aubridge,nil", "audio_alert aubridge,nil"],
    ...[`snd_path ${home}`, "module_path /usr/lib/baresip/modules"],
    ...["stdio", "g711", "aufile", "aubridge", "srtp", "sndfile"].map((name) => `module ${name}.so`),
    ...["module_tmp uuid.so", "module_tmp account.so", "module_app menu.so", ""],
  ];
  writeFileSync(path.join(home, "config"), config.join("\n"));
  writeFileSync(
    path.join(home, "accounts"),
    `<sip:baresip@${address};transport=udp>;regint=0;audio_codecs=pcma;mediaenc=srtp-mand\n`,
  );
  writeFileSync(path.join(home, "contacts"), "");
  const phone = spawn("baresip", ["-f", home, "-e", `d sip:8002@${house.sip.address}:${house.sip.port}`], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  let printed = "";
  phone.stdout.on("data", (chunk: Buffer) => {
    printed += chunk.toString();
  });
  phones.push(phone);
  const over = new Promise<void>((resolve) => phone.once("exit", () => resolve()));
  const { offered, callId } = await offeredFrom("secret").catch((error: unknown) => {
    t.comment(printed);
    throw error;
  });
  const { digit } = await app.wait("digit", (_, event) => event.callId === callId);
  t.match(digit, { digit: "0", via: "inband" }, "a key as tones, through the cipher");
  await app.wait("handoffFailed", (_, event) => event.callId === callId);
  await pause(3000);
  const [leg] = (await mediaOf(offered!.sipCallId)).legs;
  t.match(leg, { srtp: /^AES_CM_128_HMAC_SHA1_(80|32)$/, in: { lost: 0 } });
  t.ok((leg?.in.packets ?? 0) > 150, `${leg?.in.packets} packets deciphered`);
  phone.kill("SIGINT");
  await over;
  t.comment(readdirSync(home).join(" "));
  const dump = readdirSync(home).find((name) => name.startsWith("dump") && name.includes("dec"));
  if (dump === undefined) throw new Error("baresip wrote down nothing of what it heard");
  const heard = samplesOf(readFileSync(path.join(home, dump)).subarray(44));
  t.ok(longestToneMs(heard, 1000) >= 300, `our beep of 1000 Hz: ${longestToneMs(heard, 1000)} ms`);
});

/** The longest time that a tone is nearly all of the sound. */
function longestToneMs(samples: Int16Array, hz: number): number {
  let longest = 0;
  let now = 0;
  for (let at = 0; at + 160 <= samples.length; at += 160) {
    let real = 0;
    let imaginary = 0;
    let energy = 1;
    for (let i = 0; i < 160; i++) {
      const sample = samples[at + i]!;
      real += sample * Math.cos((2 * Math.PI * hz * i) / 8000);
      imaginary += sample * Math.sin((2 * Math.PI * hz * i) / 8000);
      energy += sample * sample;
    }
    now = energy > 160 * 1e5 && (2 * (real ** 2 + imaginary ** 2)) / 160 / energy > 0.9 ? now + 20 : 0;
    longest = Math.max(longest, now);
  }
  return longest;
}
