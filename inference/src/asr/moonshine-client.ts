import type { Logger } from "@intramuros/contracts";
import type { ModelIdentity } from "../model/model-state.ts";
import type { ModelRegistry } from "../model/registry-driver.ts";
import { WorkerLink } from "../worker/link-driver.ts";
import type { AsrJobMessage, AsrReply, AsrWorkerData } from "./asr-messages.ts";
import { admit, next } from "./job-queue.ts";
import type { MoonshineFiles } from "./moonshine-files.ts";
import type {
  RecognitionOutcome,
  RecognitionRequest,
  RecognitionTicket,
  RecognitionUse,
  Recognizer,
} from "./recognizer.ts";

/** A recognition that has not begun by then is given up: nobody on the line waits longer. */
const WAIT_LIMIT_MS = 8_000;
/** One that has begun takes a second or two even on a busy machine; after this its thread is given up. */
const RUN_LIMIT_MS = 15_000;
const OVERLOADED = "the recognisers are busy";
const OVERLOAD_HINT = "fewer calls at once, more cores, or inference.asrModel moonshine-tiny-en";

interface Job {
  readonly id: number;
  use: RecognitionUse;
  readonly request: RecognitionRequest;
  readonly settle: (outcome: RecognitionOutcome) => void;
  deadline: NodeJS.Timeout;
}

interface Seat {
  readonly link: WorkerLink;
  readonly stop: Int32Array;
  job: Job | null;
}

export interface MoonshineClientOptions {
  readonly model: ModelIdentity;
  readonly files: MoonshineFiles;
  readonly workers: number;
  readonly maxQueued: number;
  readonly registry: ModelRegistry;
  readonly log: Logger;
}

/**
 * Several recognition threads behind one bounded queue. A final or a guess never waits for a partial: the partial is stopped.
 * A thread that dies fails its job, not the others.
 */
export class MoonshineClient implements Recognizer {
  readonly model: ModelIdentity;
  readonly #options: MoonshineClientOptions;
  readonly #seats: Seat[] = [];
  #waiting: readonly Job[] = [];
  #nextJob = 1;

  constructor(options: MoonshineClientOptions) {
    this.#options = options;
    this.model = options.model;
    for (let at = 0; at < options.workers; at++) this.#seats.push(this.#seat(at));
  }

  get queued(): number {
    return this.#waiting.length;
  }

  get isReady(): boolean {
    return this.#seats.some((seat) => seat.link.isReady);
  }

  recognise(request: RecognitionRequest): RecognitionTicket {
    const id = this.#nextJob++;
    const { promise, resolve } = Promise.withResolvers<RecognitionOutcome>();
    const deadline = setTimeout(() => this.#expireWaiting(id), WAIT_LIMIT_MS);
    const settle = (outcome: RecognitionOutcome): void => {
      clearTimeout(job.deadline);
      resolve(outcome);
    };
    const job: Job = { id, use: request.use, request, settle, deadline };
    if (job.use === "partial" && !this.#hasRoomForPartial()) {
      job.settle({ type: "cancelled" });
      return { outcome: promise, cancel: () => undefined, promote: () => undefined };
    }
    const admission = admit(this.#waiting, job, this.#options.maxQueued);
    this.#waiting = admission.waiting;
    admission.evicted?.settle({ type: "cancelled" });
    if (admission.admitted) this.#dispatch();
    else job.settle({ type: "refused", reason: OVERLOADED, hint: OVERLOAD_HINT });
    return { outcome: promise, cancel: () => this.#cancel(id), promote: () => this.#promote(job) };
  }

  /** Ends the threads and starts others; what they were doing fails. */
  replace(reason: string): void {
    for (const seat of this.#seats) seat.link.replace(reason);
  }

  async close(): Promise<void> {
    for (const job of this.#waiting) job.settle({ type: "cancelled" });
    this.#waiting = [];
    for (const seat of this.#seats) if (seat.job) Atomics.store(seat.stop, 0, seat.job.id);
    await Promise.all(this.#seats.map((seat) => seat.link.close()));
    for (const seat of this.#seats) this.#free(seat)?.settle({ type: "cancelled" });
  }

  #seat(at: number): Seat {
    const { model, files, registry, log } = this.#options;
    const stopFlag = new SharedArrayBuffer(4);
    const workerData: AsrWorkerData = { files, threads: 1, stopFlag };
    const availability = (reason: string): void => {
      if (!this.isReady) registry.update(model.id, { availability: { at: "failed", reason } });
    };
    const seat: Seat = {
      stop: new Int32Array(stopFlag),
      job: null,
      link: new WorkerLink({
        name: `asr-${at + 1}`,
        module: new URL("./asr-worker-driver.ts", import.meta.url),
        workerData,
        log,
        startTimeoutMs: 60_000,
        onReady: () => {
          registry.update(model.id, { availability: { at: "ready" } });
          this.#dispatch();
        },
        onUnusable: (reason) => availability(`cannot be loaded: ${reason}`),
        onMessage: (message) => this.#answered(seat, message as AsrReply),
        onLost: (reason) => {
          availability(`its thread ended and starts again: ${reason}`);
          this.#free(seat)?.settle({
            type: "failed",
            reason: "the recogniser stopped in the middle of an utterance",
            hint: "it starts again by itself",
          });
        },
      }),
    };
    return seat;
  }

  #dispatch(): void {
    for (;;) {
      const job = next(this.#waiting);
      if (!job) return;
      const seat = this.#seats.find((candidate) => candidate.link.isReady && candidate.job === null);
      if (!seat) {
        if (job.use !== "partial") this.#stopOnePartial();
        return;
      }
      this.#waiting = this.#waiting.filter((other) => other !== job);
      seat.job = job;
      clearTimeout(job.deadline);
      job.deadline = setTimeout(() => this.#expireRunning(seat, job), RUN_LIMIT_MS);
      Atomics.store(seat.stop, 0, 0);
      const message: AsrJobMessage = { job: job.id, samples: job.request.samples, rateHz: job.request.rateHz };
      seat.link.send(message);
    }
  }

  #stopOnePartial(): void {
    const stopping = this.#seats.some((seat) => seat.job !== null && Atomics.load(seat.stop, 0) === seat.job.id);
    const seat = this.#seats.find((candidate) => candidate.job?.use === "partial");
    if (seat?.job && !stopping) Atomics.store(seat.stop, 0, seat.job.id);
  }

  #answered(seat: Seat, reply: AsrReply): void {
    const job = this.#free(seat);
    if (job && job.id === reply.job) {
      switch (reply.type) {
        case "text":
          this.#options.registry.timed(this.model.id, reply.ms);
          job.settle({ type: "text", text: reply.text, confidence: reply.confidence, ms: reply.ms });
          break;
        case "stopped":
          job.settle({ type: "cancelled" });
          break;
        case "failed":
          job.settle({
            type: "failed",
            reason: `recognition failed: ${reply.reason}`,
            hint: "look at the models page",
          });
          break;
      }
    }
    this.#dispatch();
  }

  #free(seat: Seat): Job | null {
    const { job } = seat;
    seat.job = null;
    return job;
  }

  #cancel(id: number): void {
    const waiting = this.#waiting.find((job) => job.id === id);
    if (waiting) {
      this.#waiting = this.#waiting.filter((job) => job !== waiting);
      waiting.settle({ type: "cancelled" });
      return;
    }
    const seat = this.#seats.find((candidate) => candidate.job?.id === id);
    if (seat) Atomics.store(seat.stop, 0, id);
  }

  #promote(job: Job): void {
    job.use = "final";
  }

  /** Partials leave a thread free for what matters, unless there is only one. */
  #hasRoomForPartial(): boolean {
    const idle = this.#seats.filter((seat) => seat.link.isReady && seat.job === null).length;
    return this.#waiting.length === 0 && idle >= Math.min(2, this.#seats.length);
  }

  #expireWaiting(id: number): void {
    const waiting = this.#waiting.find((job) => job.id === id);
    this.#waiting = this.#waiting.filter((job) => job !== waiting);
    waiting?.settle({ type: "failed", reason: OVERLOADED, hint: OVERLOAD_HINT });
  }

  #expireRunning(seat: Seat, job: Job): void {
    if (seat.job !== job) return;
    this.#free(seat)?.settle({ type: "failed", reason: OVERLOADED, hint: OVERLOAD_HINT });
    seat.link.replace("a recognition passed its deadline");
  }
}
