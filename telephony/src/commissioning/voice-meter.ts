/**
 * Tells voice from silence by energy, for a caller that hears a synthetic line: no model, so that the commissioning call measures
 * without what it measures.
 */
export interface VoiceMeter {
  /** True when the frame (20 ms) is voiced. */
  hear(samples: Int16Array): boolean;
}

/** About −45 dBFS: above the noise of G.711 silence, below the quietest vowel of a telephone voice. */
const FLOOR_RMS = 180;

export function createVoiceMeter(): VoiceMeter {
  return { hear: (samples) => rms(samples) > FLOOR_RMS };
}

export function rms(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}

/**
 * Cuts the silence at the end, so that the last sample sent is the end of speech. `frame` samples are judged at a time. The
 * beginning stays: a soft consonant there is below any threshold, and no word is complete without it.
 */
export function trimEnd(samples: Int16Array, frame: number): Int16Array {
  let last = samples.length;
  while (last >= frame && rms(samples.subarray(last - frame, last)) <= FLOOR_RMS) last -= frame;
  return samples.subarray(0, last);
}
