import type { Logger } from "@intramuros/contracts";
import type { ModelRegistry } from "../model/registry-driver.ts";
import { WorkerLink } from "../worker/link-driver.ts";
import type { VadReply, VadRequest } from "./frames.ts";
import type { VoiceDetector, VoiceStream } from "./voice-detector.ts";

interface OpenStream {
  readonly onFrame: (index: number, probability: number | null) => void;
  /** Indices sent and not answered, oldest first. */
  readonly waiting: number[];
}

/** The main thread's end of voice detection. Frames that a dead worker held are answered with null, so that no stream waits. */
export class VadClient implements VoiceDetector {
  readonly #link: WorkerLink;
  readonly #streams = new Map<number, OpenStream>();
  #nextStream = 1;

  constructor(options: {
    readonly modelId: string;
    readonly file: string;
    readonly registry: ModelRegistry;
    readonly log: Logger;
  }) {
    const { modelId, registry } = options;
    this.#link = new WorkerLink({
      name: "vad",
      module: new URL("./vad-worker-driver.ts", import.meta.url),
      workerData: { file: options.file },
      log: options.log,
      startTimeoutMs: 30_000,
      onReady: () => registry.update(modelId, { availability: { at: "ready" } }),
      onUnusable: (reason) => {
        registry.update(modelId, { availability: { at: "failed", reason: `cannot be loaded: ${reason}` } });
        this.#giveUpWaiting();
      },
      onMessage: (message) => this.#answered(message as VadReply, (ms) => registry.timed(modelId, ms)),
      onLost: (reason) => {
        registry.update(modelId, {
          availability: { at: "failed", reason: `its thread ended and starts again: ${reason}` },
        });
        this.#giveUpWaiting();
      },
    });
  }

  get isReady(): boolean {
    return this.#link.isReady;
  }

  open(rateHz: number, onFrame: OpenStream["onFrame"]): VoiceStream {
    const stream = this.#nextStream++;
    const open: OpenStream = { onFrame, waiting: [] };
    this.#streams.set(stream, open);
    let index = 0;
    return {
      push: (samples) => {
        const at = index++;
        if (!this.#link.isReady) {
          queueMicrotask(() => onFrame(at, null));
          return open.waiting.length;
        }
        open.waiting.push(at);
        const request: VadRequest = { type: "frame", stream, rateHz, index: at, samples };
        this.#link.send(request, [samples.buffer as ArrayBuffer]);
        return open.waiting.length;
      },
      close: () => {
        this.#streams.delete(stream);
        const request: VadRequest = { type: "forget", stream };
        if (this.#link.isReady) this.#link.send(request);
      },
    };
  }

  /** Ends the thread and starts another; streams go on. */
  replace(reason: string): void {
    this.#link.replace(reason);
  }

  close(): Promise<void> {
    return this.#link.close();
  }

  #answered(reply: VadReply, timed: (ms: number) => void): void {
    timed(reply.ms / reply.frames.length);
    for (const frame of reply.frames) {
      const open = this.#streams.get(frame.stream);
      if (!open) continue;
      open.waiting.shift();
      open.onFrame(frame.index, frame.probability);
    }
  }

  #giveUpWaiting(): void {
    for (const open of this.#streams.values()) {
      for (const index of open.waiting.splice(0)) open.onFrame(index, null);
    }
  }
}
