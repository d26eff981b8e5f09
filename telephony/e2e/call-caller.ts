import { type ChildProcess, spawn } from "node:child_process";
import { createSocket, type Socket } from "node:dgram";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { CodecName, RtpEndpoint } from "../src/rtp/rtp-endpoint.ts";
import { createRtpPortPool, openRtpEndpoint } from "../src/rtp/rtp-endpoint-driver.ts";

/** A caller: SIPp signals, an RTP endpoint of the test speaks and listens at the port that SIPp's SDP names. */
export interface Caller {
  readonly media: RtpEndpoint;
  /** All that was heard, at the endpoint's rate. */
  heard(): Int16Array;
  /** Milliseconds of audio heard that is louder than -45 dBFS, from sample `from` on. */
  voicedMs(from?: number): number;
  /** Resolves with SIPp's exit code. */
  readonly over: Promise<number>;
  printed(): string;
  digits(): readonly string[];
  /** What was lost on purpose: of the caller's packets, and of those to it. */
  dropped(): { readonly sent: number; readonly received: number };
  close(): Promise<void>;
}

export interface CallerOptions {
  readonly server: { readonly address: string; readonly port: number };
  readonly address: string;
  readonly sipPort: number;
  /** Even; the one above is RTCP's. */
  readonly mediaPort: number;
  readonly to?: string;
  readonly scenario: string;
  readonly codec?: CodecName;
  readonly transport?: "udp" | "tcp";
  readonly limitMs?: number;
  /** This share of the packets is lost in each direction. */
  readonly loss?: number;
  /** And is held up by up to so much, its RTCP is not. */
  readonly jitterMs?: number;
  readonly extra?: readonly string[];
}

// A test that is stopped leaves nothing behind.
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
const PAYLOAD_TYPES: Record<CodecName, number> = { PCMU: 0, PCMA: 8, G722: 9 };

export async function openCaller(options: CallerOptions): Promise<Caller> {
  const codec = options.codec ?? "PCMA";
  const frames: Int16Array[] = [];
  const digits: string[] = [];
  const loss = options.loss ?? 0;
  const ownPort = loss === 0 ? options.mediaPort : options.mediaPort + 2;
  const { address, mediaPort: port, jitterMs = 0 } = options;
  const relay = loss === 0 ? null : await openLossyRelay(address, { port, ownPort, loss, jitterMs });
  const media = await openRtpEndpoint(createRtpPortPool({ min: ownPort, max: ownPort + 1 }), {
    localAddress: options.address,
    codec,
    payloadType: PAYLOAD_TYPES[codec],
    dtmfPayloadType: 101,
    remote: relay === null ? null : { address: options.address, port: options.mediaPort },
    allowedSources: [options.server.address],
    onFrame: (frame) => frames.push(frame.samples.slice()),
    onDigit: (digit) => digits.push(digit),
  });
  const folder = mkdtempSync(path.join(tmpdir(), "intramuros-sipp-"));
  const file = path.join(folder, "scenario.xml");
  writeFileSync(file, options.scenario.replaceAll("[mport]", String(options.mediaPort)));
  let printed = "";
  const log = path.join(folder, "log.txt");
  const child: ChildProcess = spawn(
    "sipp",
    [
      ...["-sf", file, "-m", "1", "-nostdin", "-s", options.to ?? "8002", "-i", options.address],
      ...[
        "-p",
        String(options.sipPort),
        "-t",
        options.transport === "tcp" ? "t1" : "u1",
        "-trace_err",
        "-error_file",
        log,
      ],
      ...["-timeout", `${options.limitMs ?? 60_000}ms`, "-recv_timeout", "20000", ...(options.extra ?? [])],
      `${options.server.address}:${options.server.port}`,
    ],
    { stdio: ["ignore", "pipe", "pipe"], cwd: folder },
  );
  running.add(child);
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-20_000);
    });
  }
  const over = new Promise<number>((resolve) => child.once("exit", (code) => resolve(code ?? -1)));
  return {
    media,
    heard: () => joined(frames),
    voicedMs(from = 0) {
      const all = joined(frames).subarray(from);
      const size = media.sampleRateHz / 50;
      let count = 0;
      for (let at = 0; at + size <= all.length; at += size) if (levelOf(all.subarray(at, at + size)) > -45) count++;
      return count * 20;
    },
    over,
    printed: () => printed,
    digits: () => digits,
    dropped: () => relay?.dropped ?? { sent: 0, received: 0 },
    async close() {
      running.delete(child);
      child.kill("SIGKILL");
      await over;
      await media.close();
      relay?.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface LossyRelay {
  readonly dropped: { sent: number; received: number };
  close(): void;
}

/**
 * Stands at the ports that the SDP names, between the caller's own and whoever sends there; drops a share of the audio that passes and
 * holds the rest up, each packet for another while. RTCP passes as it is.
 */
async function openLossyRelay(
  address: string,
  way: { readonly port: number; readonly ownPort: number; readonly loss: number; readonly jitterMs: number },
): Promise<LossyRelay> {
  const dropped = { sent: 0, received: 0 };
  let seed = 12_345;
  const chance = (): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff; // the same losses in every run
    return seed / 2 ** 31;
  };
  const open = async (offset: 0 | 1): Promise<Socket> => {
    const socket = createSocket("udp4");
    const ownPort = way.ownPort + offset;
    let isOpen = true;
    socket.once("close", () => {
      isOpen = false;
    });
    let far: { readonly address: string; readonly port: number } | null = null;
    socket.on("message", (packet, from) => {
      const isOurs = from.port === ownPort && from.address === address;
      if (!isOurs) far = { address: from.address, port: from.port };
      const to = isOurs ? far : { address, port: ownPort };
      if (to === null) return;
      if (offset === 0 && chance() < way.loss) {
        dropped[isOurs ? "sent" : "received"]++;
        return;
      }
      const pass = (): void => {
        if (isOpen) socket.send(packet, to.port, to.address);
      };
      if (offset === 1 || way.jitterMs === 0) pass();
      else setTimeout(pass, chance() * way.jitterMs);
    });
    await new Promise<void>((resolve) => socket.bind(way.port + offset, address, () => resolve()));
    return socket;
  };
  const sockets = [await open(0), await open(1)];
  return {
    dropped,
    close() {
      for (const socket of sockets) socket.close();
    },
  };
}

function joined(frames: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(frames.reduce((sum, frame) => sum + frame.length, 0));
  let at = 0;
  for (const frame of frames) {
    all.set(frame, at);
    at += frame.length;
  }
  return all;
}

export function levelOf(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return 10 * Math.log10(Math.max(1e-10, sum / Math.max(1, samples.length) / 32768 ** 2));
}

// ---- scenarios

const sdp = (options: { readonly direction?: string; readonly version?: number; readonly types?: string } = {}) => `
      v=0
      o=caller 1 ${options.version ?? 1} IN IP4 [local_ip]
      s=-
      c=IN IP4 [local_ip]
      t=0 0
      m=audio [mport] RTP/AVP ${options.types ?? "8 0 101"}
      a=rtpmap:8 PCMA/8000
      a=rtpmap:0 PCMU/8000
      a=rtpmap:9 G722/8000
      a=rtpmap:101 telephone-event/8000
      a=fmtp:101 0-15
      a=${options.direction ?? "sendrecv"}
`;

const request = (method: string, cseq: number, extra = "", body = "") => `
  <send retrans="500"><![CDATA[
      ${method} sip:[service]@[remote_ip]:[remote_port] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: "Caller" <sip:13800138000@[local_ip]:[local_port]>;tag=[pid]c[call_number]
      To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
      Call-ID: [call_id]
      CSeq: ${cseq} ${method}
      Contact: <sip:caller@[local_ip]:[local_port];transport=[transport]>
      Max-Forwards: 70
      ${extra === "" ? "" : `${extra}\n      `}Content-Length: [len]
${body}
  ]]></send>`;

const ack = (cseq: number, body = "") => `
  <send><![CDATA[
      ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: "Caller" <sip:13800138000@[local_ip]:[local_port]>;tag=[pid]c[call_number]
      To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
      Call-ID: [call_id]
      CSeq: ${cseq} ACK
      Max-Forwards: 70
      ${body === "" ? "" : "Content-Type: application/sdp\n      "}Content-Length: [len]
${body}
  ]]></send>`;

/** ACK of a refusal belongs to the INVITE's transaction: same branch (RFC 3261 §17.1.1.3). */
const ackRefusal = (cseq: number) => `
  <send><![CDATA[
      ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0
      [last_Via:]
      [last_From:]
      [last_To:]
      Call-ID: [call_id]
      CSeq: ${cseq} ACK
      Max-Forwards: 70
      Content-Length: 0

  ]]></send>`;

const received = (status: number) => `
  <recv response="100" optional="true"></recv>
  <recv response="180" optional="true"></recv>
  <recv response="${status}" rtd="true"></recv>`;

export const step = {
  invite: (types?: string) =>
    request("INVITE", 1, "Content-Type: application/sdp", sdp(types === undefined ? {} : { types })) +
    received(200) +
    ack(1),
  inviteOnly: () => request("INVITE", 1, "Content-Type: application/sdp", sdp()),
  refused: (status: number) =>
    request("INVITE", 1, "Content-Type: application/sdp", sdp()) + received(status) + ackRefusal(1),
  lateOffer: () => request("INVITE", 1) + received(200) + ack(1, sdp()),
  /** CANCEL of the INVITE just sent; then 200 to it and 487 or 200 to the INVITE, in any order (`over` says which may come). */
  cancel: () => `
  <send><![CDATA[
      CANCEL sip:[service]@[remote_ip]:[remote_port] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch-1]
      From: "Caller" <sip:13800138000@[local_ip]:[local_port]>;tag=[pid]c[call_number]
      To: <sip:[service]@[remote_ip]:[remote_port]>
      Call-ID: [call_id]
      CSeq: 1 CANCEL
      Max-Forwards: 70
      Content-Length: 0

  ]]></send>`,
  reInvite: (cseq: number, direction: string) =>
    request("INVITE", cseq, "Content-Type: application/sdp", sdp({ direction, version: cseq })) +
    received(200) +
    ack(cseq),
  info: (cseq: number, digit: string) =>
    request("INFO", cseq, "Content-Type: application/dtmf-relay", `\n      Signal=${digit}\n      Duration=160\n`) +
    received(200),
  options: (cseq: number) => request("OPTIONS", cseq) + received(200),
  /** An INVITE that is challenged, and comes again with these credentials. */
  challengedInvite: (account: { readonly username: string; readonly password: string }, status: number) =>
    request("INVITE", 1, "Content-Type: application/sdp", sdp()) +
    received(401).replace('rtd="true"', 'auth="true"') +
    ackRefusal(1) +
    request(
      "INVITE",
      2,
      `[authentication username=${account.username} password=${account.password}]\n      Content-Type: application/sdp`,
      sdp(),
    ).replace("[peer_tag_param]", "") +
    received(status) +
    (status === 200 ? ack(2) : ackRefusal(2)),
  challengedRegister: (account: { readonly username: string; readonly password: string }, status: number) =>
    request("REGISTER", 1, "Expires: 60") +
    received(401).replace('rtd="true"', 'auth="true"') +
    request(
      "REGISTER",
      2,
      `[authentication username=${account.username} password=${account.password}]\n      Expires: 60`,
    ).replace("[peer_tag_param]", "") +
    received(status),
  pause: (ms: number) => `\n  <pause milliseconds="${ms}"/>`,
  bye: (cseq: number) => `${request("BYE", cseq)}\n  <recv response="200"></recv>`,
  expectBye: () => `
  <recv request="BYE" timeout="60000"></recv>
  <send><![CDATA[
      SIP/2.0 200 OK
      [last_Via:]
      [last_From:]
      [last_To:]
      [last_Call-ID:]
      [last_CSeq:]
      Content-Length: 0

  ]]></send>`,
};

export const scenario = (...steps: readonly string[]): string =>
  `<?xml version="1.0" encoding="ISO-8859-1" ?>\n<scenario name="caller">${steps.join("")}\n</scenario>\n`;
