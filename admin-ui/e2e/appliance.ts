import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Real processes of their own, on a home of their own, for the console's tests: the appliance, and where asked for SIP and telephony. */
export interface TestAppliance {
  readonly base: string;
  readonly root: string;
  /** Where the SIP server listens for UDP. */
  readonly sip: { readonly host: string; readonly port: number };
  setupCode(): string;
  start(): Promise<void>;
  /** Starts the SIP server and telephony; calls can be made once the appliance says that telephony is up. */
  startTelephony(): Promise<void>;
  stop(signal?: NodeJS.Signals): Promise<void>;
  close(): Promise<void>;
}

const repository = path.join(import.meta.dirname, "../..");
const READY_MS = 60_000;
/** Nobody else's: SIP and audio of these tests. */
const SIP_HOST = "127.29.48.1";
const RTP_PORTS = { rtpPortMin: 32_200, rtpPortMax: 32_399 };

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

export async function makeAppliance(): Promise<TestAppliance> {
  const root = mkdtempSync(path.join(tmpdir(), "intramuros-console-"));
  const port = await freePort();
  const [sip, control, telephony, inference] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const sipPort = await freePort();
  mkdirSync(path.join(root, "keys"), { mode: 0o700 });
  const secret = (name: string, text: string) => writeFileSync(path.join(root, "keys", name), text, { mode: 0o600 });
  secret("master.key", randomBytes(32).toString("hex"));
  secret("sip-control.secret", randomBytes(16).toString("hex"));
  const { privateKey } = generateKeyPairSync("ed25519");
  secret("audit-signing.key", privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  writeFileSync(
    path.join(root, "config.json"),
    JSON.stringify({
      site: { name: "示范银行客户服务中心", language: "zh" },
      sip: { listen: [`udp:${SIP_HOST}:${sipPort}`], controlPort: control, healthPort: sip },
      telephony: { healthPort: telephony, ...RTP_PORTS },
      inference: { healthPort: inference },
      appliance: { consoleHost: "127.0.0.1", consolePort: port },
    }),
  );
  const env = { ...process.env, INTRAMUROS_HOME: root };
  const run = (file: string): ChildProcess =>
    spawn(process.execPath, [path.join(repository, file)], { cwd: repository, env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = (child: ChildProcess): Promise<number | null> =>
    new Promise((resolve) => (child.exitCode === null ? child.once("exit", resolve) : resolve(child.exitCode)));

  const provisioning = run("appliance/src/storage/provision.ts");
  let said = "";
  provisioning.stderr?.on("data", (chunk) => {
    said += String(chunk);
  });
  if ((await ended(provisioning)) !== 0) throw new Error(`provisioning failed: ${said}`);

  let child: ChildProcess | null = null;
  const beside: ChildProcess[] = [];
  const base = `http://127.0.0.1:${port}`;
  const appliance: TestAppliance = {
    base,
    root,
    sip: { host: SIP_HOST, port: sipPort },
    setupCode: () => readFileSync(path.join(root, "run", "setup.code"), "utf8").trim(),
    async start() {
      const started = run("appliance/src/main.ts");
      let log = "";
      const keep = (chunk: unknown) => {
        log = (log + String(chunk)).slice(-4000);
      };
      started.stdout?.on("data", keep);
      started.stderr?.on("data", keep);
      child = started;
      for (const deadline = Date.now() + READY_MS; Date.now() < deadline; await sleep(150)) {
        if (started.exitCode !== null) throw new Error(`the appliance ended at once: ${log}`);
        const reply = await fetch(`${base}/readyz`).catch(() => null);
        if (reply?.ok) return;
      }
      throw new Error(`the appliance was not ready in time: ${log}`);
    },
    async startTelephony() {
      for (const file of ["telephony/src/server/main.ts", "telephony/src/main.ts"]) {
        const started = run(file);
        started.stdout?.resume();
        started.stderr?.resume();
        beside.push(started);
      }
      for (const port of [sip, telephony]) {
        for (const deadline = Date.now() + READY_MS; Date.now() < deadline; await sleep(150)) {
          const reply = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
          if (reply?.ok) break;
        }
      }
    },
    async stop(signal = "SIGTERM") {
      if (child === null || child.exitCode !== null) return;
      const gone = ended(child);
      child.kill(signal);
      await gone;
      child = null;
    },
    async close() {
      await appliance.stop();
      // Nothing of theirs is kept: they need not close in order.
      const gone = beside.map((each) => ended(each));
      for (const each of beside) each.kill("SIGKILL");
      await Promise.all(gone);
      rmSync(root, { recursive: true, force: true });
    },
  };
  return appliance;
}

/** A visitor of the web chat, as the widget speaks. */
export interface Visitor {
  readonly heard: readonly { readonly who: string; readonly text: string }[];
  say(text: string): void;
  hears(words: string | RegExp): Promise<void>;
  close(): void;
}

export async function openChat(base: string): Promise<Visitor> {
  // Node's WebSocket takes headers, the browser's does not; the chat is open to pages of its own origin only
  const Socket = WebSocket as unknown as new (url: string, options: { headers: Record<string, string> }) => WebSocket;
  const socket = new Socket(`${base.replace(/^http/, "ws")}/chat/socket`, { headers: { origin: base } });
  const heard: { who: string; text: string }[] = [];
  let welcomed = false;
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(String(data)) as {
      type: string;
      lines?: { who: string; text: string }[];
      line?: { who: string; text: string };
    };
    if (message.type === "welcome") {
      welcomed = true;
      heard.push(...(message.lines ?? []));
    }
    if (message.type === "line" && message.line !== undefined) heard.push(message.line);
  };
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error("the chat could not be opened"));
  });
  const until = async (test: () => boolean, what: string) => {
    for (const deadline = Date.now() + 15_000; Date.now() < deadline; await sleep(50)) if (test()) return;
    throw new Error(`the visitor waited in vain for ${what}; heard ${JSON.stringify(heard)}`);
  };
  socket.send(JSON.stringify({ type: "hello", language: "zh" }));
  await until(() => welcomed, "the welcome");
  let count = 0;
  return {
    heard,
    say(text) {
      count++;
      socket.send(JSON.stringify({ type: "text", clientId: `t${count}-${Date.now()}`, text }));
    },
    hears: (words) =>
      until(
        () => heard.some((line) => (typeof words === "string" ? line.text.includes(words) : words.test(line.text))),
        String(words),
      ),
    close: () => socket.close(),
  };
}
