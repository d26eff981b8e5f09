/**
 * Polyphase windowed-sinc resampling between rates with a small ratio (8 ↔ 16 kHz, 22.05 → 8 kHz is 441:160). The low-pass sits
 * below the smaller Nyquist frequency; the window is Kaiser's, about 70 dB down in the stop band.
 */
export interface ResamplerDesign {
  readonly up: number;
  readonly down: number;
  /** One row of taps for each of the `up` phases. */
  readonly phases: readonly Float32Array[];
  readonly tapsPerPhase: number;
}

const HALF_WIDTH = 20; // input samples each side of the centre, at the smaller rate
const KAISER_BETA = 7;

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

function besselI0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; k < 40; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

export function designResampler(rates: { readonly fromHz: number; readonly toHz: number }): ResamplerDesign {
  const divisor = gcd(rates.fromHz, rates.toHz);
  const up = rates.toHz / divisor;
  const down = rates.fromHz / divisor;
  // Cut-off as a share of the input's Nyquist; 0.94 leaves room for the transition band.
  const cutoff = Math.min(1, up / down) * 0.94;
  const half = Math.ceil(HALF_WIDTH / Math.min(1, up / down));
  const tapsPerPhase = half * 2;
  const phases: Float32Array[] = [];
  for (let phase = 0; phase < up; phase++) {
    const taps = new Float32Array(tapsPerPhase);
    let sum = 0;
    for (let k = 0; k < tapsPerPhase; k++) {
      const t = k - half + 1 - phase / up; // distance in input samples from the output's place
      const x = Math.PI * t * cutoff;
      const sinc = x === 0 ? 1 : Math.sin(x) / x;
      const edge = t / half;
      const window =
        Math.abs(edge) >= 1 ? 0 : besselI0(KAISER_BETA * Math.sqrt(1 - edge * edge)) / besselI0(KAISER_BETA);
      taps[k] = cutoff * sinc * window;
      sum += taps[k]!;
    }
    for (let k = 0; k < tapsPerPhase; k++) taps[k]! /= sum;
    phases.push(taps);
  }
  return { up, down, phases, tapsPerPhase };
}

const designs = new Map<string, ResamplerDesign>();
function designFor(fromHz: number, toHz: number): ResamplerDesign {
  const key = `${fromHz}:${toHz}`;
  const known = designs.get(key);
  if (known) return known;
  const made = designResampler({ fromHz, toHz });
  designs.set(key, made);
  return made;
}

/** Resamples a stream piece by piece; the pieces' seams are not heard. Equal rates pass through. */
export class Resampler {
  readonly #design: ResamplerDesign | null;
  #pending: Float32Array;
  /** Place of the next output, in 1/up input samples from the start of `#pending`'s centre. */
  #position = 0;
  readonly #half: number;

  constructor(rates: { readonly fromHz: number; readonly toHz: number }) {
    this.#design = rates.fromHz === rates.toHz ? null : designFor(rates.fromHz, rates.toHz);
    this.#half = this.#design ? this.#design.tapsPerPhase / 2 : 0;
    this.#pending = new Float32Array(Math.max(0, this.#half - 1));
  }

  push(input: Float32Array): Float32Array {
    const design = this.#design;
    if (!design) return input;
    const samples = new Float32Array(this.#pending.length + input.length);
    samples.set(this.#pending);
    samples.set(input, this.#pending.length);
    const { up, down, tapsPerPhase } = design;
    const lastStart = samples.length - tapsPerPhase;
    const count = lastStart < 0 ? 0 : Math.max(0, Math.floor((lastStart * up + up - 1 - this.#position) / down) + 1);
    const output = new Float32Array(count);
    let position = this.#position;
    for (let at = 0; at < count; at++) {
      const start = Math.floor(position / up);
      const taps = design.phases[position % up]!;
      let sum = 0;
      for (let k = 0; k < tapsPerPhase; k++) sum += samples[start + k]! * taps[k]!;
      output[at] = sum;
      position += down;
    }
    const used = Math.min(Math.floor(position / up), samples.length);
    this.#pending = samples.slice(used);
    this.#position = position - used * up;
    return output;
  }

  /** The tail that still waits for samples to come. */
  finish(): Float32Array {
    return this.push(new Float32Array(this.#half));
  }
}

/** Resamples a whole clip. */
export function resample(input: Float32Array, rates: { readonly fromHz: number; readonly toHz: number }): Float32Array {
  if (rates.fromHz === rates.toHz) return input;
  const resampler = new Resampler(rates);
  const head = resampler.push(input);
  const tail = resampler.finish();
  const whole = new Float32Array(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}
