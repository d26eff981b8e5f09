/**
 * Playout at a steady pace, for a voice that goes on to somebody's ear: every 20 ms one frame, whatever the network does.
 *
 * Adaptive: *slack* is how long before its turn a packet came. When the third smallest slack of the last 5 s is all but gone, playout
 * is put back by a frame (`pull` gives WAIT); when even that one has more than a frame to spare, playout may be brought forward
 * (`wantsShrink`). Drift between the two clocks shows as slack that wanders, and is mended the same way.
 *
 * Changed in place; time is an argument.
 */
import { FRAME_MS, TICKS_PER_MS } from "./codec.ts";
import { type PayloadRange, type Placed, Timeline } from "./timeline.ts";

const START_DELAY_MS = 40;
const WINDOW = 256; // packets, about 5 s
const CHECK_EVERY = 25;
const ENOUGH_TO_SHRINK = 100;
const KEEP_MS = 3; // a check comes before a drifting clock has used this up
const SPARE_MS = FRAME_MS + 20; // a sender on a busy machine is late by as much now and then
const MUCH_TO_SPARE_MS = 150;
const MAX_DELAY_MS = 400;

/** Instead of the halves of a frame: playout waits this turn, so that late packets come in time again. */
export const WAIT = -1;

export class JitterBuffer {
  readonly #line = new Timeline(START_DELAY_MS);
  readonly #slack = new Float64Array(WINDOW);
  #slackCount = 0;
  #slackAt = 0;
  #sinceCheck = 0;
  /** When the next frame is pulled. */
  #dueMs = 0;
  #stretch = 0;
  #shrink = 0;

  /** Something was placed: frames can be pulled. */
  get started(): boolean {
    return this.#line.started;
  }
  /** A frame too much is waiting: pull one more when the moment is quiet. */
  get wantsShrink(): boolean {
    return this.#shrink > 0;
  }
  /** What lies between arrival and playout, from the newest byte placed. */
  get bufferedMs(): number {
    return this.started ? Math.max(0, this.#line.furthestTicks) / TICKS_PER_MS : 0;
  }

  /** Forgets the stream; the next packet begins a new one. */
  reset(): void {
    this.#line.reset();
    this.#forget();
  }

  #forget(): void {
    this.#slackCount = 0;
    this.#slackAt = 0;
    this.#sinceCheck = 0;
    this.#stretch = 0;
    this.#shrink = 0;
  }

  /** Puts the payload in its place. The bytes are copied. */
  push(timestampTicks: number, packet: Uint8Array, range: PayloadRange, nowMs: number): Placed {
    if (this.#dueMs < nowMs - FRAME_MS) this.#dueMs = nowMs; // not pulled until now
    const slackMs = this.#line.aheadOf(timestampTicks) / TICKS_PER_MS + this.#dueMs - nowMs;
    const placed = this.#line.push(timestampTicks, packet, range, nowMs);
    if (placed === "resync") this.#forget();
    else if (placed !== "ignored") this.#note(slackMs);
    return placed;
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
    for (let i = 0; i < frames; i++) this.#line.skip();
    this.#shift(-frames * FRAME_MS);
  }

  #shift(ms: number): void {
    for (let i = 0; i < this.#slackCount; i++) this.#slack[i] = this.#slack[i]! + ms;
  }

  /**
   * Cuts the next 20 ms off into `out` and says which halves are there, or WAIT. To be called every 20 ms, with the time at which that
   * turn was due.
   */
  pull(out: Uint8Array, nowMs: number): number {
    this.#dueMs = nowMs + FRAME_MS;
    if (!this.started) return 0;
    if (this.#stretch > 0) {
      this.#stretch--;
      this.#shift(FRAME_MS);
      return WAIT;
    }
    return this.#line.cut(out);
  }

  /** The frame too much, when `wantsShrink`. */
  pullExtra(out: Uint8Array): number {
    this.#shrink--;
    this.#shift(-FRAME_MS);
    return this.#line.cut(out);
  }
}
