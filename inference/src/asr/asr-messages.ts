import type { MoonshineFiles } from "./moonshine-files.ts";

/** What an ASR worker is started with. `stopFlag[0]` holds the id of the job that is to stop, or 0. */
export interface AsrWorkerData {
  readonly files: MoonshineFiles;
  readonly threads: number;
  readonly stopFlag: SharedArrayBuffer;
}

export interface AsrJobMessage {
  readonly job: number;
  readonly samples: Int16Array;
  readonly rateHz: number;
}

export type AsrReply =
  | {
      readonly type: "text";
      readonly job: number;
      readonly text: string;
      readonly confidence: number;
      readonly ms: number;
    }
  | { readonly type: "stopped"; readonly job: number }
  | { readonly type: "failed"; readonly job: number; readonly reason: string };
