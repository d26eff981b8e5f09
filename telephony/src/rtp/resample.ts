/**
 * Sampling rates. `Doubler` and `Halver` take a stream between 8 and 16 kHz frame by frame (their state changes in place, delay
 * 3 ms); `resampleClip` takes a whole recording from any rate to any other. All are windowed-sinc low-passes (Kaiser, β 6.5: stop band
 * below -65 dB) with the edge at 3.75 kHz of 4, so that nothing of a telephone's band is lost and nothing folds back into it.
 */

const TAPS = 96;
const EDGE_HZ = 3750;
const BETA = 6.5;

/** Modified Bessel function of the first kind, order 0, by its series. */
function bessel0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; k < 40; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** Weight of a Kaiser window, `x` from -1 to 1. */
const kaiser = (x: number): number => (Math.abs(x) > 1 ? 0 : bessel0(BETA * Math.sqrt(1 - x * x)) / bessel0(BETA));

/** Low-pass at 16 kHz with gain 1. */
function lowPass(): Float64Array {
  const taps = new Float64Array(TAPS);
  const centre = (TAPS - 1) / 2;
  let sum = 0;
  for (let i = 0; i < TAPS; i++) {
    taps[i] = sinc(((i - centre) * 2 * EDGE_HZ) / 16000) * kaiser((i - centre) / (centre + 1));
    sum += taps[i]!;
  }
  return taps.map((tap) => tap / sum);
}
const LOW_PASS = lowPass();

const clip = (value: number): number => (value > 32767 ? 32767 : value < -32768 ? -32768 : Math.round(value));

/** 8 kHz to 16 kHz. */
export class Doubler {
  readonly #line = new Float64Array(TAPS / 2 + 480);

  /** Returns twice as many samples, in an array of its own. At most 480 at once. */
  process(input: Int16Array): Int16Array {
    const keep = TAPS / 2;
    const line = this.#line;
    for (let i = 0; i < input.length; i++) line[keep + i] = input[i]!;
    const out = new Int16Array(input.length * 2);
    for (let i = 0; i < input.length; i++) {
      let even = 0;
      let odd = 0;
      const newest = keep + i;
      for (let k = 0; k < keep; k++) {
        const sample = line[newest - k]!;
        even += sample * LOW_PASS[2 * k]!;
        odd += sample * LOW_PASS[2 * k + 1]!;
      }
      out[2 * i] = clip(2 * even);
      out[2 * i + 1] = clip(2 * odd);
    }
    line.copyWithin(0, input.length, input.length + keep);
    return out;
  }
}

/** 16 kHz to 8 kHz. */
export class Halver {
  readonly #line = new Float64Array(TAPS + 960);

  /** Returns half as many samples, in an array of its own. Takes an even number, at most 960 at once. */
  process(input: Int16Array): Int16Array {
    const line = this.#line;
    for (let i = 0; i < input.length; i++) line[TAPS + i] = input[i]!;
    const out = new Int16Array(input.length >> 1);
    for (let i = 0; i < out.length; i++) {
      let sum = 0;
      const newest = TAPS + 2 * i + 1;
      for (let k = 0; k < TAPS; k++) sum += line[newest - k]! * LOW_PASS[k]!;
      out[i] = clip(sum);
    }
    line.copyWithin(0, input.length, input.length + TAPS);
    return out;
  }
}

/** A whole recording at another rate. */
export function resampleClip(samples: Int16Array, fromHz: number, toHz: number): Int16Array {
  if (fromHz === toHz) return samples;
  const out = new Int16Array(Math.floor((samples.length * toHz) / fromHz));
  const cutoff = Math.min(1, toHz / fromHz) * 0.94; // of the input's half rate
  const reach = 24 / cutoff;
  for (let i = 0; i < out.length; i++) {
    const position = (i * fromHz) / toHz;
    const first = Math.max(0, Math.ceil(position - reach));
    const last = Math.min(samples.length - 1, Math.floor(position + reach));
    let sum = 0;
    for (let n = first; n <= last; n++) {
      const distance = n - position;
      sum += samples[n]! * sinc(distance * cutoff) * kaiser(distance / reach);
    }
    out[i] = clip(sum * cutoff);
  }
  return out;
}
