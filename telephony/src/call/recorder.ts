/** Collects a caller's message as 8 kHz, up to a limit that the message machine keeps well below. */
export const RECORDING_HZ = 8000;
const MAX_SECONDS = 180;

export class Recorder {
  readonly #chunks: Int16Array[] = [];
  #length = 0;

  /** Copies the frame; of 16 kHz each two samples become one. */
  add(frame: Int16Array, sampleRateHz: 8000 | 16000): void {
    if (this.#length > MAX_SECONDS * RECORDING_HZ) return;
    const own = sampleRateHz === RECORDING_HZ ? frame.slice() : halved(frame);
    this.#chunks.push(own);
    this.#length += own.length;
  }

  samples(): Int16Array {
    const all = new Int16Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    return all;
  }
}

function halved(frame: Int16Array): Int16Array {
  const out = new Int16Array(frame.length >> 1);
  for (let i = 0; i < out.length; i++) out[i] = (frame[i * 2]! + frame[i * 2 + 1]!) >> 1;
  return out;
}
