import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A real appliance process of its own, on a home of its own, for the console's tests. */
export interface TestAppliance {
  readonly base: string;
  readonly root: string;
  setupCode(): string;
  start(): Promise<void>;
  stop(signal?: NodeJS.Signals): Promise<void>;
  close(): Promise<void>;
}

const repository = path.join(import.meta.dirname, "../..");
const READY_MS = 60_000;

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
      sip: { controlPort: control, healthPort: sip },
      telephony: { healthPort: telephony },
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
  const base = `http://127.0.0.1:${port}`;
  const appliance: TestAppliance = {
    base,
    root,
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
    async stop(signal = "SIGTERM") {
      if (child === null || child.exitCode !== null) return;
      const gone = ended(child);
      child.kill(signal);
      await gone;
      child = null;
    },
    async close() {
      await appliance.stop();
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
