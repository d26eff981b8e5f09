/** 16-bit little-endian samples of a message; an odd last byte belongs to no sample and is left out. */
export function samplesOf(bytes: Uint8Array): Int16Array {
  const samples = new Int16Array(bytes.length >> 1);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < samples.length; at++) samples[at] = view.getInt16(at * 2, true);
  return samples;
}

/** The samples as little-endian bytes. */
export function bytesOf(samples: Int16Array): Uint8Array {
  const bytes = new Uint8Array(samples.length * 2);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < samples.length; at++) view.setInt16(at * 2, samples[at]!, true);
  return bytes;
}

/** Samples as -1..1. */
export function floatsOf(samples: Int16Array): Float32Array {
  const floats = new Float32Array(samples.length);
  for (let at = 0; at < samples.length; at++) floats[at] = samples[at]! / 32768;
  return floats;
}

/** -1..1 as 16-bit samples, clipped. */
export function int16Of(floats: Float32Array): Int16Array {
  const samples = new Int16Array(floats.length);
  for (let at = 0; at < floats.length; at++) {
    samples[at] = Math.max(-32768, Math.min(32767, Math.round(floats[at]! * 32768)));
  }
  return samples;
}
