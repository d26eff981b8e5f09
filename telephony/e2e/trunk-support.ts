import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import * as grpc from "@grpc/grpc-js";
import { type SetupInit, type TrunkStatus, telephonyAddress, telephonyV1, trunkInput } from "@intramuros/contracts";
import { until } from "./call-support.ts";
import { calledResponse, callerRequest, optional, receive, SDP_TYPE, scenario, send } from "./sip-support.ts";

/** What the tests of trunks share: forms, the status as the appliance sees it, Kamailio as a PBX, and SIPp's parts of a call. */
type Given = Parameters<typeof trunkInput>[0];

/** One trunk for each form, one number for all that leads to a flow without words, one queue of outside numbers. */
export function trunkSetup(
  revision: number,
  trunks: Readonly<Record<string, Given>>,
  outside: readonly { readonly trunkId: string; readonly number: string }[] = [],
  change: Partial<SetupInit> = {},
): SetupInit {
  const silent = { greeting: "", menuPrompt: "", handoffPrompt: "", messagePrompt: "", goodbyePrompt: "" };
  return {
    revision,
    trunks: Object.entries(trunks).map(([id, form]) => ({ id, formJson: JSON.stringify(trunkInput(form)) })),
    numbers: [{ id: "number-1", trunkId: "", pattern: "*", flowId: "flow-1" }],
    flows: [{ ...{ id: "flow-1", name: "silent", language: "en", queueId: "queue-1", noInputMs: 60_000 }, ...silent }],
    queues: [{ id: "queue-1", name: "people", phoneIds: [], ringSeconds: 20, outside: [...outside] }],
    phones: [],
    ...change,
  };
}

export async function trunkStatus(home: string, trunkId: string): Promise<TrunkStatus> {
  const client = new telephonyV1.CallControl(telephonyAddress(home), grpc.credentials.createInsecure());
  try {
    const json = await new Promise<string>((resolve, reject) => {
      client.getTrunkStatus({ trunkId }, { deadline: Date.now() + 2000 }, (error, reply) =>
        error === null && reply !== undefined ? resolve(reply.statusJson) : reject(error),
      );
    });
    return (JSON.parse(json) as TrunkStatus[])[0]!;
  } finally {
    client.close();
  }
}

export interface Kamailio {
  printed(): string;
  stop(): Promise<void>;
}

const children = new Set<ChildProcess>();
/** With its workers: they are a process group of their own. */
const kill = (child: ChildProcess): void => {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    // Gone already.
  }
};
process.once("exit", () => {
  for (const child of children) kill(child);
});

/** Kamailio with the routing given; ready when it answers, which the test waits for by itself. */
export function startKamailio(
  folder: string,
  options: { readonly listen: readonly string[]; readonly routes: string },
): Kamailio {
  const modules = [
    "tm",
    "tmx",
    "sl",
    "rr",
    "pv",
    "maxfwd",
    "usrloc",
    "registrar",
    "textops",
    "siputils",
    "auth",
    "xlog",
    "kex",
  ];
  const config = [
    "debug=1\nlog_stderror=yes\nfork=yes\nchildren=1\ntcp_children=1\nauto_aliases=no\ndisable_tcp=yes",
    'mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"',
    ...modules.map((name) => `loadmodule "${name}.so"`),
    ...options.listen.map((listen) => `listen=${listen}`),
    'modparam("usrloc", "db_mode", 0)\nmodparam("registrar", "min_expires", 60)\nmodparam("registrar", "max_expires", 120)',
    'modparam("auth", "nonce_count", 1)\nmodparam("auth", "qop", "auth")',
    options.routes,
  ].join("\n");
  const file = path.join(folder, `kamailio-${Date.now()}.cfg`);
  writeFileSync(file, config);
  const child = spawn("kamailio", ["-f", file, "-DD", "-E", "-m", "32", "-M", "4", "-Y", folder], {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  children.add(child);
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-100_000);
    });
  }
  return {
    printed: () => printed,
    async stop() {
      children.delete(child);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const over = new Promise((resolve) => child.once("exit", resolve));
      kill(child);
      await over;
    },
  };
}

/** Where SIPp's SDP says that audio is to be sent; mostly nobody listens there. */
export const MEDIA_PORT = 45_980;
export const audio = (extra: readonly string[] = [], types = "8 101"): string =>
  [
    "v=0",
    "o=pbx 1 1 IN IP4 [local_ip]",
    "s=-",
    "c=IN IP4 [local_ip]",
    "t=0 0",
    `m=audio ${MEDIA_PORT} RTP/AVP ${types}`,
    "a=rtpmap:8 PCMA/8000",
    "a=rtpmap:101 telephone-event/8000",
    ...extra,
    "",
  ].join("\r\n");

/** Steps of SIPp's caller and callee. */
export const uac = {
  invite: (extra: readonly string[] = [], body = audio()): string =>
    send(callerRequest("INVITE", { extra: [...extra, ...(body === "" ? [] : [SDP_TYPE])] }), body),
  ack: (seq = 1, body = ""): string =>
    send(callerRequest("ACK", { seq, toTag: true, extra: body === "" ? [] : [SDP_TYPE] }), body, ""),
  bye: (seq: number): string => send(callerRequest("BYE", { seq, toTag: true })) + receive("200"),
};
const ROUTES = "[last_Record-Route:]";
export const uas = {
  invite: (): string => receive("INVITE"),
  ringing: (extra: readonly string[] = []): string => send(calledResponse("180 Ringing", [ROUTES, ...extra]), "", ""),
  ok: (extra: readonly string[] = []): string =>
    send(calledResponse("200 OK", [ROUTES, ...extra, SDP_TYPE]), audio(), 'retrans="500"') +
    receive("ACK", 'timeout="8000"'),
  untilBye: (): string => receive("BYE", 'timeout="20000"') + send(calledResponse("200 OK"), "", ""),
};
/** A customer who calls and stays until we hang up. */
export const customer = (): string =>
  scenario(uac.invite(), ...answered(), uac.ack(), receive("BYE", 'timeout="25000"'), send(OK_TO_BYE, "", ""));
const OK_TO_BYE = ["SIP/2.0 200 OK", "[last_Via:]", "[last_From:]", "[last_To:]", "[last_Call-ID:]", "[last_CSeq:]"];
export const answered = (): string[] => [optional(100), optional(180), optional(183), receive("200", 'rrs="true"')];

/** A request in a dialog whose way leads by proxies: their Record-Route, and the Contact as Request-URI (RFC 3261 §12.2.1.1). */
export const routed = (method: string, seq: number): string =>
  send(
    [`${method} [next_url] SIP/2.0`, ...callerRequest(method, { seq, toTag: true }).slice(1), "[routes]"],
    "",
    method === "ACK" ? "" : 'retrans="500"',
  );

export async function untilStatus(
  home: string,
  trunkId: string,
  check: (status: TrunkStatus) => boolean,
  limitMs = 15_000,
): Promise<TrunkStatus> {
  let last: TrunkStatus | undefined;
  await until(
    `status of ${trunkId}`,
    async () => {
      last = await trunkStatus(home, trunkId);
      return last !== undefined && check(last);
    },
    limitMs,
  ).catch((error: unknown) => {
    throw new Error(`${error instanceof Error ? error.message : ""}: ${JSON.stringify(last)}`);
  });
  return last!;
}

let variable = 0;
/** A message that must have this somewhere: in its head, or in its body. */
export function expects(step: string, ...expressions: readonly string[]): string {
  const names = expressions.map(() => `v${++variable}`);
  const actions = expressions.map(
    (expression, index) =>
      `<ereg regexp="${expression.replaceAll("<", "&lt;").replaceAll('"', "&quot;")}" search_in="msg" check_it="true" assign_to="${names[index]}"/>`,
  );
  const closed = step.replace(/\/>$/, `><action>${actions.join("")}</action></recv>`);
  return expressions.length === 0 ? step : `${closed}<Reference variables="${names.join(",")}"/>`;
}
/** A header of the message for later. */
export const keep = (header: string, name: string, regexp = ".*"): string =>
  `<ereg regexp="${regexp}" search_in="hdr" header="${header}:" assign_to="${name}"/>`;
/** A response to the latest request, with its own To. */
export const accept = (status: string, extra: readonly string[] = [], body = ""): string =>
  send(
    [`SIP/2.0 ${status}`, "[last_Via:]", "[last_From:]", "[last_To:]", "[last_Call-ID:]", "[last_CSeq:]", ...extra],
    body,
    "",
  );

/** A request of SIPp's called side, which kept From and To of the INVITE. */
export const inDialog = (method: string, number: number): string[] => [
  `${method} [next_url] SIP/2.0`,
  "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]",
  ...["From:[$to];tag=[pid]B[call_number]", "To:[$from]", "Call-ID: [call_id]", `CSeq: ${number} ${method}`],
  ...["Contact: <sip:called@[local_ip]:[local_port]>", "Max-Forwards: 70"],
];
