/**
 * Playout buffer of one incoming stream. One byte is one tick of 125 µs (codec.ts), so the buffer is a line of bytes with a mark for
 * each that is there: packets of any length, in any order, twice or not at all, simply land in their place, and every 20 ms a frame
 * is cut off at the front. Bounded by its ring: nothing grows.
 *
 * Adaptive: *slack* is how long before its turn a packet came. When the third smallest slack of the last 5 s is all but gone, playout
 * is put back by a frame (`stretch`); when even that one has more than a frame to spare, playout may be brought forward
 * (`wantsShrink`). Drift between the two clocks shows as slack that wanders, and is mended the same way.
 *
 * Changed in place; time is an argument.
 */
import { FRAME_MS, FRAME_TICKS, TICKS_PER_MS } from "./codec.ts";
import { timestampDistance } from "./rtp-packet.ts";

const RING_TICKS = 16384; // 2 s
const RING_MASK = RING_TICKS - 1;
const START_DELAY_MS = 40;
const WINDOW = 256; // packets, about 5 s
const CHECK_EVERY = 25;
const ENOUGH_TO_SHRINK = 100;
const KEEP_MS = 3; // a check comes before a drifting clock has used this up
const SPARE_MS = FRAME_MS + 20; // a sender on a busy machine is late by as much now and then
const MUCH_TO_SPARE_MS = 150;
const FAR_MS = 500;
const LONG_GONE_MS = 1000;
const MAX_DELAY_MS = 400;
const LATE_RESYNC_PACKETS = 4;
const LATE_RESYNC_MS = 60;
const FAR_RESYNC_PACKETS = 3;

export type Placed = "taken" | "duplicate" | "late" | "resync" | "ignored";

/** Which halves of the frame that was pulled are there: bit 0 the first 10 ms, bit 1 the second. */
export const WHOLE_FRAME = 3;

export class JitterBuffer {
  readonly #codes = new Uint8Array(RING_TICKS);
  readonly #there = new Uint8Array(RING_TICKS);
  readonly #slack = new Float64Array(WINDOW);
  #slackCount = 0;
  #slackAt = 0;
  #sinceCheck = 0;
  #started = false;
  /** Timestamp of the first tick of the next frame. */
  #playTicks = 0;
  /** When that frame is pulled. */
  #dueMs = 0;
  #furthest = 0; // ticks ahead of #playTicks up to which something was placed
  #lateRun = 0;
  #lateSinceMs = 0;
  #farRun = 0;
  #stretch = 0;
  #shrink = 0;

  /** Something was placed: frames can be pulled. */
  get started(): boolean {
    return this.#started;
  }
  /** A frame too much is waiting: pull one more when the moment is quiet. */
  get wantsShrink(): boolean {
    return this.#shrink > 0;
  }
  /** What lies between arrival and playout, from the newest byte placed. */
  get bufferedMs(): number {
    return this.#started ? Math.max(0, this.#furthest) / TICKS_PER_MS : 0;
  }

  /** Forgets the stream; the next packet begins a new one. */
  reset(): void {
    this.#started = false;
    this.#there.fill(0);
    this.#slackCount = 0;
    this.#slackAt = 0;
    this.#sinceCheck = 0;
    this.#furthest = 0;
    this.#lateRun = 0;
    this.#farRun = 0;
    this.#stretch = 0;
    this.#shrink = 0;
  }

  /** Puts the payload `packet[from..to)` in its place. The bytes are copied. */
  push(timestampTicks: number, packet: Uint8Array, range: { from: number; to: number }, nowMs: number): Placed {
    const length = range.to - range.from;
    if (length <= 0) return "ignored";
    let placed: Placed = "taken";
    if (!this.#started) this.#begin(timestampTicks, nowMs);
    let ahead = timestampDistance(this.#playTicks, timestampTicks);
    const slackMs = ahead / TICKS_PER_MS + this.#dueMs - nowMs;
    if (this.#mustResync(ahead, length, slackMs, nowMs)) {
      this.reset();
      this.#begin(timestampTicks, nowMs);
      ahead = timestampDistance(this.#playTicks, timestampTicks);
      placed = "resync";
    } else {
      this.#note(slackMs);
    }
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

  #begin(timestampTicks: number, nowMs: number): void {
    this.#started = true;
    this.#playTicks = (timestampTicks - START_DELAY_MS * TICKS_PER_MS) >>> 0;
    if (this.#dueMs < nowMs) this.#dueMs = nowMs; // not pulled until now
  }

  /** The sender's timestamps have jumped, or so much has come too late that its clock must have. */
  #mustResync(ahead: number, length: number, slackMs: number, nowMs: number): boolean {
    if (ahead + length > RING_TICKS - FRAME_TICKS || ahead < -LONG_GONE_MS * TICKS_PER_MS) return true;
    if (ahead + length <= 0) {
      this.#farRun = 0;
      if (this.#lateRun++ === 0) this.#lateSinceMs = nowMs;
      // Packets that were held up somewhere come all at once; those of a sender whose clock has jumped keep their distance.
      return this.#lateRun >= LATE_RESYNC_PACKETS && nowMs - this.#lateSinceMs >= LATE_RESYNC_MS;
    }
    this.#lateRun = 0;
    if (slackMs > FAR_MS) return this.#furthest <= 0 || ++this.#farRun >= FAR_RESYNC_PACKETS;
    this.#farRun = 0;
    return false;
  }

  #note(slackMs: number): void {
    this.#slack[this.#slackAt] = slackMs;
    this.#slackAt = (this.#slackAt + 1) % WINDOW;
    if (this.#slackCount < WINDOW) this.#slackCount++;
    if (++this.#sinceCheck >= CHECK_EVERY) {
      this.#sinceCheck = 0;
      this.#adapt();
    }
  }

  #adapt(): void {
    let a = Number.POSITIVE_INFINITY;
    let b = a;
    let c = a; // the three smallest, a ≤ b ≤ c
    let sum = 0;
    for (let i = 0; i < this.#slackCount; i++) {
      const value = this.#slack[i]!;
      sum += value;
      if (value < a) {
        c = b;
        b = a;
        a = value;
      } else if (value < b) {
        c = b;
        b = value;
      } else if (value < c) c = value;
    }
    if (c < KEEP_MS) {
      const room = Math.floor((MAX_DELAY_MS - sum / this.#slackCount) / FRAME_MS);
      this.#stretch = Math.max(0, Math.min(Math.ceil((KEEP_MS - c) / FRAME_MS), room));
      this.#shrink = 0;
    } else if (this.#slackCount >= ENOUGH_TO_SHRINK && c > SPARE_MS) {
      if (c > MUCH_TO_SPARE_MS) this.#skip(Math.floor((c - SPARE_MS) / FRAME_MS));
      else this.#shrink = 1;
    } else {
      this.#shrink = 0;
    }
  }

  #skip(frames: number): void {
    for (let i = 0; i < frames; i++) this.#advance();
    this.#shift(-frames * FRAME_MS);
  }

  #shift(ms: number): void {
    for (let i = 0; i < this.#slackCount; i++) this.#slack[i] = this.#slack[i]! + ms;
  }

  /**
   * Cuts the next 20 ms off into `out` and says which halves are there; -1 when playout waits a frame, so that late packets come in
   * time again. To be called every 20 ms, with the time at which that turn was due.
   */
  pull(out: Uint8Array, nowMs: number): number {
    this.#dueMs = nowMs + FRAME_MS;
    if (!this.#started) return 0;
    if (this.#stretch > 0) {
      this.#stretch--;
      this.#shift(FRAME_MS);
      return -1;
    }
    return this.#cut(out);
  }

  /** The frame too much, when `wantsShrink`. */
  pullExtra(out: Uint8Array): number {
    this.#shrink--;
    this.#shift(-FRAME_MS);
    return this.#cut(out);
  }

  #cut(out: Uint8Array): number {
    const half = FRAME_TICKS / 2;
    let missingFirst = 0;
    let missingSecond = 0;
    for (let i = 0; i < FRAME_TICKS; i++) {
      const at = (this.#playTicks + i) & RING_MASK;
      out[i] = this.#codes[at]!;
      if (this.#there[at] === 0) {
        if (i < half) missingFirst++;
        else missingSecond++;
      }
    }
    this.#advance();
    return (missingFirst === 0 ? 1 : 0) | (missingSecond === 0 ? 2 : 0);
  }

  #advance(): void {
    const start = this.#playTicks & RING_MASK;
    const end = start + FRAME_TICKS;
    this.#there.fill(0, start, Math.min(end, RING_TICKS));
    if (end > RING_TICKS) this.#there.fill(0, 0, end - RING_TICKS);
    this.#playTicks = (this.#playTicks + FRAME_TICKS) >>> 0;
    if (this.#furthest > -RING_TICKS) this.#furthest -= FRAME_TICKS;
  }
}
