/** What is to be played: pieces of sound in order, with marks between them. At most 60 s. Changed in place. */

const MAX_QUEUED_MS = 60_000;

export class PlayQueue {
  readonly #sampleRateHz: number;
  #pieces: Int16Array[] = [];
  #head = 0; // sample of the first piece that is next
  #queued = 0;
  #added = 0;
  #taken = 0;
  #marks: { readonly at: number; readonly callback: () => void }[] = [];

  constructor(sampleRateHz: number) {
    this.#sampleRateHz = sampleRateHz;
  }

  get queuedSamples(): number {
    return this.#queued;
  }
  get queuedMs(): number {
    return (this.#queued * 1000) / this.#sampleRateHz;
  }

  /** Copies the samples in; false when they do not fit any more. */
  add(samples: Int16Array): boolean {
    if (((this.#queued + samples.length) * 1000) / this.#sampleRateHz > MAX_QUEUED_MS) return false;
    if (samples.length === 0) return true;
    this.#pieces.push(samples.slice());
    this.#queued += samples.length;
    this.#added += samples.length;
    return true;
  }

  /** Remembers a callback for when everything added so far is taken; false when it is already. */
  mark(callback: () => void): boolean {
    if (this.#queued === 0) return false;
    this.#marks.push({ at: this.#added, callback });
    return true;
  }

  /** Fills the frame, with silence at the end if need be; returns how many samples were real. */
  take(frame: Int16Array): number {
    let filled = 0;
    while (filled < frame.length && this.#pieces.length > 0) {
      const piece = this.#pieces[0]!;
      const count = Math.min(frame.length - filled, piece.length - this.#head);
      for (let i = 0; i < count; i++) frame[filled + i] = piece[this.#head + i]!;
      filled += count;
      this.#head += count;
      if (this.#head === piece.length) {
        this.#pieces.shift();
        this.#head = 0;
      }
    }
    if (filled < frame.length) frame.fill(0, filled);
    this.#queued -= filled;
    this.#taken += filled;
    return filled;
  }

  /** Callbacks whose mark has been passed, in order; each is given once. */
  passed(): readonly (() => void)[] {
    const first = this.#marks[0];
    if (first === undefined || first.at > this.#taken) return NONE;
    const passed: (() => void)[] = [];
    while (this.#marks.length > 0 && this.#marks[0]!.at <= this.#taken) passed.push(this.#marks.shift()!.callback);
    return passed;
  }

  /** Drops everything, marks too; returns what was dropped. */
  clear(): { readonly droppedMs: number } {
    const droppedMs = this.queuedMs;
    this.#pieces = [];
    this.#marks = [];
    this.#head = 0;
    this.#taken = this.#added;
    this.#queued = 0;
    return { droppedMs };
  }
}

const NONE: readonly (() => void)[] = [];
