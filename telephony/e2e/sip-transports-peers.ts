import { type ChildProcess, spawn } from "node:child_process";
import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { openLog } from "@intramuros/contracts";
import { generate } from "selfsigned";
import type { WebSocket } from "ws";
import { wait } from "./sip-support.ts";

/** Peers of the transport tests: programs that write SIP by hand, a name server, Kamailio, baresip. */

/** A home folder as the SIP server needs it. */
export function makeHome(): string {
  const root = mkdtempSync(path.join(tmpdir(), "intramuros-transports-"));
  for (const folder of ["keys", "telephony"]) mkdirSync(path.join(root, folder));
  return root;
}

/** A log whose lines can be read. */
export function listeningLog(): { readonly log: ReturnType<typeof openLog>; readonly lines: string[] } {
  const lines: string[] = [];
  const log = openLog("sip", "info");
  const note = (...entry: readonly unknown[]): void => void lines.push(JSON.stringify(entry));
  Object.assign(log, { info: note, warn: note, error: note });
  return { log, lines };
}

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}
export async function certificateFor(name: string, addresses: readonly string[], days = 30): Promise<Certificate> {
  const from = new Date(Date.now() - 40 * 86_400_000);
  const made = await generate([{ name: "commonName", value: name }], {
    keyType: "ec",
    algorithm: "sha256",
    notBeforeDate: from,
    notAfterDate: new Date(Date.now() + days * 86_400_000),
    extensions: [
      {
        name: "subjectAltName",
        altNames: [{ type: 2 as const, value: name }, ...addresses.map((ip) => ({ type: 7 as const, ip }))],
      },
    ],
  });
  return { cert: made.cert, key: made.private };
}

/** A connection that speaks SIP as the test says. */
export class Talker {
  readonly heard: string[] = [];
  closed = false;
  readonly #write: (text: string) => void;
  readonly end: () => void;
  constructor(write: (text: string) => void, end: () => void) {
    this.#write = write;
    this.end = end;
  }
  static ofSocket(socket: Socket): Talker {
    const talker = new Talker(
      (text) => void socket.write(text),
      () => void socket.destroy(),
    );
    socket.on("data", (bytes: Buffer) => talker.hear(bytes.toString("latin1")));
    socket.on("error", () => {});
    socket.on("close", () => {
      talker.closed = true;
    });
    return talker;
  }
  static ofWebSocket(socket: WebSocket): Talker {
    const talker = new Talker(
      (text) => socket.send(text),
      () => socket.terminate(),
    );
    socket.on("message", (bytes: Buffer) => talker.hear(bytes.toString("latin1")));
    socket.on("error", () => {});
    socket.on("close", () => {
      talker.closed = true;
    });
    return talker;
  }
  hear(text: string): void {
    this.heard.push(text);
  }
  say(...lines: readonly string[]): void {
    this.#write(`${lines.join("\r\n")}\r\n\r\n`);
  }
  raw(text: string): void {
    this.#write(text);
  }
  /** The next text heard that begins so; earlier ones are dropped. */
  async next(start: string, limitMs = 3000): Promise<string> {
    for (const end = Date.now() + limitMs; Date.now() < end; await wait(10)) {
      for (let text = this.heard.shift(); text !== undefined; text = this.heard.shift()) {
        if (text.startsWith(start)) return text;
      }
    }
    throw new Error(`nothing that begins with ${start}`);
  }
  /** Answers a request, with its own fields. */
  answer(request: string, status: string, extra: readonly string[] = []): void {
    const copy = (name: string): string[] =>
      [...request.matchAll(new RegExp(`^${name}: .*$`, "gim"))].map(([line]) => line);
    const to = copy("To")[0] ?? "";
    this.say(
      `SIP/2.0 ${status}`,
      ...copy("Via"),
      ...copy("Record-Route"),
      ...copy("From"),
      to.includes(";tag=") ? to : `${to};tag=talker`,
      ...copy("Call-ID"),
      ...copy("CSeq"),
      ...extra,
      "Content-Length: 0",
    );
  }
}

/** A request of a talker. */
export const talkerRequest = (
  method: string,
  uri: string,
  given: { readonly transport: string; readonly seq?: number; readonly extra?: readonly string[] },
): string[] => [
  `${method} ${uri} SIP/2.0`,
  `Via: SIP/2.0/${given.transport} a1b2c3.invalid;branch=z9hG4bK${method}${given.seq ?? 1}${Math.random()}`,
  "Max-Forwards: 70",
  `From: <sip:talker@test.invalid>;tag=t${given.seq ?? 1}`,
  `To: <${uri}>`,
  `Call-ID: talker-${method}-${given.seq ?? 1}-${process.pid}-${Math.random()}`,
  `CSeq: ${given.seq ?? 1} ${method}`,
  ...(given.extra ?? []),
  "Content-Length: 0",
];

type Answer =
  | { readonly type: "A"; readonly address: string }
  | { readonly type: "SRV"; readonly priority: number; readonly port: number; readonly target: string }
  | { readonly type: "NAPTR"; readonly order: number; readonly service: string; readonly replacement: string };

/** A name server that knows what it is told and counts what it is asked. */
export async function startNameServer(
  place: { readonly address: string; readonly port: number },
  records: Readonly<Record<string, readonly Answer[]>>,
): Promise<{ readonly asked: string[]; close(): void }> {
  const asked: string[] = [];
  const socket: UdpSocket = createSocket("udp4");
  const codes: Readonly<Record<number, Answer["type"]>> = { 1: "A", 33: "SRV", 35: "NAPTR" };
  const nameBytes = (name: string): Buffer =>
    Buffer.concat([
      ...name.split(".").map((part) => Buffer.from([part.length, ...Buffer.from(part)])),
      Buffer.from([0]),
    ]);
  const text = (value: string): Buffer => Buffer.from([value.length, ...Buffer.from(value)]);
  const numbers = (...values: number[]): Buffer => {
    const bytes = Buffer.alloc(values.length * 2);
    for (const [i, value] of values.entries()) bytes.writeUInt16BE(value, i * 2);
    return bytes;
  };
  const dataOf = (answer: Answer): Buffer => {
    if (answer.type === "A") return Buffer.from(answer.address.split(".").map(Number));
    if (answer.type === "SRV")
      return Buffer.concat([numbers(answer.priority, 1, answer.port), nameBytes(answer.target)]);
    return Buffer.concat([
      numbers(answer.order, 1),
      text("s"),
      text(answer.service),
      text(""),
      nameBytes(answer.replacement),
    ]);
  };
  socket.on("message", (query, from) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length !== 0; length = query[at] ?? 0) {
      labels.push(query.toString("latin1", at + 1, at + 1 + length));
      at += 1 + length;
    }
    const name = labels.join(".");
    const type = codes[query.readUInt16BE(at + 1)] ?? "?";
    asked.push(`${type} ${name}`);
    const known = records[name];
    const found = (known ?? []).filter((record) => record.type === type);
    const answers = found.map((record) => {
      const data = dataOf(record);
      const code = query.readUInt16BE(at + 1);
      return Buffer.concat([numbers(0xc00c, code, 1, 0, 30, data.length), data]);
    });
    // Flags: an answer, recursion desired and available; 3 says that there is no such name.
    const head = Buffer.concat([
      query.subarray(0, 2),
      numbers(known === undefined ? 0x8183 : 0x8180, 1, answers.length, 0, 0),
    ]);
    socket.send(Buffer.concat([head, query.subarray(12, at + 5), ...answers]), from.port, from.address);
  });
  socket.bind(place.port, place.address);
  await once(socket, "listening");
  return { asked, close: () => void socket.close() };
}

/** Ends a program that the test started, at once, also when it has ended by itself. */
export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

/** Kamailio between UDP and TLS: what comes by UDP goes on to the server by TLS, what comes by TLS to a UDP peer. */
export function startKamailio(
  folder: string,
  given: {
    readonly address: string;
    readonly udpPort: number;
    readonly tlsPort: number;
    readonly server: string;
    readonly phone: string;
    readonly certificate: Certificate;
  },
): ChildProcess {
  const file = (name: string, content: string): string => {
    const where = path.join(folder, name);
    writeFileSync(where, content);
    return where;
  };
  const { address, udpPort, tlsPort, server, phone, certificate } = given;
  const tls = file(
    "tls.cfg",
    `[server:default]\nmethod = TLSv1.2+\nverify_certificate = no\nrequire_certificate = no\n` +
      `private_key = ${file("kamailio-key.pem", certificate.key)}\ncertificate = ${file("kamailio-cert.pem", certificate.cert)}\n` +
      "[client:default]\nmethod = TLSv1.2+\nverify_certificate = no\nrequire_certificate = no\n",
  );
  const config = file(
    "kamailio.cfg",
    `#!KAMAILIO
debug=0
log_stderror=yes
children=1
tcp_children=1
enable_tls=yes
auto_aliases=no
listen=udp:${address}:${udpPort}
listen=tls:${address}:${tlsPort}
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "siputils.so"
loadmodule "tls.so"
modparam("tls", "config", "${tls}")
request_route {
  if (method == "OPTIONS" && $rU == "kamailio") { sl_send_reply("200", "OK"); exit; }
  # SIPp's own caller knows no Route: what it sends in a call takes the way of its INVITE.
  if (has_totag() && loose_route()) { t_relay(); exit; }
  if (method == "INVITE") record_route();
  if ($proto == "udp") { $du = "sip:${server};transport=tls"; }
  else { $du = "sip:${phone}"; }
  t_relay();
}
`,
  );
  return spawn(
    "kamailio",
    ["-f", config, "-DD", "-E", "-m", "64", "-M", "16", "-Y", folder, "-P", path.join(folder, "kamailio.pid")],
    {
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
}

/** baresip with an account over TLS; what it prints is kept. */
export function startBaresip(
  folder: string,
  given: { readonly server: string; readonly port: number; readonly control: number },
): { readonly child: ChildProcess; readonly printed: () => string; say(command: string): void } {
  const home = path.join(folder, "baresip");
  mkdirSync(home);
  const config = [
    `sip_listen 127.0.0.1:${given.port}`,
    "net_interface 127.0.0.1",
    "audio_source aubridge,nil",
    "audio_player aubridge,nil",
    "audio_alert aubridge,nil",
    "module_path /usr/lib/baresip/modules",
    ...["stdio", "g711", "aubridge"].map((name) => `module ${name}.so`),
    ...["uuid", "account"].map((name) => `module_tmp ${name}.so`),
    "module_app menu.so",
    "module_app ctrl_tcp.so",
    `ctrl_tcp_listen 127.0.0.1:${given.control}`,
    "",
  ];
  writeFileSync(path.join(home, "config"), config.join("\n"));
  writeFileSync(
    path.join(home, "accounts"),
    `<sip:desk@${given.server};transport=tls>;auth_pass=none;answermode=auto;regint=60;audio_codecs=pcma\n`,
  );
  writeFileSync(path.join(home, "contacts"), "");
  const child = spawn("baresip", ["-f", home], { stdio: ["pipe", "pipe", "pipe"] });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
    });
  }
  return { child, printed: () => printed, say: (command) => void child.stdin.write(`${command}\n`) };
}

export const removeHome = (root: string): void => rmSync(root, { recursive: true, force: true });
