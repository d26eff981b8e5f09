import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { AppError, type Logger } from "@intramuros/contracts";
import type { ModelIdentity } from "../model/model-state.ts";
import type { ModelRegistry } from "../model/registry-driver.ts";
import { ESPEAK_HINT } from "./espeak-gateway.ts";
import type { Synthesizer } from "./synthesizer.ts";
import type { VoiceRequest } from "./voice.ts";
import type { HostReply, HostRequest } from "./voice-host-messages.ts";

const RESTART_MS = 500;
const MAX_HELD_CHUNKS = 4000; // 4,000 characters of speech come to far less; a reader that stands still must not fill the memory

interface Job {
  readonly chunks: Int16Array[];
  ended: boolean;
  failure: AppError | null;
  wake: () => void;
}

/** The voice as this process sees it: texts go to the voice host, samples come back. A host that dies is started again. */
export class VoiceClient implements Synthesizer {
  readonly model: ModelIdentity;
  readonly #registry: ModelRegistry;
  readonly #log: Logger;
  readonly #concurrency: number;
  readonly #jobs = new Map<number, Job>();
  #host: ChildProcess | null = null;
  #nextJob = 1;
  #closed = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: {
    readonly model: ModelIdentity;
    readonly concurrency: number;
    readonly registry: ModelRegistry;
    readonly log: Logger;
  }) {
    this.model = options.model;
    this.#registry = options.registry;
    this.#log = options.log;
    this.#concurrency = options.concurrency;
    this.#start();
  }

  async *speak(request: VoiceRequest & { readonly rateHz: number }, signal: AbortSignal): AsyncIterable<Int16Array> {
    const job: Job = { chunks: [], ended: false, failure: null, wake: () => undefined };
    const id = this.#nextJob++;
    const startedAt = performance.now();
    if (!this.#host?.connected) throw restarting();
    const { text, language, rate, rateHz } = request;
    this.#jobs.set(id, job);
    this.#send({ type: "speak", job: id, text, language, rate, rateHz });
    const stop = (): void => {
      this.#send({ type: "stop", job: id });
      this.#end(id, null);
    };
    signal.addEventListener("abort", stop, { once: true });
    let first = true;
    try {
      for (;;) {
        signal.throwIfAborted();
        const samples = job.chunks.shift();
        if (samples) {
          if (first) this.#spoke(performance.now() - startedAt);
          first = false;
          yield samples;
        } else if (job.ended) break;
        else await new Promise<void>((resolve) => (job.wake = resolve));
      }
      if (job.failure) throw job.failure;
    } finally {
      signal.removeEventListener("abort", stop);
      if (!job.ended) stop();
      this.#jobs.delete(id);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    const host = this.#host;
    if (!host || host.exitCode !== null || host.signalCode !== null) return;
    const gone = new Promise((resolve) => host.once("exit", resolve));
    if (host.connected) host.disconnect();
    const timer = setTimeout(() => host.kill("SIGKILL"), 1_000);
    await gone;
    clearTimeout(timer);
  }

  /** The process id of the host, for those who watch processes. */
  get hostPid(): number | undefined {
    return this.#host?.pid;
  }

  #start(): void {
    const module = fileURLToPath(new URL("./voice-host-driver.ts", import.meta.url));
    const env = { PATH: process.env.PATH ?? "/usr/bin:/bin" };
    const host = fork(module, [String(this.#concurrency)], {
      serialization: "advanced",
      env,
      execArgv: [],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    this.#host = host;
    host.on("message", (message) => this.#answered(message as HostReply));
    host.on("error", (error) => this.#lost(host, error.message));
    host.on("exit", (code, signal) => this.#lost(host, `ended with ${code ?? signal}`));
  }

  #lost(host: ChildProcess, reason: string): void {
    if (this.#host !== host) return;
    this.#host = null;
    for (const id of this.#jobs.keys()) this.#end(id, restarting());
    if (this.#closed) return;
    this.#log.error({ reason, restartMs: RESTART_MS }, "voice host lost");
    this.#timer = setTimeout(() => this.#start(), RESTART_MS);
  }

  #send(message: HostRequest): void {
    if (this.#host?.connected) this.#host.send(message, () => undefined); // a host that is gone is reported by its exit
  }

  #answered(reply: HostReply): void {
    const job = this.#jobs.get(reply.job);
    if (!job) return;
    switch (reply.type) {
      case "audio":
        job.chunks.push(reply.samples);
        job.wake();
        if (job.chunks.length > MAX_HELD_CHUNKS) this.#send({ type: "stop", job: reply.job });
        break;
      case "done":
        this.#end(reply.job, null);
        break;
      case "failed":
        if (reply.code === "voice-missing") {
          this.#registry.update(this.model.id, { availability: { at: "missing", reason: ESPEAK_HINT } });
        }
        this.#end(reply.job, new AppError({ code: reply.code, message: reply.message, hint: reply.hint }));
        break;
    }
  }

  #end(id: number, failure: AppError | null): void {
    const job = this.#jobs.get(id);
    if (!job || job.ended) return;
    job.ended = true;
    job.failure = failure;
    job.wake();
  }

  #spoke(ms: number): void {
    this.#registry.timed(this.model.id, ms);
    if (this.#registry.get(this.model.id)?.availability.at !== "ready") {
      this.#registry.update(this.model.id, { availability: { at: "ready" } });
    }
  }
}

const restarting = (): AppError =>
  new AppError({ code: "voice-failed", message: "the voice is being started again", hint: "try again in a second" });
