import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as grpc from "@grpc/grpc-js";
import {
  type CallEventMessage,
  type CommandInit,
  type SetupInit,
  type TelephonyStatusMessage,
  telephonyAddress,
  telephonyV1,
  trunkInput,
} from "@intramuros/contracts";

/** Real processes in a home of their own, and an appliance's end of the attachment. */
const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const MAINS = {
  sip: "telephony/src/server/main.ts",
  telephony: "telephony/src/main.ts",
  inference: "inference/src/main.ts",
} as const;
export type ProcessName = keyof typeof MAINS;

export interface House {
  readonly home: string;
  readonly sip: { readonly address: string; readonly port: number };
  readonly healthPorts: Readonly<Record<ProcessName, number>>;
  start(name: ProcessName): Promise<void>;
  /** Ends it and waits until it is gone; SIGHUP leaves the calls to the next process. */
  stop(name: ProcessName, signal?: "SIGKILL" | "SIGTERM" | "SIGHUP"): Promise<number | null>;
  printed(name: ProcessName): string;
  status(): Promise<TelephonyStatusMessage>;
  close(): Promise<void>;
}

/** `net`: the last but one byte of the loopback addresses; `base`: first of a hundred ports. */
export function openHouse(options: {
  readonly net: number;
  readonly base: number;
  readonly telephony?: Record<string, unknown>;
}): House {
  const { base } = options;
  const home = mkdtempSync(path.join(tmpdir(), "intramuros-call-"));
  const address = `127.29.${options.net}.10`;
  const healthPorts = { sip: base + 30, telephony: base + 31, inference: base + 32 };
  mkdirSync(path.join(home, "keys"), { mode: 0o700 });
  writeFileSync(path.join(home, "keys/master.key"), randomBytes(32).toString("hex"), { mode: 0o600 });
  writeFileSync(path.join(home, "keys/sip-control.secret"), randomBytes(16).toString("hex"), { mode: 0o600 });
  const config = {
    sip: {
      listen: [`udp:${address}:${base + 60}`, `tcp:${address}:${base + 60}`],
      controlPort: base + 22,
      healthPort: healthPorts.sip,
    },
    telephony: {
      healthPort: healthPorts.telephony,
      rtpPortMin: 23_400,
      rtpPortMax: 23_999,
      ...options.telephony,
    },
    inference: { healthPort: healthPorts.inference },
  };
  writeFileSync(path.join(home, "config.json"), JSON.stringify(config));
  const running = new Map<ProcessName, { readonly child: ChildProcess; readonly over: Promise<number | null> }>();
  const printed = new Map<ProcessName, string>();
  // A test that is stopped leaves nothing behind.
  process.on("exit", () => {
    for (const { child } of running.values()) child.kill("SIGKILL");
  });
  const control = new telephonyV1.CallControl(telephonyAddress(home), grpc.credentials.createInsecure());

  const deadOnSignal = (): never => process.exit(1);
  process.once("SIGTERM", deadOnSignal);
  const house: House = {
    home,
    sip: { address, port: base + 60 },
    healthPorts,
    async start(name) {
      const child = spawn(process.execPath, [path.join(repository, MAINS[name])], {
        cwd: repository,
        env: { ...process.env, INTRAMUROS_HOME: home },
        stdio: ["ignore", "pipe", "pipe"],
      });
      const over = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
      running.set(name, { child, over });
      for (const stream of [child.stdout, child.stderr]) {
        stream.on("data", (chunk: Buffer) =>
          printed.set(name, ((printed.get(name) ?? "") + chunk.toString()).slice(-400_000)),
        );
      }
      let answers = 0;
      await until(`${name} alive`, async () => {
        if (child.exitCode !== null) throw new Error(`${name} ended: ${printed.get(name)}`);
        const reply = await fetch(`http://127.0.0.1:${healthPorts[name]}/healthz`).catch(() => null);
        // Twice: the first might be another program's that has the port, of which ours is about to die.
        return reply?.ok === true && ++answers > 4;
      });
    },
    async stop(name, signal = "SIGTERM") {
      const entry = running.get(name);
      if (entry === undefined) return null;
      running.delete(name);
      entry.child.kill(signal);
      return entry.over;
    },
    printed: (name) => printed.get(name) ?? "",
    status: () =>
      new Promise((resolve, reject) => {
        control.getStatus({}, { deadline: Date.now() + 2000 }, (error, reply) =>
          error === null && reply !== undefined ? resolve(reply) : reject(error),
        );
      }),
    async close() {
      control.close();
      for (const name of [...running.keys()]) await house.stop(name);
      if (process.env.KEEP_HOME === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
  return house;
}

/** The appliance's end: collects events, acknowledges them if wanted, answers. */
export class Attached {
  readonly events: CallEventMessage[] = [];
  readonly #client: InstanceType<typeof telephonyV1.CallControl>;
  readonly #stream: ReturnType<InstanceType<typeof telephonyV1.CallControl>["attach"]>;
  readonly #acknowledge: boolean;
  onEvent: (event: CallEventMessage) => void = () => undefined;
  isOver = false;

  constructor(
    home: string,
    options: {
      readonly setup: SetupInit;
      readonly lastStoredSeq?: number;
      readonly logId?: string;
      readonly acknowledge?: boolean;
    },
  ) {
    this.#acknowledge = options.acknowledge ?? true;
    this.#client = new telephonyV1.CallControl(telephonyAddress(home), grpc.credentials.createInsecure());
    this.#stream = this.#client.attach();
    const { setup, lastStoredSeq = 0, logId = "" } = options;
    this.send({ hello: { lastStoredSeq, logId, setup } });
    this.#stream.on("data", (event: CallEventMessage) => {
      this.events.push(event);
      if (this.#acknowledge && event.seq > 0) this.send({ ack: { seq: event.seq } });
      this.onEvent(event);
    });
    this.#stream.on("error", () => {
      this.isOver = true;
    });
    this.#stream.on("end", () => {
      this.isOver = true;
    });
  }

  send(command: CommandInit): void {
    this.#stream.write(command);
  }

  /** The first event of this kind after `from`; waits for it. */
  async wait<Body extends NonNullable<CallEventMessage["body"]>>(
    body: Body,
    check: (value: NonNullable<CallEventMessage[Body]>, event: CallEventMessage) => boolean = () => true,
    limitMs = 15_000,
  ): Promise<CallEventMessage> {
    let found: CallEventMessage | undefined;
    await until(
      `event ${body} (seen: ${[...new Set(this.events.map((event) => event.body))].join(", ")})`,
      () => {
        found = this.events.find(
          (event) => event.body === body && check(event[body] as NonNullable<CallEventMessage[Body]>, event),
        );
        return found !== undefined;
      },
      limitMs,
    );
    return found!;
  }

  of(callId: string): readonly CallEventMessage[] {
    return this.events.filter((event) => event.callId === callId);
  }

  close(): void {
    this.#stream.cancel();
    this.#client.close();
  }
}

export async function until(what: string, ready: () => boolean | Promise<boolean>, limitMs = 30_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (Date.now() < end) {
    if (await ready()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what}: not within ${limitMs} ms`);
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A flow in English with a menu; what a test does not name is short. */
export const testFlow = (change: Record<string, unknown> = {}) => ({
  id: "flow-1",
  name: "test",
  language: "en",
  greeting: "Hello, this is the assistant. Please ask your question.",
  menuPrompt: "For opening hours press one. For a person press zero.",
  menu: [
    { digit: "1", action: "say", text: "We are open from nine to five." },
    { digit: "0", action: "handoff" },
    { digit: "*", action: "repeat" },
    { digit: "9", action: "hang-up" },
  ],
  queueId: "queue-1",
  noInputPrompt: "Are you there?",
  noMatchPrompt: "I did not understand.",
  handoffPrompt: "One moment please.",
  messagePrompt: "Please leave a message.",
  goodbyePrompt: "Goodbye.",
  noInputMs: 6000,
  maxNoInput: 3,
  ...change,
});

/** One trunk of the loopback network `callers`, one number for all, one queue with one phone. */
export const testSetup = (callers: string, flow = testFlow(), change: Partial<SetupInit> = {}): SetupInit => ({
  revision: 1,
  trunks: [
    {
      id: "trunk-1",
      formJson: JSON.stringify(trunkInput({ name: "test", addresses: [callers] })),
    },
  ],
  numbers: [{ id: "number-1", trunkId: "", pattern: "*", flowId: "flow-1" }],
  flows: [flow],
  queues: [{ id: "queue-1", name: "people", phoneIds: ["phone-1"], ringSeconds: 5 }],
  phones: [{ id: "phone-1", name: "Desk", username: "desk", password: "secret-of-desk" }],
  ...change,
});
