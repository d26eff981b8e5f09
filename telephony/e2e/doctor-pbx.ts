import { type ChildProcess, spawn } from "node:child_process";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import path from "node:path";

/** A PBX with one fault, or none: SIPp signals, a bare socket is its media. */
export interface PbxOptions {
  readonly folder: string;
  readonly address: string;
  readonly port: number;
  /** Even. */
  readonly mediaPort: number;
  /** REGISTER and INVITE must show it for the user `trunk`. */
  readonly password?: string;
  /** What it is at home in; others get 404. */
  readonly domain?: string;
  /** Final response in place of an answer. */
  readonly refuses?: "488 Not Acceptable Here" | "486 Busy Here";
  /** INVITEs that do not offer 100rel get 421. */
  readonly requiresPrack?: boolean;
  /** Address in its SDP; its own when left out. */
  readonly sdpAddress?: string;
  readonly withoutTelephoneEvent?: boolean;
  /** echo: what it hears; music: a tone of its own; none: not a packet. */
  readonly audio: "echo" | "music" | "none";
}

export interface Pbx {
  printed(): string;
  close(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export async function openPbx(options: PbxOptions): Promise<Pbx> {
  const media = createSocket("udp4");
  const timer = play(media, options.audio);
  media.bind(options.mediaPort, options.address);
  await once(media, "listening");
  const file = path.join(options.folder, `pbx-${options.address}.xml`);
  writeFileSync(file, scenario(options));
  let printed = "";
  const child = spawn(
    "sipp",
    ["-sf", file, "-i", options.address, "-p", String(options.port), "-nostdin", "-recv_timeout", "60000"],
    { stdio: ["ignore", "pipe", "pipe"], cwd: options.folder },
  );
  running.add(child);
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-20_000);
    });
  }
  const over = once(child, "exit");
  return {
    printed: () => printed,
    async close() {
      clearInterval(timer);
      running.delete(child);
      child.kill("SIGKILL");
      await over;
      media.close();
    },
  };
}

function play(media: Socket, audio: PbxOptions["audio"]): NodeJS.Timeout | undefined {
  let caller: { readonly address: string; readonly port: number } | null = null;
  media.on("message", (packet, from) => {
    caller = from;
    if (audio === "echo") media.send(packet, from.port, from.address);
  });
  if (audio !== "music") return undefined;
  let sequence = 0;
  return setInterval(() => {
    if (caller === null) return;
    const packet = Buffer.alloc(172, sequence % 2 === 0 ? 0x95 : 0x35);
    packet.writeUInt16BE(0x8008, 0);
    packet.writeUInt16BE(sequence & 0xffff, 2);
    packet.writeUInt32BE((sequence * 160) >>> 0, 4);
    packet.writeUInt32BE(0x5151, 8);
    sequence++;
    media.send(packet, caller.port, caller.address);
  }, 20);
}

const lines = (text: readonly string[]): string => text.map((line) => `      ${line}`).join("\n");
const response = (
  status: string,
  extra: readonly string[] = [],
  sdp: readonly string[] = [],
): string => `<send><![CDATA[

${lines([`SIP/2.0 ${status}`, "[last_Via:]", "[last_Record-Route:]", "[last_From:]", "[last_To:];tag=[pid]P[call_number]", "[last_Call-ID:]", "[last_CSeq:]", "Contact: <sip:[local_ip]:[local_port]>", ...extra, ...(sdp.length === 0 ? [] : ["Content-Type: application/sdp"]), "Content-Length: [len]"])}

${lines(sdp)}
]]></send>`;

function sdp(options: PbxOptions, direction: string, version: number): readonly string[] {
  const address = options.sdpAddress ?? options.address;
  return [
    "v=0",
    `o=- 7 ${version} IN IP4 ${address}`,
    "s=-",
    `c=IN IP4 ${address}`,
    "t=0 0",
    `m=audio ${options.mediaPort} RTP/AVP 8${options.withoutTelephoneEvent ? "" : " 101"}`,
    "a=rtpmap:8 PCMA/8000",
    ...(options.withoutTelephoneEvent ? [] : ["a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-15"]),
    "a=ptime:20",
    `a=${direction}`,
  ];
}

/** A 401 first; after it `good` or 403. The request that comes with credentials is a new transaction of the same Call-ID. */
function guarded(options: PbxOptions, method: "REGISTER" | "INVITE", good: number, label: number): string {
  const { password } = options;
  if (password === undefined) return "";
  const challenge = response("401 Unauthorized", [
    `WWW-Authenticate: Digest realm="pbx", nonce="a-nonce-of-the-pbx-${label}", algorithm=MD5, qop="auth"`,
  ]);
  const ack = method === "INVITE" ? '<recv request="ACK"/>' : "";
  return `${challenge}
${ack}
<recv request="${method}"><action><verifyauth assign_to="${label}" username="trunk" password="${password}"/></action></recv>
<nop test="${label}" next="${good}"/>
${response("403 Forbidden")}
${ack}
<nop next="99"/>
<label id="${good}"/>`;
}

function scenario(options: PbxOptions): string {
  const { domain, refuses, requiresPrack } = options;
  const home =
    domain === undefined
      ? ""
      : `<action><ereg regexp="@${domain.replaceAll(".", "[.]")}[>;]" search_in="hdr" header="To:" assign_to="4"/></action>`;
  const elsewhere = (next: number, ack: boolean): string =>
    domain === undefined
      ? ""
      : `<nop test="4" next="${next}"/>
${response("404 Not Found")}
${ack ? '<recv request="ACK"/>' : ""}
<nop next="99"/>
<label id="${next}"/>`;
  const reliable =
    requiresPrack === true
      ? `<nop test="5" next="30"/>
${response("421 Extension Required", ["Require: 100rel"])}
<recv request="ACK"/>
<nop next="99"/>
<label id="30"/>
`
      : "";
  const answer =
    refuses !== undefined
      ? `${response(refuses)}\n<recv request="ACK"/>\n<nop next="99"/>`
      : `${response("200 OK", ["Allow: INVITE, ACK, BYE, CANCEL, OPTIONS"], sdp(options, "sendrecv", 1))}
<recv request="ACK"/>
<recv request="BYE" optional="true" next="40"/>
<recv request="INVITE"/>
${response("200 OK", [], sdp(options, "recvonly", 2))}
<recv request="ACK"/>
<recv request="BYE" optional="true" next="40"/>
<recv request="INVITE"/>
${response("200 OK", [], sdp(options, "sendrecv", 3))}
<recv request="ACK"/>
<recv request="BYE"/>
<label id="40"/>
${response("200 OK")}
<nop next="99"/>`;
  const reg1 = requiresPrack === true ? '<ereg regexp="100rel" search_in="msg" assign_to="5"/>' : "";
  const inviteAction =
    domain === undefined && reg1 === "" ? "" : `<action>${home.replace(/<\/?action>/g, "")}${reg1}</action>`;
  return `<?xml version="1.0" encoding="ISO-8859-1" ?>
<!DOCTYPE scenario SYSTEM "sipp.dtd">
<scenario name="pbx">
<recv request="OPTIONS" optional="true" next="10"/>
<recv request="REGISTER" optional="true" next="20">${home}</recv>
<recv request="INVITE">${inviteAction}</recv>
${elsewhere(31, true)}
${guarded(options, "INVITE", 32, 2)}
${reliable}
${answer}
<label id="10"/>
${response("200 OK", ["Allow: INVITE, ACK, BYE, CANCEL, OPTIONS"])}
<nop next="99"/>
<label id="20"/>
${elsewhere(21, false)}
${guarded(options, "REGISTER", 22, 3)}
${response("200 OK", ["Expires: 600"])}
<label id="99"/>
<nop/>
</scenario>
`;
}
