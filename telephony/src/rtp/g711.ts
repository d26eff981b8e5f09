/** ITU-T G.711 A-law and µ-law by tables: one look-up a sample. Samples are 16-bit; the law itself knows 13 or 14 bits of them. */

function decodeAlawSample(code: number): number {
  const bits = code ^ 0x55;
  const segment = (bits >> 4) & 7;
  const step = bits & 0x0f;
  const magnitude = segment === 0 ? (step << 4) + 8 : ((step << 4) + 0x108) << (segment - 1);
  return (bits & 0x80) !== 0 ? magnitude : -magnitude;
}

function decodeUlawSample(code: number): number {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84;
  return (bits & 0x80) !== 0 ? -magnitude : magnitude;
}

/** Negative samples are taken in one's complement, as the reference of ITU-T G.191 does, so that a decision value falls inwards. */
function encodeAlawSample(sample: number): number {
  const sign = sample < 0 ? 0 : 0x80;
  const magnitude = (sample < 0 ? ~sample : sample) >> 4; // 0..2047
  const segment = magnitude < 16 ? 0 : 28 - Math.clz32(magnitude); // 16..31 is segment 1
  const step = segment === 0 ? magnitude : (magnitude >> (segment - 1)) & 0x0f;
  return (sign | (segment << 4) | step) ^ 0x55;
}

function encodeUlawSample(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const biased = Math.min(((sample < 0 ? ~sample : sample) >> 2) + 33, 0x1fff);
  const segment = 26 - Math.clz32(biased); // 33..63 is segment 0
  return ~(sign | (segment << 4) | ((biased >> (segment + 1)) & 0x0f)) & 0xff;
}

/** Both directions of one law: `decode[code]` is a sample, `encode[sample & 0xffff]` a code. */
export interface G711Law {
  readonly decode: Int16Array;
  readonly encode: Uint8Array;
}

function tablesOf(decodeSample: (code: number) => number, encodeSample: (sample: number) => number): G711Law {
  const decode = new Int16Array(256);
  for (let code = 0; code < 256; code++) decode[code] = decodeSample(code);
  const encode = new Uint8Array(65536);
  for (let sample = -32768; sample < 32768; sample++) encode[sample & 0xffff] = encodeSample(sample);
  return { decode, encode };
}

export const ALAW: G711Law = tablesOf(decodeAlawSample, encodeAlawSample);
export const ULAW: G711Law = tablesOf(decodeUlawSample, encodeUlawSample);
