/**
 * Keys as tones in the audio (ITU-T Q.23): what is sent, and what is heard within the limits of Q.24.
 *
 * Heard: a pair of tones each from about 0 to -32 dBm0, within 1.8 % of its frequency (3.5 % off is refused), the upper one up to 5 dB
 * louder and up to 10 dB softer than the lower, for 32 ms or more; gaps of up to 10 ms are one press, 40 ms of pause makes two.
 * A voice must never press a key: the pair has to hold nearly all the energy of the line, and its phase has to run on at the tone's
 * own frequency, from window to window, which vowels do not do.
 *
 * Windows of 12.75 ms every 6.4 ms: complex Goertzel at the eight frequencies. Changed in place; no clock.
 */
const LOW_HZ = [697, 770, 852, 941] as const;
const HIGH_HZ = [1209, 1336, 1477, 1633] as const;
const KEYS = ["123A", "456B", "789C", "*0#D"] as const;
const PAUSE_MS = 80;
const MAX_WAITING = 64;
/** -9 dBm0 for each tone; a full scale sine is 3.14 dBm0. */
const AMPLITUDE = 32767 * 10 ** ((-9 - 3.14) / 20);

const WINDOW = 102;
const HOP = 51;
const RATE_HZ = 8000;
const HITS_TO_PRESS = 4;
const MISSES_TO_RELEASE = 4;
/** Mean square of the softest tone that counts, -33 dBm0. */
const LEAST_POWER = 32767 ** 2 / 2 / 10 ** ((33 + 3.14) / 10);
const LEAST_SHARE = 0.6;
const OTHERS_BELOW = 4; // 6 dB
const HIGH_OVER_LOW = 10 ** 0.5;
const LOW_OVER_HIGH = 10 ** 1.05;
/** Between the 1.5 % that must be taken and the 3.5 % that must not. */
const FREQUENCY_OFF = 0.023;

/** Frequencies of a key, or null when it is none. */
export function tonesOf(key: string): readonly [number, number] | null {
  const row = KEYS.findIndex((keys) => key.length === 1 && keys.includes(key.toUpperCase()));
  return row < 0 ? null : [LOW_HZ[row]!, HIGH_HZ[KEYS[row]!.indexOf(key.toUpperCase())]!];
}

/** Keys that wait and the one that sounds. */
export class ToneSender {
  readonly #waiting: { readonly tones: readonly [number, number]; readonly durationMs: number }[] = [];
  #now: { readonly tones: readonly [number, number]; readonly onMs: number; at: number } | null = null;

  /** False when the key is none or too many wait. */
  press(key: string, durationMs: number): boolean {
    const tones = tonesOf(key);
    if (tones === null || this.#waiting.length >= MAX_WAITING) return false;
    this.#waiting.push({ tones, durationMs: Math.max(50, Math.min(6000, durationMs)) });
    return true;
  }

  get busy(): boolean {
    return this.#now !== null || this.#waiting.length > 0;
  }

  /** Fills the frame with tone, and silence between tones; false: nothing to send, the frame is untouched. */
  fill(frame: Int16Array, sampleRateHz: number): boolean {
    if (this.#now === null) {
      const next = this.#waiting.shift();
      if (next === undefined) return false;
      this.#now = { tones: next.tones, onMs: next.durationMs, at: 0 };
    }
    const { tones, onMs } = this.#now;
    const on = (onMs * sampleRateHz) / 1000;
    const end = ((onMs + PAUSE_MS) * sampleRateHz) / 1000;
    const step = [(2 * Math.PI * tones[0]) / sampleRateHz, (2 * Math.PI * tones[1]) / sampleRateHz] as const;
    let { at } = this.#now;
    for (let i = 0; i < frame.length; i++, at++) {
      frame[i] = at < on ? Math.round(AMPLITUDE * (Math.sin(step[0] * at) + Math.sin(step[1] * at))) : 0;
    }
    this.#now.at = at;
    if (at >= end) this.#now = null;
    return true;
  }
}

interface Bin {
  readonly hz: number;
  readonly cosine: number;
  readonly sine: number;
  /** By how much the phase of this frequency runs on from window to window. */
  readonly advance: number;
}
const binOf = (hz: number): Bin => {
  const step = (2 * Math.PI * hz) / RATE_HZ;
  return { hz, cosine: Math.cos(step), sine: Math.sin(step), advance: step * HOP };
};
const BINS = [...LOW_HZ, ...HIGH_HZ].map(binOf);

/** One window's judgement. */
interface Pair {
  readonly key: string;
  readonly row: number;
  readonly column: number;
}

/** Listens to one stream. */
export class ToneReceiver {
  readonly #skip: 1 | 2;
  readonly #window = new Float64Array(WINDOW);
  #filled = 0;
  #half = 0;
  #halfFull = false;
  readonly #power = new Float64Array(BINS.length);
  readonly #phase = new Float64Array(BINS.length);
  readonly #phaseBefore = new Float64Array(BINS.length);
  #candidate: Pair | null = null;
  #hits = 0;
  /** How far the phases have run off the tones' own, over the hits. */
  #offLow = 0;
  #offHigh = 0;
  #pressed = "";
  #misses = 0;

  constructor(sampleRateHz: 8000 | 16000) {
    this.#skip = sampleRateHz === 8000 ? 1 : 2;
  }

  /** A key sounds now, all but surely. */
  get isSounding(): boolean {
    return this.#pressed !== "" || this.#hits >= HITS_TO_PRESS - 1;
  }

  /** Calls back once for each press, when it is sure. */
  process(samples: Int16Array, onKey: (key: string) => void): void {
    for (let i = 0; i < samples.length; i++) {
      if (this.#skip === 2) {
        // Two samples become one: tones lie far below where this folds.
        this.#halfFull = !this.#halfFull;
        if (this.#halfFull) {
          this.#half = samples[i]!;
          continue;
        }
        this.#window[this.#filled++] = (this.#half + samples[i]!) / 2;
      } else this.#window[this.#filled++] = samples[i]!;
      if (this.#filled < WINDOW) continue;
      const key = this.#judge();
      if (key !== null) onKey(key);
      this.#window.copyWithin(0, HOP);
      this.#filled = WINDOW - HOP;
    }
  }

  #judge(): string | null {
    const pair = this.#look();
    if (pair === null) {
      this.#candidate = null;
      this.#hits = 0;
      if (this.#pressed !== "" && ++this.#misses >= MISSES_TO_RELEASE) this.#pressed = "";
      return null;
    }
    if (pair.key === this.#pressed) this.#misses = 0;
    if (pair.key !== this.#candidate?.key) {
      this.#candidate = pair;
      this.#hits = 1;
      this.#offLow = 0;
      this.#offHigh = 0;
      return null;
    }
    this.#hits++;
    this.#offLow += this.#off(pair.row);
    this.#offHigh += this.#off(4 + pair.column);
    if (this.#hits < HITS_TO_PRESS || pair.key === this.#pressed) return null;
    if (!this.#isOnFrequency(this.#offLow, pair.row) || !this.#isOnFrequency(this.#offHigh, 4 + pair.column)) {
      this.#candidate = null;
      return null;
    }
    this.#pressed = pair.key;
    this.#misses = 0;
    return pair.key;
  }

  #off(bin: number): number {
    const off = this.#phase[bin]! - this.#phaseBefore[bin]! - BINS[bin]!.advance;
    return off - 2 * Math.PI * Math.round(off / (2 * Math.PI));
  }

  #isOnFrequency(off: number, bin: number): boolean {
    const { advance } = BINS[bin]!;
    return Math.abs(off) <= FREQUENCY_OFF * advance * (this.#hits - 1);
  }

  /** The pair that this window holds and nothing else. */
  #look(): Pair | null {
    const window = this.#window;
    let energy = 0;
    for (let i = 0; i < WINDOW; i++) energy += window[i]! * window[i]!;
    this.#phaseBefore.set(this.#phase);
    if (energy < 2 * LEAST_POWER * WINDOW * LEAST_SHARE) return null;
    let row = 0;
    let column = 0;
    const power = this.#power;
    for (let bin = 0; bin < BINS.length; bin++) {
      const { cosine, sine } = BINS[bin]!;
      const twice = 2 * cosine;
      let before = 0;
      let last = 0;
      for (let i = 0; i < WINDOW; i++) {
        const next = window[i]! + twice * last - before;
        before = last;
        last = next;
      }
      const real = last - before * cosine;
      const imaginary = before * sine;
      power[bin] = real * real + imaginary * imaginary;
      this.#phase[bin] = Math.atan2(imaginary, real);
      if (bin < 4) {
        if (power[bin]! > power[row]!) row = bin;
      } else if (power[bin]! > power[4 + column]!) column = bin - 4;
    }
    const low = power[row]!;
    const high = power[4 + column]!;
    // A tone alone of mean square P gives P·WINDOW²/2.
    const least = (LEAST_POWER * WINDOW * WINDOW) / 2;
    if (low < least * LEAST_SHARE || high < least * LEAST_SHARE) return null;
    if (high > low * HIGH_OVER_LOW || low > high * LOW_OVER_HIGH) return null;
    if ((low + high) * 2 < LEAST_SHARE * energy * WINDOW) return null;
    for (let bin = 0; bin < 8; bin++) {
      if (bin !== row && bin !== 4 + column && power[bin]! * OTHERS_BELOW > (bin < 4 ? low : high)) return null;
    }
    return { key: KEYS[row]![column]!, row, column };
  }
}
