/** Silero's frame: 32 ms, and the samples before it that the model wants to see again. */
export const FRAME_MS = 32;
export const frameSamples = (rateHz: number): number => (rateHz * FRAME_MS) / 1000;
export const contextSamples = (rateHz: number): number => rateHz / 250;

/** Main thread → worker. A stream that the worker does not know begins with a silent past. */
export type VadRequest =
  | {
      readonly type: "frame";
      readonly stream: number;
      readonly rateHz: number;
      readonly index: number;
      readonly samples: Float32Array;
    }
  | { readonly type: "forget"; readonly stream: number };

/** Worker → main thread: one answer for each frame of a batch, and what the batch took. */
export interface VadReply {
  readonly type: "activity";
  readonly frames: readonly { readonly stream: number; readonly index: number; readonly probability: number }[];
  readonly ms: number;
}
