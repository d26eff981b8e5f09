import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import t from "tap";
import type { CodecName } from "../src/rtp/rtp-endpoint.ts";
import { createRtpPortPool, openRtpEndpoint } from "../src/rtp/rtp-endpoint-driver.ts";
import type { SrtpSuite } from "../src/rtp/srtp.ts";

/** Our RTP endpoint and ffmpeg's RTP, both ways, in each codec; and its SRTP, with either suite. */
const HOST = "127.29.2.70";
const PEER = "127.29.2.71";
const pool = createRtpPortPool({ min: 22700, max: 22719 });
const folder = mkdtempSync(path.join(tmpdir(), "intramuros-rtp-"));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
t.setTimeout(120_000);

const CODECS: readonly { name: CodecName; type: number; ffmpeg: string; rateHz: number; floorDb: number }[] = [
  { name: "PCMA", type: 8, ffmpeg: "pcm_alaw", rateHz: 8000, floorDb: 25 },
  { name: "PCMU", type: 0, ffmpeg: "pcm_mulaw", rateHz: 8000, floorDb: 25 },
  { name: "G722", type: 9, ffmpeg: "g722", rateHz: 16000, floorDb: 12 },
];

/** Real speech as samples at a rate. */
function speech(rateHz: number): Int16Array {
  const wav = spawnSync("espeak-ng", ["--stdout", "-v", "en", "Your daily transfer limit is five thousand."]).stdout;
  const args = ["-loglevel", "error", "-i", "-", "-f", "s16le", "-ar", String(rateHz), "-ac", "1", "-"];
  return samplesOf(spawnSync("ffmpeg", args, { input: wav }).stdout);
}

const samplesOf = (bytes: Buffer): Int16Array =>
  new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~1)));

const ended = (child: ChildProcess): Promise<void> => new Promise((resolve) => child.once("exit", () => resolve()));

/** Ratio of signal to error in dB where `before` is found in `after`. */
function snr(before: Int16Array, after: Int16Array): number {
  const probe = before.subarray(Math.floor(before.length * 0.3), Math.floor(before.length * 0.3) + 1600);
  let delay = 0;
  let best = Number.NEGATIVE_INFINITY;
  for (let at = 0; at + probe.length < after.length; at++) {
    let product = 0;
    for (let i = 0; i < probe.length; i += 2) product += probe[i]! * after[at + i]!;
    if (product > best) {
      best = product;
      delay = at - Math.floor(before.length * 0.3);
    }
  }
  let signal = 0;
  let noise = 1;
  for (let i = Math.max(0, -delay); i < before.length && i + delay < after.length; i++) {
    signal += before[i]! ** 2;
    noise += (before[i]! - after[i + delay]!) ** 2;
  }
  return 10 * Math.log10(signal / noise);
}

for (const { name, type, ffmpeg, rateHz, floorDb } of CODECS) {
  t.test(`ffmpeg speaks ${name} and we hear it`, async (t) => {
    const heard: number[] = [];
    const endpoint = await openRtpEndpoint(pool, {
      localAddress: HOST,
      codec: name,
      payloadType: type,
      dtmfPayloadType: null,
      remote: null,
      allowedSources: [PEER],
      onFrame: ({ samples }) => heard.push(...samples),
      onDigit: () => undefined,
    });
    const said = speech(rateHz);
    const raw = path.join(folder, `${name}.raw`);
    writeFileSync(raw, Buffer.from(said.buffer));
    const input = ["-re", "-f", "s16le", "-ar", String(rateHz), "-ac", "1", "-i", raw];
    const to = `rtp://${HOST}:${endpoint.localPort}?localaddr=${PEER}&pkt_size=172`;
    const sender = spawn("ffmpeg", ["-loglevel", "error", ...input, "-c:a", ffmpeg, "-f", "rtp", to], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    await ended(sender);
    await wait(200);
    const report = endpoint.report();
    await endpoint.close();
    t.equal(report.lostIn, 0);
    t.equal(report.strangerIn, 0);
    const ratio = snr(said, Int16Array.from(heard));
    t.ok(ratio > floorDb, `${ratio.toFixed(1)} dB`);
  });

  t.test(`we speak ${name} and ffmpeg hears it`, async (t) => {
    const port = 22730 + type * 2;
    const endpoint = await openRtpEndpoint(pool, {
      localAddress: HOST,
      codec: name,
      payloadType: type,
      dtmfPayloadType: null,
      remote: { address: PEER, port },
      allowedSources: [],
      onFrame: () => undefined,
      onDigit: () => undefined,
    });
    const sdp = path.join(folder, `${name}.sdp`);
    const out = path.join(folder, `${name}.heard`);
    const map = `a=rtpmap:${type} ${name}/8000`;
    writeFileSync(
      sdp,
      [
        "v=0",
        `o=- 1 1 IN IP4 ${PEER}`,
        "s=-",
        `c=IN IP4 ${PEER}`,
        "t=0 0",
        `m=audio ${port} RTP/AVP ${type}`,
        map,
        "",
      ].join("\r\n"),
    );
    const said = speech(rateHz);
    const args = [
      "-protocol_whitelist",
      "file,udp,rtp",
      "-i",
      sdp,
      "-t",
      "5",
      "-f",
      "s16le",
      "-ar",
      String(rateHz),
      "-ac",
      "1",
      "-y",
      out,
    ];
    const receiver = spawn("ffmpeg", ["-loglevel", "error", ...args], { stdio: ["ignore", "ignore", "ignore"] });
    await wait(1200);
    endpoint.play(said);
    await ended(receiver);
    await endpoint.close();
    const ratio = snr(said, samplesOf(readFileSync(out)));
    t.ok(ratio > floorDb, `${ratio.toFixed(1)} dB`);
  });
}

for (const suite of ["AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32"] satisfies readonly SrtpSuite[]) {
  t.test(`ffmpeg speaks and hears under ${suite}`, async (t) => {
    const [theirs, ours] = [randomBytes(30), randomBytes(30)];
    const key = (bytes: Buffer) => ({
      ...{ suite, masterKey: bytes.subarray(0, 16), masterSalt: bytes.subarray(16), mki: new Uint8Array() },
    });
    const port = suite.endsWith("80") ? 22_760 : 22_764;
    const heard: number[] = [];
    const endpoint = await openRtpEndpoint(pool, {
      ...{ localAddress: HOST, codec: "PCMA", payloadType: 8, dtmfPayloadType: null },
      ...{ remote: { address: PEER, port }, symmetric: false, allowedSources: [PEER] },
      srtp: { send: key(ours), receive: key(theirs) },
      onFrame: ({ samples }) => heard.push(...samples),
      onDigit: () => undefined,
    });
    const said = speech(8000);
    const raw = path.join(folder, `${suite}.raw`);
    const sdp = path.join(folder, `${suite}.sdp`);
    const out = path.join(folder, `${suite}.heard`);
    writeFileSync(raw, Buffer.from(said.buffer));
    const lines = ["v=0", `o=- 1 1 IN IP4 ${PEER}`, "s=-", `c=IN IP4 ${PEER}`, "t=0 0", `m=audio ${port} RTP/SAVP 8`];
    const crypto = `a=crypto:1 ${suite} inline:${ours.toString("base64")}`;
    writeFileSync(sdp, [...lines, "a=rtpmap:8 PCMA/8000", crypto, ""].join("\r\n"));
    const read = ["-protocol_whitelist", "file,udp,rtp,srtp", "-i", sdp, "-t", "4"];
    const write = ["-f", "s16le", "-ar", "8000", "-ac", "1", "-y", out];
    const receiver = spawn("ffmpeg", ["-loglevel", "error", ...read, ...write], { stdio: "ignore" });
    const from = ["-re", "-f", "s16le", "-ar", "8000", "-ac", "1", "-i", raw, "-c:a", "pcm_alaw", "-f", "rtp"];
    const secret = ["-srtp_out_suite", suite, "-srtp_out_params", theirs.toString("base64")];
    const to = `srtp://${HOST}:${endpoint.localPort}?localaddr=${PEER}&pkt_size=190`;
    const sender = spawn("ffmpeg", ["-loglevel", "error", ...from, ...secret, to], { stdio: "ignore" });
    await wait(1000);
    endpoint.play(said);
    await Promise.all([ended(sender), ended(receiver)]);
    const report = endpoint.report();
    await endpoint.close();
    t.match(report, { lostIn: 0, undecipheredIn: 0 });
    const ratios = [snr(said, Int16Array.from(heard)), snr(said, samplesOf(readFileSync(out)))];
    t.ok(Math.min(...ratios) > 25, `${ratios.map((ratio) => ratio.toFixed(1)).join(" and ")} dB`);
  });
}
