import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import Srf from "drachtio-srf";

/** What the SIP tests share: the server as its own process, applications, and SIPp. */

/** The part of drachtio-srf that the tests use; its own types are stricter than its documentation. */
export interface App {
  connect(options: object): void;
  disconnect(): void;
  on(event: string, listener: (...values: never[]) => void): void;
  createUAS(req: Req, res: Res, options: object): Promise<CallDialog>;
  createUAC(uri: string, options: object, callbacks?: object): Promise<CallDialog>;
  createB2BUA(req: Req, res: Res, uri: string, options?: object): Promise<{ uas: CallDialog; uac: CallDialog }>;
  request(uri: string, options: object): Promise<Req>;
  request(uri: string, options: object, callback: (error: unknown, req: Req) => void): void;
  invite(handler: (req: Req, res: Res) => void): void;
  options(handler: (req: Req, res: Res) => void): void;
  register(handler: (req: Req, res: Res) => void): void;
  message(handler: (req: Req, res: Res) => void): void;
  info(handler: (req: Req, res: Res) => void): void;
}
export interface Req {
  readonly method: string;
  readonly body: string;
  readonly source_address: string;
  get(name: string): string;
  cancel(callback: (error: unknown, req: Req) => void): void;
  on(event: string, listener: (...values: never[]) => void): void;
}
export interface Res {
  readonly status: number;
  send(status: number, options?: object): void;
  get(name: string): string;
}
export interface CallDialog {
  readonly remote: { readonly sdp: string; readonly uri: string };
  destroy(options?: object): Promise<unknown>;
  modify(sdp: string): Promise<string>;
  request(options: object): Promise<Res>;
  on(event: string, listener: (...values: never[]) => void): void;
}

export const SDP =
  "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n";
export const SECRET = "a secret of the test";

export interface Place {
  readonly address: string;
  readonly controlPort: number;
  readonly healthPort: number;
}

export interface RunningServer {
  readonly process: ChildProcess;
  readonly folder: string;
  figures(): Promise<Record<string, number>>;
  stop(): Promise<number | null>;
}

const isReady = (healthPort: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${healthPort}/readyz`).then(
    (response) => response.ok,
    () => false,
  );

/** Starts `main.ts` on an empty home and waits until it is ready. */
export async function startServer(
  { address, controlPort, healthPort }: Place,
  change: Record<string, unknown> = {},
): Promise<RunningServer> {
  // Left over from a run that was cut off, it would be tested in place of ours.
  if (await isReady(healthPort)) throw new Error(`another server answers on health port ${healthPort}: end it first`);
  const folder = mkdtempSync(path.join(tmpdir(), "intramuros-sip-"));
  mkdirSync(path.join(folder, "keys"));
  writeFileSync(path.join(folder, "keys", "sip-control.secret"), SECRET);
  const sip = { listen: [`udp:${address}:5060`, `tcp:${address}:5060`], controlPort, healthPort, ...change };
  writeFileSync(path.join(folder, "config.json"), JSON.stringify({ sip, log: { level: "warn" } }));
  const child = spawn(process.execPath, [path.join(import.meta.dirname, "../src/server/main.ts")], {
    env: { ...process.env, INTRAMUROS_HOME: folder },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const end = (): void => void child.kill("SIGKILL"); // a test that is cut off leaves nobody behind
  process.once("exit", end);
  child.once("exit", () => process.removeListener("exit", end));
  for (let i = 0; ; i++) {
    if (child.exitCode !== null) throw new Error(`the SIP server ended with ${child.exitCode}`);
    if (await isReady(healthPort)) break;
    if (i === 150) throw new Error("the SIP server did not become ready");
    await wait(100);
  }
  return {
    process: child,
    folder,
    figures: async () =>
      (await fetch(`http://127.0.0.1:${healthPort}/figures`)).json() as Promise<Record<string, number>>,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGTERM");
        await once(child, "exit");
      }
      rmSync(folder, { recursive: true, force: true });
      return child.exitCode;
    },
  };
}

/** An application connected to the server, which has asked for what it handles by the time this resolves. */
export async function startApp(controlPort: number, handle: (app: App) => void, secret = SECRET): Promise<App> {
  const app = new Srf() as unknown as App;
  app.on("error", () => {});
  handle(app);
  const connected = new Promise<void>((resolve, reject) =>
    app.on("connect", ((error: Error | null) => (error === null ? resolve() : reject(error))) as never),
  );
  app.connect({ host: "127.0.0.1", port: controlPort, secret });
  await connected.catch((error: unknown) => {
    app.disconnect(); // else it would try again for ever
    throw error;
  });
  await wait(50); // the routes are on their way
  return app;
}

/**
 * A request outside of dialogs and its final response. The listener is there before the library reads on: of a promise it would come
 * too late for a response that lies in the same read.
 */
export const ask = (app: App, uri: string, options: object): Promise<Res> =>
  new Promise((resolve, reject) =>
    app.request(uri, options, (error, req) => {
      if (error) reject(error);
      else req.on("response", ((response: Res) => response.status >= 200 && resolve(response)) as never);
    }),
  );

export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export interface SippRun {
  readonly code: number | null;
  /** SIPp's own account of what it did not expect. */
  readonly errors: string;
  readonly retransmissions: number;
}

/** SIPp with a scenario of its own (`uac`) or one given as XML. */
export async function sipp(
  folder: string,
  run: {
    readonly scenario: string;
    readonly from: string;
    readonly to?: string;
    readonly calls?: number;
    readonly rate?: number;
    readonly transport?: "u1" | "t1";
    readonly timeoutSeconds?: number;
    /** How long SIPp's own caller stays. */
    readonly callMs?: number;
  },
): Promise<SippRun> {
  const name = `run-${Math.round(performance.now() * 1000)}`;
  const [host = "", port = "5060"] = run.from.split(":");
  const args = ["-i", host, "-p", port, "-m", String(run.calls ?? 1), "-r", String(run.rate ?? 10), "-nostdin"];
  args.push("-t", run.transport ?? "u1", "-timeout", `${run.timeoutSeconds ?? 30}s`, "-timeout_error");
  args.push(
    "-trace_stat",
    "-stf",
    path.join(folder, `${name}.csv`),
    "-trace_err",
    "-error_file",
    path.join(folder, `${name}.err`),
    "-d",
    String(run.callMs ?? 100),
  );
  if (run.scenario.startsWith("<")) {
    writeFileSync(path.join(folder, `${name}.xml`), run.scenario);
    args.push("-sf", path.join(folder, `${name}.xml`));
  } else args.push("-sn", run.scenario);
  if (run.to !== undefined) args.push(run.to);
  const child = spawn("sipp", args, { cwd: folder, stdio: "ignore" });
  const [code] = (await once(child, "exit")) as [number | null];
  let errors = "";
  try {
    errors = readFileSync(path.join(folder, `${name}.err`), "utf8").slice(0, 3000);
  } catch {
    // Nothing was unexpected.
  }
  return { code, errors, retransmissions: retransmissionsIn(path.join(folder, `${name}.csv`)) };
}

/** From the last line of SIPp's statistics. */
function retransmissionsIn(file: string): number {
  try {
    const lines = readFileSync(file, "utf8").trim().split("\n");
    const column = (lines[0] ?? "").split(";").indexOf("Retransmissions(C)");
    return Number((lines.at(-1) ?? "").split(";")[column]);
  } catch {
    return Number.NaN;
  }
}

/** A SIPp scenario of the steps given. */
export const scenario = (...steps: string[]): string =>
  `<?xml version="1.0" encoding="ISO-8859-1" ?>\n<!DOCTYPE scenario SYSTEM "sipp.dtd">\n<scenario name="test">\n${steps.join("\n")}\n</scenario>\n`;

/** Step: send lines; `[routes]`, `[branch]` and their like are SIPp's. */
export const send = (lines: readonly string[], body = "", options = 'retrans="500"'): string =>
  `<send ${options}><![CDATA[\n\n${lines.map((line) => `      ${line}`).join("\n")}\n      Content-Length: ${body === "" ? "0" : "[len]"}\n\n${body
    .split("\r\n")
    .map((line) => (line === "" ? "" : `      ${line}`))
    .join("\n")}\n]]></send>`;

export const receive = (what: string, options = ""): string =>
  /^\d+$/.test(what) ? `<recv response="${what}" ${options}/>` : `<recv request="${what}" ${options}/>`;
export const optional = (status: number): string => receive(String(status), 'optional="true"');
export const pause = (ms: number): string => `<pause milliseconds="${ms}"/>`;

/** Lines of a request of SIPp's caller. */
export function callerRequest(
  method: string,
  {
    seq = 1,
    toTag = false,
    extra = [],
  }: { readonly seq?: number; readonly toTag?: boolean; readonly extra?: readonly string[] } = {},
): string[] {
  return [
    `${method} sip:service@[remote_ip]:[remote_port] SIP/2.0`,
    "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]",
    "From: caller <sip:caller@[local_ip]:[local_port]>;tag=[pid]T[call_number]",
    `To: <sip:service@[remote_ip]:[remote_port]>${toTag ? "[peer_tag_param]" : ""}`,
    "Call-ID: [call_id]",
    `CSeq: ${seq} ${method}`,
    "Contact: <sip:caller@[local_ip]:[local_port];transport=[transport]>",
    "Max-Forwards: 70",
    ...extra,
  ];
}
export const SDP_TYPE = "Content-Type: application/sdp";

/** Lines of a response of SIPp's called side. */
export const calledResponse = (status: string, extra: readonly string[] = []): string[] => [
  `SIP/2.0 ${status}`,
  "[last_Via:]",
  "[last_From:]",
  "[last_To:];tag=[pid]B[call_number]",
  "[last_Call-ID:]",
  "[last_CSeq:]",
  "Contact: <sip:called@[local_ip]:[local_port];transport=[transport]>",
  ...extra,
];
