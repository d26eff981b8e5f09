import { Worker } from "node:worker_threads";
import { AppError, type Logger } from "@intramuros/contracts";
import { DISMISSED, type WorkerHello } from "./hello.ts";

export interface LinkOptions {
  readonly name: string;
  readonly module: URL;
  readonly workerData: unknown;
  readonly log: Logger;
  /** A worker that has not said hello by then is started again. */
  readonly startTimeoutMs: number;
  onReady(): void;
  onUnusable(reason: string): void;
  onMessage(message: unknown): void;
  /** The thread is gone; what it was doing is lost. It is started again by itself. */
  onLost(reason: string): void;
}

const FIRST_RESTART_MS = 100;
const LONGEST_RESTART_MS = 10_000;
const CLOSE_MS = 3_000;

/**
 * Tells a thread to end by itself. `terminate` is never used: a thread that is cut off inside onnxruntime takes the whole process
 * with it. One that hangs for good stays until the process ends; it no longer counts.
 */
function dismiss(worker: Worker): void {
  worker.removeAllListeners("message");
  worker.postMessage(DISMISSED);
  worker.unref();
}

/**
 * Keeps one worker thread running.
 *
 *     starting → ready      hello "ready"
 *     starting → unusable   hello "unusable": the model cannot be loaded; no restart helps
 *     starting, ready → waiting → starting   the thread died or was replaced; back-off 0.1 … 10 s
 *     any → closed          close()
 */
export class WorkerLink {
  readonly #options: LinkOptions;
  #worker: Worker | null = null;
  #state: "starting" | "ready" | "unusable" | "waiting" | "closed" = "starting";
  #restartMs = FIRST_RESTART_MS;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#start();
  }

  get isReady(): boolean {
    return this.#state === "ready";
  }

  send(message: unknown, transfer: readonly ArrayBuffer[] = []): void {
    if (this.#state !== "ready") {
      throw new AppError({
        code: "worker-not-ready",
        message: `the ${this.#options.name} worker is not running`,
        hint: "it starts again by itself; look at the log for why it stopped",
      });
    }
    this.#worker?.postMessage(message, [...transfer]);
  }

  /** Gives the thread up and starts another, for work that has passed its deadline. */
  replace(reason: string): void {
    if (this.#state === "closed" || this.#state === "waiting") return;
    this.#lose(reason);
  }

  /** Waits for the thread to end what it is at; one that does not end in time goes with the process. */
  async close(): Promise<void> {
    this.#state = "closed";
    if (this.#timer) clearTimeout(this.#timer);
    const worker = this.#worker;
    if (!worker) return;
    const gone = new Promise((resolve) => worker.once("exit", resolve));
    dismiss(worker);
    await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, CLOSE_MS).unref())]);
  }

  #start(): void {
    const { module, workerData, startTimeoutMs } = this.#options;
    this.#state = "starting";
    const worker = new Worker(module, { workerData, name: this.#options.name });
    this.#worker = worker;
    this.#timer = setTimeout(() => this.#lose(`not ready after ${startTimeoutMs} ms`), startTimeoutMs);
    worker.on("message", (message: unknown) => {
      if (worker !== this.#worker) return;
      if (this.#state === "starting") this.#greeted(message as WorkerHello);
      else if (this.#state === "ready") this.#options.onMessage(message);
    });
    worker.on("error", (error) => {
      if (worker === this.#worker) this.#lose(error instanceof Error ? error.message : String(error));
    });
    worker.on("exit", (code) => {
      if (worker === this.#worker) this.#lose(`the thread ended with code ${code}`);
    });
  }

  #greeted(hello: WorkerHello): void {
    if (this.#timer) clearTimeout(this.#timer);
    if (hello.type === "ready") {
      this.#state = "ready";
      this.#restartMs = FIRST_RESTART_MS;
      this.#options.onReady();
      return;
    }
    this.#state = "unusable";
    this.#options.onUnusable(hello.reason);
  }

  #lose(reason: string): void {
    if (this.#state === "closed" || this.#state === "unusable" || this.#state === "waiting") return;
    this.#state = "waiting";
    if (this.#timer) clearTimeout(this.#timer);
    const worker = this.#worker;
    this.#worker = null;
    if (worker) dismiss(worker);
    this.#options.log.error({ worker: this.#options.name, reason, restartMs: this.#restartMs }, "worker lost");
    this.#options.onLost(reason);
    this.#timer = setTimeout(() => this.#start(), this.#restartMs);
    this.#restartMs = Math.min(LONGEST_RESTART_MS, this.#restartMs * 2);
  }
}
