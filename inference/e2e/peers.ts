/** What the end-to-end tests share: a process of its own, clients, a telephone line and human speech. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import * as grpc from "@grpc/grpc-js";
import { channelOptions, inferenceAddress, inferenceV1 } from "@intramuros/contracts";
import { bytesOf, samplesOf } from "../src/audio/pcm.ts";
import { readWav } from "../src/audio/wav.ts";

export const here = path.dirname(fileURLToPath(import.meta.url));
const mainFile = path.join(here, "../src/main.ts");

export interface Peer {
  readonly root: string;
  readonly healthPort: number;
  readonly process: ChildProcess;
  readonly output: () => string;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export function makeHome(config: { readonly healthPort: number } & Record<string, unknown>): string {
  const root = mkdtempSync(path.join(tmpdir(), "intramuros-inference-"));
  mkdirSync(root, { recursive: true });
  writeFileSync(path.join(root, "config.json"), JSON.stringify({ inference: config }));
  return root;
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || !address) throw new Error("no port");
  return address.port;
}

/** Starts `main.ts` on a home of its own. */
export function startPeer(root: string, healthPort: number, env: NodeJS.ProcessEnv = process.env): Peer {
  const child = spawn(process.execPath, [mainFile], {
    env: { ...env, INTRAMUROS_HOME: root },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (output += chunk));
  const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
  process.once("exit", () => child.kill("SIGKILL")); // a test that was broken off leaves nothing behind
  const stop = async (signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    return ended;
  };
  return { root, healthPort, process: child, output: () => output, stop };
}

export async function untilReady(
  healthPort: number,
  withinMs = 60_000,
): Promise<{ ready: boolean; problems: string[] }> {
  for (const until = performance.now() + withinMs; performance.now() < until; await sleep(100)) {
    const answer = await fetch(`http://127.0.0.1:${healthPort}/readyz`).catch(() => null);
    if (answer?.status === 200) return (await answer.json()) as { ready: boolean; problems: string[] };
  }
  throw new Error(`not ready after ${withinMs} ms`);
}

export const removeHome = (root: string): void => rmSync(root, { recursive: true, force: true });

export interface Clients {
  readonly speech: InstanceType<typeof inferenceV1.Speech>;
  readonly synthesis: InstanceType<typeof inferenceV1.Synthesis>;
  readonly language: InstanceType<typeof inferenceV1.Language>;
  readonly models: InstanceType<typeof inferenceV1.Models>;
}

export function clientsOf(root: string): Clients {
  const address = inferenceAddress(root);
  const credentials = grpc.credentials.createInsecure();
  return {
    speech: new inferenceV1.Speech(address, credentials, channelOptions),
    synthesis: new inferenceV1.Synthesis(address, credentials, channelOptions),
    language: new inferenceV1.Language(address, credentials, channelOptions),
    models: new inferenceV1.Models(address, credentials, channelOptions),
  };
}

export async function speak(clients: Clients, text: string, language: "en" | "zh", rateHz = 8000) {
  const startedAt = performance.now();
  let firstMs = 0;
  const pieces: Buffer[] = [];
  for await (const message of clients.synthesis.Synthesize({ text, language, sampleRateHz: rateHz })) {
    firstMs ||= performance.now() - startedAt;
    pieces.push(message.audio);
  }
  return { firstMs, samples: samplesOf(Buffer.concat(pieces)) };
}

/** What G.711 µ-law leaves of a sample (ITU-T G.711). */
export function throughMuLaw(sample: number): number {
  const magnitude = Math.min(Math.abs(sample), 32_635) + 132;
  const exponent = Math.floor(Math.log2(magnitude)) - 7;
  const step = 2 ** (exponent + 3);
  const decoded = Math.floor(magnitude / step) * step + step / 2 - 132;
  return sample < 0 ? -decoded : decoded;
}
export const telephone = (samples: Int16Array): Int16Array => samples.map(throughMuLaw);

export const silence = (ms: number, rateHz = 8000): Int16Array => new Int16Array((rateHz * ms) / 1000);

export function joined(...parts: Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

type RawEvent = Awaited<ReturnType<ReturnType<Clients["speech"]["Recognize"]>["read"]>>;
export interface HeardEvent {
  /** Milliseconds since the first audio was sent. */
  readonly atMs: number;
  readonly event: NonNullable<RawEvent>;
}

export interface ListenOptions {
  readonly party?: "customer" | "agent";
  readonly language?: "en" | "zh";
  readonly rateHz?: number;
  readonly partials?: boolean;
  /** How many times faster than life. */
  readonly pace?: number;
}

/** Sends a clip in packets of 20 ms and collects what comes back. */
export async function listen(
  clients: Clients,
  samples: Int16Array,
  options: ListenOptions = {},
): Promise<HeardEvent[]> {
  const { party = "customer", language = "en", rateHz = 8000, partials = false, pace = 1 } = options;
  const call = clients.speech.Recognize();
  const events: HeardEvent[] = [];
  const startedAt = performance.now();
  const over = new Promise<void>((resolve, reject) => {
    call.on("data", (event) => events.push({ atMs: performance.now() - startedAt, event }));
    call.on("end", resolve);
    call.on("error", reject);
  });
  over.catch(() => undefined); // awaited below, after the audio
  call.write({ start: { streamId: "test", party, language, sampleRateHz: rateHz, partials } });
  const packet = rateHz / 50;
  for (let at = 0, count = 0; at < samples.length; at += packet, count++) {
    const waitMs = (count * 20) / pace - (performance.now() - startedAt);
    if (waitMs > 1) await sleep(waitMs);
    call.write({ audio: Buffer.from(bytesOf(samples.subarray(at, at + packet))) });
  }
  call.write({ finish: {} });
  call.end();
  await over;
  return events;
}

export const textOf = (events: readonly HeardEvent[]): string =>
  events.flatMap(({ event }) => (event.final ? [event.final.text] : [])).join(" ");

export interface Prompt {
  readonly file: string;
  readonly text: string;
}

/** Transcripts that are known without the test data, of Debian's prompts. */
const KNOWN: readonly (readonly [string, string])[] = [
  ["vm-goodbye", "Goodbye."],
  ["conf-locknow", "The conference is now locked."],
  ["conf-unlockednow", "The conference is now unlocked."],
  ["conf-kicked", "You have been kicked from this conference."],
  ["conf-onlyperson", "You are currently the only person in this conference."],
  ["pbx-invalid", "I'm sorry, that is not a valid extension. Please try again."],
  ["demo-thanks", "Thank you for trying out the Asterisk open source PBX. Goodbye."],
  ["vm-passchanged", "Your passwords have been changed."],
];

/** The folder of the English prompts of Debian's `asterisk-core-sounds-en-wav`, or null where the package is not there. */
export function promptsFolder(): string | null {
  try {
    const list = execFileSync("dpkg", ["-L", "asterisk-core-sounds-en-wav"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const first = list.split("\n").find((line) => line.endsWith(".wav"));
    return first ? path.dirname(first) : null;
  } catch {
    return null;
  }
}

export const testdataFolder = (): string =>
  process.env.INTRAMUROS_TESTDATA ?? path.join(here, "../../../shared/testdata");

/** Human speech with its text: the long prompts where the transcripts are at hand, else those whose text is known here. */
export function prompts(): Prompt[] {
  const folder = promptsFolder();
  if (!folder) return [];
  const transcripts = path.join(testdataFolder(), "asterisk-prompts", "transcripts.tsv");
  const known: (readonly [string, string])[] = existsSync(transcripts)
    ? readFileSync(transcripts, "utf8")
        .trim()
        .split("\n")
        .map((line) => line.split("\t"))
        .filter(([set]) => set === "long")
        .map(([, name, text]) => [name!, text!] as const)
    : [...KNOWN];
  return known
    .map(([name, text]) => ({ file: path.join(folder, `${name}.wav`), text }))
    .filter(({ file }) => existsSync(file));
}

export function promptSamples(prompt: Prompt): Int16Array {
  const wav = readWav(readFileSync(prompt.file));
  if (wav.type !== "pcm16" || wav.rateHz !== 8000) throw new Error(`${prompt.file}: not 8 kHz PCM`);
  return wav.samples;
}

/** Noise with the loudness of syllables, for timing where no recording is at hand. Nobody would take it for speech. */
export function speechLike(ms: number): Int16Array {
  let state = 1;
  return silence(ms).map((_, at) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return ((state / 2 ** 32 - 0.5) * 12_000 * (1 + Math.sin(at / 400))) / 2;
  });
}
