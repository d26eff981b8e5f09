/** Port: tells how likely each 32 ms frame of a stream is speech. */
export interface VoiceDetector {
  open(rateHz: number, onFrame: (index: number, probability: number | null) => void): VoiceStream;
}

export interface VoiceStream {
  /** A whole frame. Answers come in order; null where the detector lost the frame. Returns how many frames now wait. */
  push(samples: Float32Array): number;
  close(): void;
}
