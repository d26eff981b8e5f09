import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { AppError } from "@intramuros/contracts/faults";
import { floatsOf, int16Of, samplesOf } from "../audio/pcm.ts";
import { Resampler } from "../audio/resample.ts";
import { wavHeader } from "../audio/wav.ts";
import { type ShapeState, shape } from "./shape.ts";
import { type VoiceRequest, voiceCommand } from "./voice.ts";

const PROGRAM = "espeak-ng";
export const ESPEAK_HINT = "install it: apt-get install espeak-ng";
const TIMEOUT_MS = 20_000;
const MAX_WAITING = 200;

export interface EspeakProgram {
  readonly version: string;
  /** Of the executable, so that what was said can be traced to what said it. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** The program on this machine, or null when there is none. */
export function findEspeak(searchPath = process.env.PATH ?? ""): EspeakProgram | null {
  const file = searchPath
    .split(path.delimiter)
    .map((folder) => path.join(folder, PROGRAM))
    .find((candidate) => existsSync(candidate));
  if (!file) return null;
  const result = spawnSync(file, ["--version"], { encoding: "utf8", timeout: 5_000 });
  const version = /(\d+\.\d+(?:\.\d+)?)/.exec(result.stdout ?? "")?.[1];
  if (!version) return null;
  const bytes = readFileSync(file);
  return { version, sha256: createHash("sha256").update(bytes).digest("hex"), sizeBytes: bytes.length };
}

/** espeak-ng as a process of its own for each text; at most `concurrency` run at once, the others wait their turn. */
export class EspeakGateway {
  readonly #program: string;
  readonly #concurrency: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(options: { readonly concurrency: number; readonly program?: string }) {
    this.#program = options.program ?? PROGRAM;
    this.#concurrency = options.concurrency;
  }

  async *speak(request: VoiceRequest & { readonly rateHz: number }, signal: AbortSignal): AsyncIterable<Int16Array> {
    const command = voiceCommand(request);
    if (!command) return;
    await this.#enter(signal);
    try {
      signal.throwIfAborted();
      yield* this.#run(command, request.rateHz, signal);
    } finally {
      this.#leave();
    }
  }

  async *#run(
    command: { readonly args: readonly string[]; readonly input: string },
    rateHz: number,
    signal: AbortSignal,
  ): AsyncIterable<Int16Array> {
    const child = spawn(this.#program, command.args, {
      stdio: ["pipe", "pipe", "pipe"],
      env: { PATH: process.env.PATH ?? "/usr/bin:/bin" },
    });
    const ended = exitOf(child);
    const stop = (): void => void child.kill("SIGKILL");
    const timer = setTimeout(stop, TIMEOUT_MS);
    signal.addEventListener("abort", stop, { once: true });
    child.stdin.on("error", () => undefined); // a process that is gone is reported by its exit
    child.stderr.resume();
    child.stdin.end(command.input);
    try {
      yield* voiceSamples(child.stdout, rateHz);
      const failure = await ended;
      if (failure && !signal.aborted) throw failure;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      stop();
    }
  }

  async #enter(signal: AbortSignal): Promise<void> {
    if (this.#running < this.#concurrency) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= MAX_WAITING) {
      throw new AppError({
        code: "voice-overloaded",
        message: "too many texts wait to be spoken",
        hint: "fewer calls at once, or more cores",
      });
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
    if (signal.aborted) {
      this.#leave();
      signal.throwIfAborted();
    }
  }

  #leave(): void {
    this.#running -= 1;
    this.#waiting.shift()?.();
  }
}

function exitOf(child: ChildProcessWithoutNullStreams): Promise<AppError | null> {
  return new Promise((resolve) => {
    child.on("error", (cause: NodeJS.ErrnoException) => {
      const missing = cause.code === "ENOENT";
      resolve(
        new AppError({
          code: missing ? "voice-missing" : "voice-failed",
          message: missing ? "espeak-ng is not installed" : `espeak-ng cannot be started: ${cause.message}`,
          hint: ESPEAK_HINT,
          cause,
        }),
      );
    });
    child.on("close", (code, killedBy) => {
      if (code === 0) return resolve(null);
      const how = code === null ? `was stopped by ${killedBy} (${TIMEOUT_MS} ms at most)` : `ended with code ${code}`;
      resolve(new AppError({ code: "voice-failed", message: `espeak-ng ${how}`, hint: "try the text again, shorter" }));
    });
  });
}

/** WAV as it comes from the pipe → shaped samples at the wanted rate. */
async function* voiceSamples(stdout: AsyncIterable<Buffer>, rateHz: number): AsyncIterable<Int16Array> {
  let held: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  let resampler: Resampler | null = null;
  let state: ShapeState = { begun: false };
  const shaped = (floats: Float32Array): Int16Array => {
    const result = shape(state, floats, rateHz);
    state = result.state;
    return int16Of(result.samples);
  };
  for await (const chunk of stdout) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    if (!resampler) {
      const header = wavHeader(held);
      if (!header) continue;
      resampler = new Resampler({ fromHz: header.rateHz, toHz: rateHz });
      held = held.subarray(header.dataAt);
    }
    const even = held.length & ~1;
    const samples = shaped(resampler.push(floatsOf(samplesOf(held.subarray(0, even)))));
    held = held.subarray(even);
    if (samples.length > 0) yield samples;
  }
  if (resampler) {
    const tail = shaped(resampler.finish());
    if (tail.length > 0) yield tail;
  }
}
