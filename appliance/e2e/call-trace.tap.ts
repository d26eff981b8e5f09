import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  askAppliance,
  type CallAttempt,
  type CallList,
  type CallTrace,
  type Flow,
  localTokenPath,
  openHome,
  trunkInput,
} from "@intramuros/contracts";
import t from "tap";
import { makeTestHome } from "../src/storage/test-home-store.ts";

/**
 * Calls of SIPp to the running processes, captured twice: by our own ring, and by dumpcap on loopback. tshark is the judge of what was
 * said, in which order and when; sngrep stands in for Homer.
 */
t.setTimeout(120_000);
const repository = path.join(import.meta.dirname, "../..");
const OURS = "127.29.47.10";
const PBX = "127.29.47.20";
const RINGING_PBX = "127.29.47.21";
const BUSY_PBX = "127.29.47.22";
const STRANGER = "127.29.47.30";
const COLLECTOR = "127.29.47.40";
const SIP = 28_060;
const HEP = 28_090;
const MEDIA_PORT = 28_900;
/** Two captures of one packet on one machine. */
const CLOCKS_AGREE_MS = 5;
/** On a busy machine a process sees a packet only when it has its turn. */
const LATE_MS = 1000;

const home = await makeTestHome({
  site: { name: "Test bank", language: "en" },
  sip: {
    listen: [`udp:${OURS}:${SIP}`, `tcp:${OURS}:${SIP}`],
    ...{ controlPort: 28_022, healthPort: 28_030 },
    hep: { host: COLLECTOR, port: HEP, captureId: 47, password: "homer" },
  },
  telephony: { healthPort: 28_031, rtpPortMin: 28_100, rtpPortMax: 28_399 },
  inference: { healthPort: 28_032 },
  appliance: { consoleHost: "127.29.47.6", consolePort: 28_080 },
  log: { level: "warn" },
});
const files = path.join(home.root, "e2e");
mkdirSync(files);
const children = new Set<ChildProcess>();
const start = (command: string, args: readonly string[]): ChildProcess => {
  const env = { ...process.env, INTRAMUROS_HOME: home.root };
  const child = spawn(command, args, {
    cwd: files,
    env,
    stdio: ["ignore", process.env.SHOW === undefined ? "ignore" : "inherit", "inherit"],
  });
  children.add(child);
  child.once("exit", () => children.delete(child));
  return child;
};
const stop = async (child: ChildProcess, signal: "SIGTERM" | "SIGINT" = "SIGTERM"): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = once(child, "exit");
  child.kill(signal);
  await over;
};
t.teardown(async () => {
  await Promise.all([...children].map((child) => stop(child)));
  home.remove();
});
process.once("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
async function until(what: string, isSo: () => Promise<boolean>, limitMs = 20_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await isSo().catch(() => false))) {
    if (Date.now() > end) throw new Error(`${what}: not within ${limitMs} ms`);
    await wait(100);
  }
}
const main = (file: string): ChildProcess => start(process.execPath, [path.join(repository, file)]);
const ready = async (port: number): Promise<boolean> => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok;
/** Telephony has asked the SIP server for calls, and has its set-up. */
async function takesCalls(): Promise<boolean> {
  const { problems } = (await (await fetch("http://127.0.0.1:28030/readyz")).json()) as { problems: string[] };
  const { setupRevision } = (await (await fetch("http://127.0.0.1:28031/figures")).json()) as { setupRevision: number };
  return problems.length === 0 && Number(setupRevision) > 0;
}

async function api<T>(pathname: string, method = "GET", body?: unknown): Promise<T> {
  const reply = await askAppliance(openHome(home.root), {
    ...{ path: pathname, method, timeoutMs: 15_000 },
    ...(body === undefined ? {} : { body }),
  });
  if (reply.status >= 300) throw new Error(`${method} ${pathname}: ${reply.status} ${reply.text.slice(0, 500)}`);
  return JSON.parse(reply.text) as T;
}
const trace = (call: CallAttempt): Promise<CallTrace> => api(`/api/calls/${encodeURIComponent(call.sipCallId)}/trace`);

/** Runs SIPp's own caller, or a scenario; gives its exit code. */
async function sipp(name: string, port: number, args: readonly string[], from = PBX): Promise<number | null> {
  const who = ["-i", from, "-p", String(port), "-cid_str", `${name}-%u@%s`];
  const child = start("sipp", [`${OURS}:${SIP}`, ...who, "-nostdin", "-m", "1", "-timeout", "15s", ...args]);
  const [code] = (await once(child, "exit")) as [number | null];
  return code;
}

const RTP_PACKETS = 60;
/** Speaks for the caller: RTP to where our 200 says, and one report of RTCP. */
async function speak(call: string): Promise<void> {
  const rtp = createSocket("udp4");
  const rtcp = createSocket("udp4");
  rtp.bind(MEDIA_PORT, PBX);
  rtcp.bind(MEDIA_PORT + 1, PBX);
  let to = 0;
  await until("our 200", async () => {
    const { items } = await api<CallList>(`/api/calls?q=${call}`);
    if (items[0] === undefined) return false;
    const answer = (await trace(items[0])).ladder.find(({ sdp }) => sdp === "answer");
    to = Number(/m=audio (\d+)/.exec(answer?.text ?? "")?.[1] ?? 0);
    return to > 0;
  });
  for (let i = 0; i < RTP_PACKETS; i++) {
    const packet = Buffer.alloc(172, 0xd5);
    packet.set([0x80, 8]);
    packet.writeUInt16BE(i, 2);
    packet.writeUInt32BE(i * 160, 4);
    packet.writeUInt32BE(0xcafe, 8);
    rtp.send(packet, to, OURS);
    await wait(20);
  }
  // Receiver report about what we are said to send: a quarter lost, 5 packets in all, jitter of 160 ticks; then who reports.
  const report = Buffer.from(
    "81c900070000cafe0000beef40000005000000000000" + "00a00000000000000000" + "81ca00020000cafe01016100",
    "hex",
  );
  rtcp.send(report, to + 1, OURS);
  await wait(100);
  rtp.close();
  rtcp.close();
}

/** INVITE, what may come, then the steps given. */
function scenario(name: string, media: string, steps: readonly string[]): string {
  const head = (method: string, to: string): string =>
    [
      `${method} sip:[service]@[remote_ip]:[remote_port] SIP/2.0`,
      "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]",
      "From: <sip:1001@[local_ip]>;tag=[call_number]",
      `To: <sip:[service]@[remote_ip]>${to}`,
      "Call-ID: [call_id]",
      `CSeq: 1 ${method}`,
      "Contact: <sip:1001@[local_ip]:[local_port];transport=[transport]>",
      "Max-Forwards: 70",
    ].join("\n");
  const sdp = `v=0\no=- 1 1 IN IP[local_ip_type] [local_ip]\ns=-\nc=IN IP[media_ip_type] [media_ip]\nt=0 0\n${media}`;
  const send = (message: string, retrans = ""): string => `<send ${retrans}><![CDATA[\n\n${message}\n\n]]></send>`;
  const invite = send(
    `${head("INVITE", "")}\nContent-Type: application/sdp\nContent-Length: [len]\n\n${sdp}`,
    'retrans="500"',
  );
  const parts: Readonly<Record<string, string>> = {
    ack: send(`${head("ACK", "[peer_tag_param]")}\nContent-Length: 0`),
    // Of the same transaction as the INVITE, three steps before.
    "ack of it": send(`${head("ACK", "[peer_tag_param]").replace("[branch]", "[branch-3]")}\nContent-Length: 0`),
    "wait for 180": '<recv response="100" optional="true"/><recv response="180"/>',
    "give up": send(`${head("CANCEL", "").replace("[branch]", "[branch-3]")}\nContent-Length: 0`),
    "wait for 487": '<recv response="487"/>',
    "ack of 487": send(`${head("ACK", "[peer_tag_param]").replace("[branch]", "[branch-6]")}\nContent-Length: 0`),
    "press 0": `<pause milliseconds="500"/>${send(
      `${head("INFO", "[peer_tag_param]").replace("CSeq: 1", "CSeq: 2")}\nContent-Type: application/dtmf-relay\nContent-Length: [len]\n\nSignal=0\nDuration=160`,
      'retrans="500"',
    )}`,
    "hang up": send(
      `${head("BYE", "[peer_tag_param]").replace("CSeq: 1", "CSeq: 3")}\nContent-Length: 0`,
      'retrans="500"',
    ),
    "speak a while": '<pause milliseconds="3000"/>',
    bye: send(`${head("BYE", "[peer_tag_param]").replace("CSeq: 1", "CSeq: 2")}\nContent-Length: 0`, 'retrans="500"'),
    "wait for its 200": '<recv response="200"/>',
    "wait for 200":
      '<recv response="100" optional="true"/><recv response="180" optional="true"/><recv response="200"/>',
    "wait a while": '<pause milliseconds="1200"/>',
  };
  const body = steps.map((step) => parts[step] ?? `<recv response="100" optional="true"/><recv response="${step}"/>`);
  const file = path.join(files, `${name}.xml`);
  writeFileSync(file, `<?xml version="1.0"?>\n<scenario name="${name}">\n${invite}\n${body.join("\n")}\n</scenario>\n`);
  return file;
}
/** Called, and busy. */
function busyPhone(): string {
  const answer = [
    "SIP/2.0 486 Busy Here",
    "[last_Via:]",
    "[last_From:]",
    "[last_To:];tag=busy",
    "[last_Call-ID:]",
    "[last_CSeq:]",
  ];
  const file = path.join(files, "busy.xml");
  writeFileSync(
    file,
    `<?xml version="1.0"?>\n<scenario name="busy">\n<recv request="INVITE"/>\n<send><![CDATA[\n\n${[...answer, "Content-Length: 0"].join("\n")}\n\n]]></send>\n<recv request="ACK"/>\n</scenario>\n`,
  );
  return file;
}
const PCMA = `m=audio ${MEDIA_PORT} RTP/AVP 8\na=rtpmap:8 PCMA/8000`;
const G729 = "m=audio 28900 RTP/AVP 18\na=rtpmap:18 G729/8000";

interface Seen {
  readonly at: number;
  readonly callId: string;
  readonly line: string;
}
/** SIP messages of a capture file in tshark's words. */
function tshark(file: string, ...more: string[]): readonly Seen[] {
  const fields = ["frame.time_epoch", "sip.Call-ID", "sip.Request-Line", "sip.Status-Line"];
  const args = ["-r", file, "-Y", "sip", "-d", `udp.port==${SIP},sip`, "-d", `tcp.port==${SIP},sip`, "-T", "fields"];
  const run = spawnSync("tshark", [...args, ...fields.flatMap((field) => ["-e", field]), ...more], {
    encoding: "utf8",
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout
    .split("\n")
    .filter((row) => row !== "")
    .map((row) => {
      const [at = "", callId = "", request = "", status = ""] = row.split("\t");
      return { at: Number(at) * 1000, callId, line: (request || status).trim() };
    });
}
const malformed = (file: string): string =>
  spawnSync(
    "tshark",
    [
      "-r",
      file,
      "-d",
      `udp.port==${SIP},sip`,
      "-Y",
      "_ws.malformed || udp.checksum.status == 0",
      "-o",
      "udp.check_checksum:TRUE",
    ],
    {
      encoding: "utf8",
    },
  ).stdout;

const sip = main("telephony/src/server/main.ts");
main("telephony/src/main.ts");
main("appliance/src/main.ts");
await Promise.all([28_030, 28_031].map((port) => until(`port ${port}`, () => ready(port))));
await until("the appliance", async () => (await api<{ items: unknown[] }>("/api/flows")).items.length > 0);
const { items: flows } = await api<{ items: Flow[] }>("/api/flows");
const flow = flows.find(({ language }) => language === "en");
const trunk = await api<{ id: string }>(
  "/api/trunks",
  "POST",
  trunkInput({ name: "Test PBX", addresses: [`${PBX}/32`] }),
);
const ringing = await api<{ id: string }>(
  "/api/trunks",
  "POST",
  trunkInput({ name: "Ringing PBX", addresses: [RINGING_PBX], session: { ringBeforeAnswer: "180", ringMs: 5000 } }),
);
const desk = await api<{ id: string }>(
  "/api/trunks",
  "POST",
  trunkInput({
    name: "Busy PBX",
    peers: [{ host: BUSY_PBX, port: 28_222, transport: "udp", priority: 0, weight: 1 }],
    keepalive: { optionsSeconds: 0 },
  }),
);
await api(`/api/queues/${flow?.queueId}`, "PUT", {
  ...{ name: "Desk", phoneIds: [], ringSeconds: 5 },
  outside: [{ trunkId: desk.id, number: "600", name: "Desk" }],
});
await api("/api/numbers", "POST", {
  ...{ pattern: "7000", trunkId: "", flowId: flow?.id ?? "", calendarId: "", closedFlowId: "", note: "" },
});
// Every other number leads somewhere in a new installation; here it shall not.
const { items: numbers } = await api<{ items: { id: string; pattern: string }[] }>("/api/numbers");
await api(`/api/numbers/${numbers.find(({ pattern }) => pattern === "*")?.id}`, "DELETE");
const { items: trunks } = await api<{ items: { id: string }[] }>("/api/trunks");
const ours = new Set([trunk.id, ringing.id, desk.id]);
for (const { id } of trunks) if (!ours.has(id)) await api(`/api/trunks/${id}`, "DELETE");
await until("telephony", takesCalls);
const homer = path.join(files, "homer.pcap");
const collector = start("sngrep", ["-N", "-q", "-L", `udp:${COLLECTOR}:${HEP}`, "-O", homer]);
const wire = path.join(files, "wire.pcap");
const dumpcap = start("dumpcap", ["-q", "-i", "lo", "-f", `host ${OURS} or udp port ${HEP}`, "-w", wire]);
// Where this user may not capture, what Homer got is judged instead: the same messages, by our own clock.
const captures = await until(
  "dumpcap",
  async () => {
    await fetch(`http://${OURS}:28999/`).catch(() => null); // something to see
    return spawnSync("tshark", ["-r", wire, "-c", "1"]).stdout.length > 0;
  },
  8000,
).then(
  () => true,
  () => false,
);
let calls: readonly CallAttempt[] = [];
const callOf = (name: string): CallAttempt => {
  const found = calls.find(({ sipCallId }) => sipCallId.startsWith(name));
  if (found === undefined) throw new Error(`no call ${name} in the list`);
  return found;
};

t.test("calls of several kinds are made", async (t) => {
  t.equal(await sipp("answered", 28_200, ["-sn", "uac", "-s", "7000", "-d", "1500"]), 0);
  t.equal(await sipp("over-tcp", 28_201, ["-sn", "uac", "-s", "7000", "-d", "300", "-t", "t1"]), 0);
  t.equal(await sipp("codec", 28_202, ["-sf", scenario("codec", G729, ["488", "ack of it"]), "-s", "7000"]), 0);
  t.equal(await sipp("nobody", 28_203, ["-sf", scenario("nobody", PCMA, ["404", "ack of it"]), "-s", "7999"]), 0);
  const late = ["wait for 200", "wait a while", "ack", "bye", "wait for its 200"];
  t.equal(await sipp("again", 28_204, ["-sf", scenario("again", PCMA, late), "-s", "7000"]), 0);
  t.equal(
    await sipp("stranger", 28_205, ["-sf", scenario("stranger", PCMA, ["403", "ack of it"]), "-s", "7000"], STRANGER),
    0,
  );
  const cancelled = ["wait for 180", "give up", "wait for its 200", "wait for 487", "ack of 487"];
  t.equal(
    await sipp("cancelled", 28_207, ["-sf", scenario("cancelled", PCMA, cancelled), "-s", "7000"], RINGING_PBX),
    0,
  );
  const busy = start("sipp", ["-i", BUSY_PBX, "-p", "28222", "-nostdin", "-m", "1", "-sf", busyPhone()]);
  const person = ["wait for 200", "ack", "press 0", "wait for its 200", "speak a while", "hang up", "wait for its 200"];
  const spoken = ["wait for 200", "ack", "speak a while", "bye", "wait for its 200"];
  const [withPerson, withAudio] = await Promise.all([
    sipp("person", 28_208, ["-sf", scenario("person", PCMA, person), "-s", "7000"]),
    sipp("audio", 28_206, ["-sf", scenario("audio", PCMA, spoken), "-s", "7000"]),
    speak("audio"),
  ]);
  t.strictSame([withPerson, withAudio], [0, 0]);
  await stop(busy);
  await wait(500);
  await stop(dumpcap, "SIGINT");
  await stop(collector);
});

t.test("each is in the list with its verdict", async (t) => {
  const list = await api<CallList>("/api/calls");
  calls = list.items;
  t.equal(list.problem, "");
  const expected: readonly (readonly [name: string, code: string, side: string, sipCode: number])[] = [
    ["answered", "answered-hung-up-by-caller", "customer", 200],
    ["over-tcp", "answered-hung-up-by-caller", "customer", 200],
    ["codec", "no-codec-in-common", "carrier", 488],
    ["nobody", "number-not-mapped", "us", 404],
    ["again", "answered-hung-up-by-caller", "customer", 200],
    ["stranger", "source-unknown", "carrier", 403],
    ["cancelled", "cancelled-by-caller", "customer", 487],
    ["person", "answered-hung-up-by-caller", "customer", 200],
    ["audio", "answered-hung-up-by-caller", "customer", 200],
  ];
  for (const [name, code, side, sipCode] of expected) {
    t.match(callOf(name).verdict, { code, side, sipCode }, name);
    const { [name]: at = trunk.id }: Readonly<Record<string, string>> = { stranger: "", cancelled: ringing.id };
    t.equal(callOf(name).trunkId, at, `${name}: trunk`);
  }
  t.ok((callOf("answered").durationMs ?? 0) >= 1400);
  const failed = await api<CallList>(`/api/calls?result=failed&trunkId=${trunk.id}`);
  t.strictSame(
    failed.items.map(({ sipCallId }) => sipCallId.split("-")[0]),
    ["nobody", "codec"],
  );
  const page = await api<CallList>("/api/calls?limit=6");
  const rest = await api<CallList>(`/api/calls?limit=6&cursor=${page.next}`);
  t.strictSame(
    [...page.items, ...rest.items].map(({ sipCallId }) => sipCallId),
    calls.map(({ sipCallId }) => sipCallId),
  );
});

t.test("the ladder is what tshark saw: the same messages in the same order, at the same time", async (t) => {
  const seen = tshark(captures ? wire : homer);
  const apart: number[] = [];
  if (!captures) t.comment("no right to capture on loopback: judged by what the collector got");
  for (const call of calls) {
    const judged = seen.filter(({ callId }) => callId === call.sipCallId);
    const ownId = new RegExp(`^(?:call-id|i):\\s*${RegExp.escape(call.sipCallId)}\\s*$`, "im");
    const arrows = (await trace(call)).ladder.filter(({ text }) => ownId.test(text ?? ""));
    t.strictSame(
      arrows.map(({ line }) => line),
      judged.map(({ line }) => line),
      call.sipCallId,
    );
    apart.push(...arrows.map(({ at }, i) => Math.abs(at - (judged[i]?.at ?? 0))));
  }
  apart.sort((a, b) => a - b);
  const at = (share: number): number => apart[Math.floor(apart.length * share)] ?? Number.NaN;
  t.comment(`${apart.length} messages: ${at(0.5).toFixed(2)} ms apart in the middle, ${at(0.99).toFixed(2)} at most`);
  t.ok(at(0.75) < CLOCKS_AGREE_MS, "the clocks agree");
  t.ok(at(0.99) < LATE_MS, "nothing was noted late");
  t.equal(calls.length, new Set(seen.map(({ callId }) => callId)).size, "no call is missing");
});

t.test("a trace explains: lanes, repetitions, offer and answer, a text for the ticket", async (t) => {
  const again = await trace(callOf("again"));
  t.match(again.lanes, [{ name: "Test PBX" }, { name: "Test bank" }]);
  t.ok(again.ladder.filter(({ repeated }) => repeated).length >= 1, "the 200 was sent again");
  t.ok(again.ladder.every(({ repeated, line }) => !repeated || line === "SIP/2.0 200 OK"));
  t.equal(again.sdp.find(({ field }) => field === "codecs")?.answer, "PCMA");
  t.match(again.ticket, /Verdict: the call was answered and the caller hung up/);
  t.ok(again.complete);
  const conversation = again.attempt.conversationId;
  const { items } = await api<{ items: { id: string }[] }>(
    `/api/conversations?callId=${encodeURIComponent(again.attempt.sipCallId)}`,
  );
  t.equal(items[0]?.id, conversation, "call and conversation lead to each other");
});

/** The pcap of a call as a file. */
async function download(name: string, include: string): Promise<string> {
  const url = `http://127.29.47.6:28080/api/calls/${encodeURIComponent(callOf(name).sipCallId)}/capture.pcap?include=${include}`;
  const authorization = `Bearer ${readFileSync(localTokenPath(home.root), "utf8").trim()}`;
  const reply = await fetch(url, { headers: { authorization } });
  if (reply.status !== 200) throw new Error(`${url}: ${reply.status} ${await reply.text()}`);
  const file = path.join(files, `${name}-${include}.pcap`);
  writeFileSync(file, Buffer.from(await reply.arrayBuffer()));
  return file;
}
/** Packets of a file that fit a filter of tshark's. */
const count = (file: string, filter: string): number =>
  spawnSync("tshark", ["-r", file, "-d", `udp.port==${SIP},sip`, "-Y", filter], { encoding: "utf8" }).stdout.split("\n")
    .length - 1;

t.test("a call to a busy person is a leg of the customer's call, with its own verdict", async (t) => {
  const leg = calls.find(({ direction }) => direction === "outbound");
  t.match(leg, { to: "600", trunkId: desk.id, verdict: { code: "sip-486", side: "customer", endedBy: "callee" } });
  t.equal(leg?.conversationId, callOf("person").conversationId);
  const { lanes, ladder } = await trace(callOf("person"));
  t.strictSame(
    lanes.map(({ name }) => name),
    ["Test PBX", "Test bank", "Busy PBX"],
  );
  const busy = ladder.find(({ line }) => line.startsWith("SIP/2.0 486"));
  const asked = ladder.findIndex(({ kind, line }) => kind === "note" && line === "a person of Desk is asked for");
  t.ok(
    asked > 0 && asked < ladder.findIndex(({ line }) => line.startsWith("SIP/2.0 486")),
    "why we call is told before",
  );
  t.equal(busy?.from, `${BUSY_PBX}:28222`);
});

t.test("what was said and reported is in the trace and in the file", async (t) => {
  const call = await trace(callOf("audio"));
  t.match(call.legs, [{ codec: "PCMA", in: { packets: RTP_PACKETS, lost: 0 } }]);
  const reports = call.ladder.filter(
    ({ kind, line }) => kind === "rtcp" && /25.0 % loss \(5 in all\), jitter 160/.test(line),
  );
  t.equal(reports.length, 1, "the caller's report stands in line");
  const file = await download("audio", "rtp");
  const fromCaller = `rtp && ip.src == ${PBX}`;
  t.equal(count(file, fromCaller), RTP_PACKETS);
  t.equal(count(file, "rtp.ssrc == 0xcafe"), RTP_PACKETS);
  t.equal(count(await download("audio", "rtcp"), "rtp"), 0);
  t.ok(count(await download("audio", "rtcp"), "rtcp") >= 1);
  t.equal(malformed(file), "");
});

t.test("tshark reads the pcap without a malformed packet", async (t) => {
  for (const name of ["answered", "over-tcp", "again"]) {
    const file = await download(name, "sip");
    const lines = (await trace(callOf(name))).ladder.filter(({ kind }) => kind === "sip").map(({ line }) => line);
    t.strictSame(
      tshark(file).map(({ line }) => line),
      lines,
      name,
    );
    t.equal(malformed(file), "");
  }
});

t.test("Homer (sngrep) got every message over HEPv3", { skip: !captures && "no right to capture" }, async (t) => {
  const seen = tshark(wire);
  const told = tshark(homer);
  // sngrep shows SIP only: the caller's report is looked for on the way there.
  const packets = spawnSync(
    "tshark",
    ["-r", wire, "-Y", `udp.dstport == ${HEP}`, "-T", "fields", "-e", "udp.payload"],
    {
      encoding: "utf8",
    },
  );
  const texts = packets.stdout.split("\n").map((hex) => Buffer.from(hex, "hex").toString("latin1"));
  t.ok(
    texts.some((text) => text.includes('"packets_lost":5,') && text.includes(callOf("audio").sipCallId)),
    "RTCP as well",
  );
  const key = ({ callId, line }: Seen): string => `${callId} ${line}`;
  t.strictSame(told.map(key).sort(), seen.map(key).sort());
});

t.test("a killed SIP server still has the calls of before", async (t) => {
  await wait(700);
  const over = once(sip, "exit");
  sip.kill("SIGKILL");
  await over;
  const away = await api<CallList>("/api/calls");
  t.match(away.problem, /not to be reached/);
  main("telephony/src/server/main.ts");
  await until("the SIP server", () => ready(28_030));
  await until("the calls", async () => (await api<CallList>("/api/calls")).items.length > 0);
  const { items } = await api<CallList>("/api/calls");
  t.strictSame(
    items.map(({ sipCallId }) => sipCallId),
    calls.map(({ sipCallId }) => sipCallId),
  );
});
