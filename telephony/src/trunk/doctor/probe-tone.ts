/**
 * A tone that is told from speech, ring tones, music and DTMF: what the doctor sends to find out where audio goes. Two pitches, so that
 * an echo of our own tone is told from the other leg's.
 */
export const PROBE_HZ = { there: 1209.5, back: 1804 } as const;
const LEVEL = 8000;
/** Share of a frame's energy at the pitch that makes it the tone: a pure tone through G.711 has over 0.99, speech rarely 0.5. */
const SHARE = 0.8;
/** Mean square below which a frame counts as silence: about −50 dBm0. */
const QUIET = 60 * 60;
const FRAMES_HEARD = 8;

export function probeTone(hz: number, ms: number, sampleRateHz: number): Int16Array {
  const samples = new Int16Array(Math.round((sampleRateHz * ms) / 1000));
  for (let i = 0; i < samples.length; i++) {
    samples[i] = Math.round(LEVEL * Math.sin((2 * Math.PI * hz * i) / sampleRateHz));
  }
  return samples;
}

/** Listens for one pitch; heard when it filled eight frames in a row. Changes its state in place. */
export class ProbeListener {
  readonly #hz: number;
  #run = 0;
  #heard = false;

  constructor(hz: number) {
    this.#hz = hz;
  }

  get heard(): boolean {
    return this.#heard;
  }

  /** One frame of the endpoint. */
  take(samples: Int16Array, sampleRateHz: number): void {
    this.#run = toneShare(samples, this.#hz, sampleRateHz) >= SHARE ? this.#run + 1 : 0;
    if (this.#run >= FRAMES_HEARD) this.#heard = true;
  }
}

/** Share of the energy that lies at one pitch, 0..1, by Goertzel's filter; 0 for silence. */
export function toneShare(samples: Int16Array, hz: number, sampleRateHz: number): number {
  const turn = 2 * Math.cos((2 * Math.PI * hz) / sampleRateHz);
  let before = 0;
  let last = 0;
  let energy = 0;
  for (const sample of samples) {
    const next = sample + turn * last - before;
    before = last;
    last = next;
    energy += sample * sample;
  }
  if (energy < QUIET * samples.length) return 0;
  const power = before * before + last * last - turn * before * last;
  return Math.min(1, (2 * power) / (samples.length * energy));
}
