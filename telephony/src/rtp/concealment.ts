/**
 * Hides lost packets as the idea of G.711 appendix I has it: the last pitch period is said again, without its 3.75 ms of delay,
 * and fades away from 10 ms to 60 ms; the first good sound after a gap is faded in from what was made up.
 */

const MIN_PITCH_MS = 5;
const MAX_PITCH_MS = 15;
const HOLD_MS = 10;
const GONE_MS = 60;
const RETURN_MS = 5;
const PERIODIC = 0.5; // normalised correlation above which the last sound counts as voiced

/** One direction of one call; `good` and `conceal` are called in the order of the sound. */
export class Concealer {
  readonly #perMs: number;
  readonly #history: Int16Array;
  readonly #cycle: Float32Array;
  #pitch = 0;
  #at = 0;
  #lostSamples = 0;
  #step = 0;
  #stepLeft = 0;

  constructor(sampleRateHz: number) {
    this.#perMs = sampleRateHz / 1000;
    this.#history = new Int16Array(3 * MAX_PITCH_MS * this.#perMs);
    this.#cycle = new Float32Array(MAX_PITCH_MS * this.#perMs);
  }

  /** Real sound; its first 5 ms after a gap are blended in place. */
  good(samples: Int16Array, from: number, to: number): void {
    if (this.#lostSamples > 0) {
      const blend = Math.min(RETURN_MS * this.#perMs, to - from);
      for (let i = 0; i < blend; i++) {
        const weight = (i + 1) / (blend + 1);
        samples[from + i] = Math.round(samples[from + i]! * weight + this.#next() * (1 - weight));
      }
      this.#lostSamples = 0;
    }
    this.#remember(samples, from, to);
  }

  /** Fills `samples[from..to)` with what might have been there. */
  conceal(samples: Int16Array, from: number, to: number): void {
    if (this.#lostSamples === 0) this.#prepare();
    for (let i = from; i < to; i++) samples[i] = Math.round(this.#next());
    this.#remember(samples, from, to);
  }

  /** True once the made-up sound has faded away. */
  get faded(): boolean {
    return this.#lostSamples >= GONE_MS * this.#perMs;
  }

  #next(): number {
    const lost = this.#lostSamples++;
    const hold = HOLD_MS * this.#perMs;
    const gone = GONE_MS * this.#perMs;
    if (lost >= gone) return 0;
    const gain = lost < hold ? 1 : (gone - lost) / (gone - hold);
    let value = this.#cycle[this.#at]!;
    this.#at = this.#at + 1 === this.#pitch ? 0 : this.#at + 1;
    if (this.#stepLeft > 0) value += (this.#step * this.#stepLeft--) / (this.#pitch >> 2);
    const out = value * gain;
    return out > 32767 ? 32767 : Math.max(out, -32768);
  }

  /** Takes the last period as the cycle; its last quarter leans towards the period before, so that it closes without a click. */
  #prepare(): void {
    const history = this.#history;
    const end = history.length;
    const pitch = this.#findPitch();
    const quarter = pitch >> 2;
    for (let i = 0; i < pitch; i++) {
      const weight = i < pitch - quarter ? 0 : (i - (pitch - quarter) + 1) / (quarter + 1);
      this.#cycle[i] = history[end - pitch + i]! * (1 - weight) + history[end - 2 * pitch + i]! * weight;
    }
    this.#pitch = pitch;
    this.#at = 0;
    // What the first made-up sample would jump by is taken back over a quarter of a period.
    this.#step = history[end - 1]! - history[end - pitch - 1]!;
    this.#stepLeft = quarter;
  }

  /** The lag between 5 and 15 ms at which the last 20 ms look most like themselves; the longest when nothing is periodic. */
  #findPitch(): number {
    const history = this.#history;
    const end = history.length;
    const min = MIN_PITCH_MS * this.#perMs;
    const max = MAX_PITCH_MS * this.#perMs;
    const span = 20 * this.#perMs;
    const coarse = this.#perMs / 4; // about 4 kHz
    let energy = 0;
    for (let i = end - span; i < end; i += coarse) energy += history[i]! * history[i]!;
    if (energy === 0) return max;
    const score = (lag: number, stride: number): number => {
      let product = 0;
      let power = 1;
      let own = 1;
      for (let i = end - span; i < end; i += stride) {
        const past = history[i - lag]!;
        product += history[i]! * past;
        power += past * past;
        own += history[i]! * history[i]!;
      }
      return product / Math.sqrt(power * own);
    };
    let best = max;
    let bestScore = PERIODIC;
    for (let lag = min; lag <= max; lag += coarse) {
      const value = score(lag, coarse);
      if (value > bestScore) {
        best = lag;
        bestScore = value;
      }
    }
    if (bestScore === PERIODIC) return max;
    const around = best;
    bestScore = -1;
    for (let lag = Math.max(min, around - coarse); lag <= Math.min(max, around + coarse); lag++) {
      const value = score(lag, 1);
      if (value > bestScore) {
        best = lag;
        bestScore = value;
      }
    }
    return best;
  }

  #remember(samples: Int16Array, from: number, to: number): void {
    const history = this.#history;
    const count = to - from;
    if (count >= history.length) {
      history.set(samples.subarray(to - history.length, to));
      return;
    }
    history.copyWithin(0, count);
    for (let i = 0; i < count; i++) history[history.length - count + i] = samples[from + i]!;
  }
}
