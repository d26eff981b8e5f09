/**
 * ITU-T G.722 at 64 kbit/s (mode 1): 16 kHz speech in two sub-bands, each by ADPCM, one byte for two samples. The names of the steps
 * (RECONS, UPPOL1, FILTEZ …) are those of clause 6. All sums are integers of 16 bits with saturation, for both ends must walk alike.
 *
 * State changes in place: an encoder or decoder belongs to one direction of one call.
 */

/** QMF coefficients h0, h2 … h22 (table 11); the odd ones are the same, backwards. */
const QMF = Int32Array.of(3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11);
/** Decision levels of the 60-level low-band quantiser, in 1/4096 of the scale factor. */
const Q6 = Int32Array.of(
  ...[0, 35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786, 858, 940, 1023],
  ...[1121, 1219, 1339, 1458, 1612, 1765, 1980, 2195, 2557, 2919, 0, 0],
);
/** Inverse quantisers: 6 bits for what is heard, 4 bits for the predictor, 2 bits for the high band. */
const QM6 = Int32Array.of(
  ...[
    -136, -136, -136, -136, -24808, -21904, -19008, -16704, -14984, -13512, -12280, -11192, -10232, -9360, -8576, -7856,
  ],
  ...[-7192, -6576, -6000, -5456, -4944, -4464, -4008, -3576, -3168, -2776, -2400, -2032, -1688, -1360, -1040, -728],
  ...[24808, 21904, 19008, 16704, 14984, 13512, 12280, 11192, 10232, 9360, 8576, 7856, 7192, 6576, 6000, 5456],
  ...[4944, 4464, 4008, 3576, 3168, 2776, 2400, 2032, 1688, 1360, 1040, 728, 432, 136, -432, -136],
);
const QM4 = Int32Array.of(
  ...[0, -20456, -12896, -8968, -6288, -4240, -2584, -1200, 20456, 12896, 8968, 6288, 4240, 2584, 1200, 0],
);
const QM2 = Int32Array.of(-7408, -1616, 7408, 1616);
/** Adaptation of the scale factors (tables 13 to 20), by the code through RL42 and RH2. */
const WL = Int32Array.of(-60, -30, 58, 172, 334, 538, 1198, 3042);
const RL42 = Int32Array.of(0, 7, 6, 5, 4, 3, 2, 1, 7, 6, 5, 4, 3, 2, 1, 0);
const WH = Int32Array.of(0, -214, 798);
const RH2 = Int32Array.of(2, 1, 2, 1);
/** 2048 · 2^(i/32): the antilogarithm of the scale factors. */
const ILB = Int32Array.from({ length: 32 }, (_, i) => Math.round(2048 * 2 ** (i / 32)));

const saturate = (value: number): number => (value > 32767 ? 32767 : Math.max(value, -32768));
const limit15 = (value: number): number => (value > 16383 ? 16383 : Math.max(value, -16384));

/** One sub-band's adaptive predictor and scale factor: the same in the encoder and the decoder. */
class Band {
  /** Prediction of the next sample. */
  s = 0;
  det: number;
  #nb = 0;
  #sz = 0;
  #a1 = 0;
  #a2 = 0;
  #r1 = 0;
  #p1 = 0;
  #p2 = 0;
  readonly #b = new Int32Array(6);
  readonly #d = new Int32Array(6);

  constructor(det: number) {
    this.det = det;
  }

  /** LOGSCL/LOGSCH and SCALEL/SCALEH. */
  scale(step: number, top: number, shift: number): void {
    let nb = ((this.#nb * 127) >> 7) + step;
    nb = nb < 0 ? 0 : Math.min(nb, top);
    this.#nb = nb;
    const mantissa = ILB[(nb >> 6) & 31]!;
    const down = shift - (nb >> 11);
    this.det = (down < 0 ? mantissa << -down : mantissa >> down) << 2;
  }

  /** Block 4: takes the quantised difference and predicts the next sample. */
  predict(d: number): void {
    const r = saturate(this.s + d); // RECONS
    const p = saturate(this.#sz + d); // PARREC
    const positive = p >= 0;
    const like1 = positive === this.#p1 >= 0;
    const like2 = positive === this.#p2 >= 0;
    // UPPOL2
    const a1x4 = saturate(this.#a1 << 2);
    let a2 = (saturate(like1 ? -a1x4 : a1x4) >> 7) + (like2 ? 128 : -128) + ((this.#a2 * 32512) >> 15);
    a2 = a2 > 12288 ? 12288 : Math.max(a2, -12288);
    // UPPOL1
    let a1 = saturate((like1 ? 192 : -192) + ((this.#a1 * 32640) >> 15));
    const bound = 15360 - a2;
    a1 = a1 > bound ? bound : Math.max(a1, -bound);
    // UPZERO, DELAYA and FILTEZ in one pass, from the oldest on
    const past = this.#d;
    const b = this.#b;
    const gain = d === 0 ? 0 : 128;
    const sign = d >> 15;
    let sz = 0;
    for (let i = 5; i >= 0; i--) {
      const old = past[i]!;
      const coefficient = saturate((old >> 15 === sign ? gain : -gain) + ((b[i]! * 32640) >> 15));
      b[i] = coefficient;
      const newer = i === 0 ? d : past[i - 1]!;
      past[i] = newer;
      sz += (coefficient * saturate(newer << 1)) >> 15;
    }
    sz = saturate(sz);
    // FILTEP, PREDIC
    const sp = saturate(((a1 * saturate(r << 1)) >> 15) + ((a2 * saturate(this.#r1 << 1)) >> 15));
    this.s = saturate(sp + sz);
    this.#sz = sz;
    this.#a1 = a1;
    this.#a2 = a2;
    this.#r1 = r;
    this.#p2 = this.#p1;
    this.#p1 = p;
  }
}

const low = (): Band => new Band(32);
const high = (): Band => new Band(8);

/** Delay line of 24 samples of a QMF, kept twice over so that the newest 24 always lie in one piece. */
class Line {
  readonly #taps = new Int32Array(48);
  #at = 0;
  /** Puts two samples in; returns where the 24 start. */
  push(a: number, b: number): number {
    const at = this.#at;
    this.#taps[at] = a;
    this.#taps[at + 24] = a;
    this.#taps[at + 1] = b;
    this.#taps[at + 25] = b;
    this.#at = at === 22 ? 0 : at + 2;
    return at + 2;
  }
  even(start: number): number {
    let sum = 0;
    for (let i = 0; i < 12; i++) sum += this.#taps[start + 2 * i]! * QMF[i]!;
    return sum;
  }
  odd(start: number): number {
    let sum = 0;
    for (let i = 0; i < 12; i++) sum += this.#taps[start + 2 * i + 1]! * QMF[11 - i]!;
    return sum;
  }
}

export class G722Encoder {
  readonly #low = low();
  readonly #high = high();
  readonly #line = new Line();

  /** Two samples at 16 kHz give one byte. */
  encode(first: number, second: number): number {
    const line = this.#line;
    const start = line.push(first, second);
    const even = line.even(start);
    const odd = line.odd(start);
    return (this.#encodeHigh((odd - even) >> 14) << 6) | this.#encodeLow((odd + even) >> 14);
  }

  #encodeLow(sample: number): number {
    const band = this.#low;
    const error = saturate(sample - band.s);
    const magnitude = error >= 0 ? error : ~error;
    let level = 1;
    while (level < 30 && magnitude >= (Q6[level]! * band.det) >> 12) level++;
    // Codes run down from 61 for positive and from 31 for negative differences; the two smallest negative ones are 63 and 62.
    const code = error >= 0 ? 62 - level : level <= 2 ? 64 - level : 34 - level;
    const coarse = code >> 2;
    const difference = (band.det * QM4[coarse]!) >> 15;
    band.scale(WL[RL42[coarse]!]!, 18432, 8);
    band.predict(difference);
    return code;
  }

  #encodeHigh(sample: number): number {
    const band = this.#high;
    const error = saturate(sample - band.s);
    const magnitude = error >= 0 ? error : ~error;
    const far = magnitude >= (564 * band.det) >> 12;
    const code = error < 0 ? (far ? 0 : 1) : far ? 2 : 3;
    const difference = (band.det * QM2[code]!) >> 15;
    band.scale(WH[RH2[code]!]!, 22528, 10);
    band.predict(difference);
    return code;
  }
}

export class G722Decoder {
  readonly #low = low();
  readonly #high = high();
  readonly #line = new Line();

  /** One byte gives two samples at 16 kHz, written to `out[at]` and `out[at + 1]`. */
  decode(code: number, out: Int16Array, at: number): void {
    const lowBand = this.#low;
    const lowCode = code & 0x3f;
    const coarse = lowCode >> 2;
    const lowSample = limit15(lowBand.s + ((lowBand.det * QM6[lowCode]!) >> 15));
    const lowDifference = (lowBand.det * QM4[coarse]!) >> 15;
    lowBand.scale(WL[RL42[coarse]!]!, 18432, 8);
    lowBand.predict(lowDifference);

    const highBand = this.#high;
    const highCode = (code >> 6) & 3;
    const highDifference = (highBand.det * QM2[highCode]!) >> 15;
    const highSample = limit15(highBand.s + highDifference);
    highBand.scale(WH[RH2[highCode]!]!, 22528, 10);
    highBand.predict(highDifference);

    const start = this.#line.push(lowSample + highSample, lowSample - highSample);
    out[at] = saturate(this.#line.odd(start) >> 11);
    out[at + 1] = saturate(this.#line.even(start) >> 11);
  }
}
