import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { type App, type CallDialog, callerRequest, type Req, type Res } from "./sip-support.ts";

/** What the dialog tests need besides: two record-routing proxies, and the rest of drachtio-srf. */

export interface DialogApp extends App {
  subscribe(handler: (req: Req, res: Res) => void): void;
  notify(handler: (req: Req, res: Res) => void): void;
  publish(handler: (req: Req, res: Res) => void): void;
  refer(handler: (req: Req, res: Res) => void): void;
  proxyRequest(
    req: Req,
    to: readonly string[],
    options: object,
  ): Promise<{ connected: boolean; responses: readonly { msgs: readonly { status: number }[] }[] }>;
}
export type { CallDialog, Req, Res };

/** Kamailio that stays in the path of what it passes on; `rules` choose where a new request goes. */
export function startProxy(folder: string, address: string, rules: string): ChildProcess {
  const file = path.join(folder, `kamailio-${address}.cfg`);
  const modules = ["tm", "sl", "rr", "pv", "maxfwd", "siputils"].map((name) => `loadmodule "${name}.so"`);
  writeFileSync(
    file,
    `#!KAMAILIO
debug=0
log_stderror=yes
children=1
disable_tcp=yes
auto_aliases=no
listen=udp:${address}:5060
${modules.join("\n")}
request_route {
  if (!mf_process_maxfwd_header("20")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (has_totag()) {
    if (loose_route()) { t_relay(); exit; }
    if (method == "ACK") { if (t_check_trans()) t_relay(); exit; }
    sl_send_reply("481", "No route"); exit;
  }
  if (method == "CANCEL") { if (t_check_trans()) t_relay(); exit; }
  record_route();
  ${rules}
  t_relay();
}
`,
  );
  const folders = ["-Y", folder, "-P", path.join(folder, `kamailio-${address}.pid`)];
  const child = spawn("kamailio", ["-f", file, "-DD", "-E", "-m", "64", "-M", "16", ...folders], { stdio: "ignore" });
  const end = (): void => void child.kill("SIGTERM");
  process.once("exit", end);
  child.once("exit", () => process.removeListener("exit", end));
  return child;
}

/** Lines of a SIPp caller's request to a user of ours. */
export const requestTo = (
  user: string,
  method: string,
  options: { readonly seq?: number; readonly toTag?: boolean; readonly extra?: readonly string[] } = {},
): string[] => callerRequest(method, options).map((line) => line.replaceAll("service", user));

/** The same inside a call, by the route set and target that SIPp has learnt. */
export function routedTo(user: string, method: string, seq: number, extra: readonly string[] = []): string[] {
  const [, ...lines] = requestTo(user, method, { seq, toTag: true, extra });
  return [`${method} [next_url] SIP/2.0`, ...lines, "[routes]"];
}

/** A SIPp step that must find what `regexp` describes in the message it waits for. */
export const receiveWith = (what: string, regexp: string, options = ""): string => {
  const kind = /^\d+$/.test(what) ? "response" : "request";
  const find = `<ereg regexp="${regexp}" search_in="msg" check_it="true" assign_to="1"/>`;
  return `<recv ${kind}="${what}" ${options}><action>${find}</action></recv>\n<Reference variables="1"/>`;
};

/** A SIPp step that keeps headers of a request for a response that is sent later, when other messages have come between. */
export function keep(method: string, ...headers: readonly string[]): string {
  const actions = headers.map(
    (name) =>
      `<ereg regexp=".*" search_in="hdr" header="${name}:" case_indep="true" check_it="true" assign_to="${name}"/>`,
  );
  return `<recv request="${method}"><action>${actions.join("")}</action></recv>`;
}
