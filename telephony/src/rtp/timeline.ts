/**
 * The bytes of one incoming stream in their places. One byte is one tick of 125 µs (codec.ts), so the stream is a line of bytes with a
 * mark for each that is there: packets of any length, in any order, twice or not at all, simply land where they belong, and frames of
 * 20 ms are cut off at the front. Bounded by its ring: nothing grows. When to cut is decided by `JitterBuffer` or `PromptBuffer`.
 *
 * Changed in place; time is an argument.
 */
import { FRAME_TICKS, TICKS_PER_MS } from "./codec.ts";
import { timestampDistance } from "./rtp-packet.ts";

const RING_TICKS = 16384; // 2 s
const RING_MASK = RING_TICKS - 1;
const FAR_TICKS = 500 * TICKS_PER_MS;
const LONG_GONE_TICKS = 1000 * TICKS_PER_MS;
/** Packets in a row, and the time over which they came, that show that a sender's clock has jumped. */
const RESYNC_PACKETS = 4;
const RESYNC_MS = 60;
const HALF_TICKS = FRAME_TICKS / 2;

/** `resync`: the sender's timestamps have jumped, and the packet begins the line anew. */
export type Placed = "taken" | "duplicate" | "late" | "resync" | "ignored";

/** Which halves of a frame that was cut are there: bit 0 the first 10 ms, bit 1 the second. */
export const WHOLE_FRAME = 3;

/** A payload lies in `packet[from..to)`. */
export interface PayloadRange {
  readonly from: number;
  readonly to: number;
}

export class Timeline {
  readonly #codes = new Uint8Array(RING_TICKS);
  readonly #there = new Uint8Array(RING_TICKS);
  readonly #startDelayTicks: number;
  #started = false;
  /** Timestamp of the first tick of the next frame. */
  #playTicks = 0;
  #furthest = 0; // ticks from #playTicks up to which something was placed
  /** Of packets that were out of the line on one side: late, or far ahead. */
  #strayRun = 0;
  #straySinceMs = 0;

  /** A stream begins that long after the first tick of the line: what it has in hand when it begins to be cut. */
  constructor(startDelayMs: number) {
    this.#startDelayTicks = startDelayMs * TICKS_PER_MS;
  }

  get started(): boolean {
    return this.#started;
  }
  /** Ticks from the next frame's start to the newest byte; not positive when all has been cut. */
  get furthestTicks(): number {
    return this.#furthest;
  }
  /** Where a timestamp lies from the next frame's start; 0 before anything came. */
  aheadOf(timestampTicks: number): number {
    return this.#started ? timestampDistance(this.#playTicks, timestampTicks) : this.#startDelayTicks;
  }

  reset(): void {
    this.#started = false;
    this.#there.fill(0);
    this.#furthest = 0;
    this.#strayRun = 0;
  }

  /** Copies the payload to its place. */
  push(timestampTicks: number, packet: Uint8Array, range: PayloadRange, nowMs: number): Placed {
    const length = range.to - range.from;
    if (length <= 0 || length > RING_TICKS / 2) return "ignored";
    let placed: Placed = "taken";
    if (!this.#started) this.#begin(timestampTicks);
    else if (this.#mustResync(this.aheadOf(timestampTicks), length, nowMs)) {
      this.reset();
      this.#begin(timestampTicks);
      placed = "resync";
    }
    const ahead = this.aheadOf(timestampTicks);
    if (ahead + length <= 0) return "late";
    const skip = ahead < 0 ? -ahead : 0;
    if (this.#there[(timestampTicks + skip) & RING_MASK] === 1) return "duplicate";
    for (let i = skip; i < length; i++) {
      const at = (timestampTicks + i) & RING_MASK;
      this.#codes[at] = packet[range.from + i]!;
      this.#there[at] = 1;
    }
    if (ahead + length > this.#furthest) this.#furthest = ahead + length;
    return placed;
  }

  #begin(timestampTicks: number): void {
    this.#started = true;
    this.#playTicks = (timestampTicks - this.#startDelayTicks) >>> 0;
  }

  #mustResync(ahead: number, length: number, nowMs: number): boolean {
    if (ahead + length > RING_TICKS - FRAME_TICKS || ahead < -LONG_GONE_TICKS) return true;
    const late = ahead + length <= 0;
    if (!late && ahead <= FAR_TICKS) {
      this.#strayRun = 0;
      return false;
    }
    if (!late && this.#furthest <= 0) return true;
    if (this.#strayRun++ === 0) this.#straySinceMs = nowMs;
    // Packets that were held up somewhere come all at once; those of a sender whose clock has jumped keep their distance.
    return this.#strayRun >= RESYNC_PACKETS && nowMs - this.#straySinceMs >= RESYNC_MS;
  }

  /** Whether the next frame is there from end to end. */
  get isNextWhole(): boolean {
    if (this.#furthest < FRAME_TICKS) return false;
    for (let i = 0; i < FRAME_TICKS; i++) if (this.#there[(this.#playTicks + i) & RING_MASK] === 0) return false;
    return true;
  }

  /** Cuts the next frame off into `out` and says which halves are there. */
  cut(out: Uint8Array): number {
    let missingFirst = 0;
    let missingSecond = 0;
    for (let i = 0; i < FRAME_TICKS; i++) {
      const at = (this.#playTicks + i) & RING_MASK;
      out[i] = this.#codes[at]!;
      if (this.#there[at] === 0) {
        if (i < HALF_TICKS) missingFirst++;
        else missingSecond++;
      }
    }
    this.skip();
    return (missingFirst === 0 ? 1 : 0) | (missingSecond === 0 ? 2 : 0);
  }

  /** Drops the next frame. */
  skip(): void {
    const start = this.#playTicks & RING_MASK;
    const end = start + FRAME_TICKS;
    this.#there.fill(0, start, Math.min(end, RING_TICKS));
    if (end > RING_TICKS) this.#there.fill(0, 0, end - RING_TICKS);
    this.#playTicks = (this.#playTicks + FRAME_TICKS) >>> 0;
    if (this.#furthest > -RING_TICKS) this.#furthest -= FRAME_TICKS;
  }
}
