/** Trims the silence before the first sound and brings the voice to one level, piece by piece. */
export interface ShapeState {
  readonly begun: boolean;
}
const SOUND = 0.01; // about -40 dBFS
const LEAD_SAMPLES_MS = 10;
const GAIN = 1.6;
const KNEE = 0.7;

/** Gain with a soft knee, so that loud vowels are rounded, never clipped. */
export function level(sample: number): number {
  const wanted = Math.abs(sample) * GAIN;
  if (wanted <= KNEE) return sample * GAIN;
  return Math.sign(sample) * (KNEE + (1 - KNEE) * Math.tanh((wanted - KNEE) / (1 - KNEE)) * 0.95);
}

export function shape(
  state: ShapeState,
  samples: Float32Array,
  rateHz: number,
): { readonly state: ShapeState; readonly samples: Float32Array } {
  let from = 0;
  if (!state.begun) {
    const first = samples.findIndex((sample) => Math.abs(sample) > SOUND);
    if (first < 0) return { state, samples: new Float32Array(0) };
    from = Math.max(0, first - (rateHz * LEAD_SAMPLES_MS) / 1000);
  }
  return { state: { begun: true }, samples: samples.subarray(from).map(level) };
}
