/** The last frames of a stream, addressed by stream time. */
export class AudioWindow {
  readonly #frameMs: number;
  readonly #frameSamples: number;
  #frames: Int16Array[] = [];
  #firstMs = 0;

  constructor(shape: { readonly frameMs: number; readonly frameSamples: number }) {
    this.#frameMs = shape.frameMs;
    this.#frameSamples = shape.frameSamples;
  }

  push(frame: Int16Array): void {
    this.#frames.push(frame);
  }

  /** Lets go of whole frames before `ms`. */
  forgetBefore(ms: number): void {
    const count = Math.min(this.#frames.length, Math.max(0, Math.floor((ms - this.#firstMs) / this.#frameMs)));
    if (count === 0) return;
    this.#frames = this.#frames.slice(count);
    this.#firstMs += count * this.#frameMs;
  }

  /** The frames that cover the span; what is gone or has not come yet is left out. */
  between(fromMs: number, toMs: number): Int16Array {
    const first = Math.max(0, Math.floor((fromMs - this.#firstMs) / this.#frameMs));
    const last = Math.min(this.#frames.length, Math.ceil((toMs - this.#firstMs) / this.#frameMs));
    const chosen = this.#frames.slice(first, Math.max(first, last));
    const samples = new Int16Array(chosen.length * this.#frameSamples);
    chosen.forEach((frame, at) => {
      samples.set(frame, at * this.#frameSamples);
    });
    return samples;
  }

  get heldMs(): number {
    return this.#frames.length * this.#frameMs;
  }
}
