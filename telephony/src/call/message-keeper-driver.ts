import type { Logger } from "@intramuros/contracts";
import type { EventBody } from "./event-log-store.ts";
import { RECORDING_HZ, Recorder } from "./recorder.ts";
import type { RecordingStore } from "./recording-store.ts";

export interface MessageKeeperDeps {
  readonly callId: string;
  readonly recordings: RecordingStore;
  readonly log: Logger;
  readonly emit: (body: EventBody) => void;
}

/** Records a caller's message and keeps it sealed. */
export class MessageKeeper {
  readonly #deps: MessageKeeperDeps;
  #recorder: Recorder | null = null;
  #saving: Promise<void> = Promise.resolve();
  #hasSaved = false;

  constructor(deps: MessageKeeperDeps) {
    this.#deps = deps;
  }

  get hasSaved(): boolean {
    return this.#hasSaved;
  }

  record(): void {
    this.#recorder = new Recorder();
  }

  frame(samples: Int16Array, sampleRateHz: 8000 | 16000): void {
    this.#recorder?.add(samples, sampleRateHz);
  }

  forget(): void {
    this.#recorder = null;
  }

  /** Writes the file, then tells of the message. */
  save(taken: { readonly durationMs: number; readonly transcript: string }): void {
    const recorder = this.#recorder;
    this.#recorder = null;
    if (recorder === null) return;
    this.#hasSaved = true;
    const { durationMs, transcript } = taken;
    const { callId, recordings, log, emit } = this.#deps;
    this.#saving = recordings.save(callId, recorder.samples(), RECORDING_HZ).then(
      (recordingPath) => emit({ messageTaken: { recordingPath, durationMs, transcript } }),
      (error: unknown) => {
        log.error({ err: error, callId }, "a message could not be kept");
        emit({ messageTaken: { recordingPath: "", durationMs, transcript } });
        const hint = "see whether the disk is full";
        emit({ degraded: { reason: "a message could not be kept; only its words are", hint } });
      },
    );
  }

  /** Resolves when what was begun is on the disk, or has failed. */
  settled(): Promise<void> {
    return this.#saving;
  }
}
