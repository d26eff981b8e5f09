/**
 * Frames as soon as they are there, for an ear that need not be fed at a steady pace (speech recognition, recording): no playout
 * delay, and packets that come late after a stall of either machine are still heard, in order, several at once if need be.
 *
 * What it waits for: a hole, 40 ms after something newer came (packets may overtake each other); the next packet of a peer that has
 * gone quiet, 120 ms (after that its silence is told frame by frame, so that the end of speech can be found).
 *
 * Changed in place; time is an argument.
 */
import { FRAME_TICKS, TICKS_PER_MS } from "./codec.ts";
import { type PayloadRange, type Placed, Timeline } from "./timeline.ts";

const HOLE_TURNS = 2;
const MAX_BEHIND_FRAMES = 6;

/** Instead of the halves of a frame: there is none now. */
export const NONE_NOW = -1;

export class PromptBuffer {
  readonly #line = new Timeline(0);
  /** Frames that real time is ahead of what was given. */
  #owed = 0;
  #holeTurns = 0;

  get started(): boolean {
    return this.#line.started;
  }
  get bufferedMs(): number {
    return this.started ? Math.max(0, this.#line.furthestTicks) / TICKS_PER_MS : 0;
  }

  reset(): void {
    this.#line.reset();
    this.#owed = 0;
    this.#holeTurns = 0;
  }

  /** Puts the payload in its place. The bytes are copied. */
  push(timestampTicks: number, packet: Uint8Array, range: PayloadRange, nowMs: number): Placed {
    const placed = this.#line.push(timestampTicks, packet, range, nowMs);
    if (placed === "resync") this.#owed = 0;
    return placed;
  }

  /** Every 20 ms, before frames are asked for; `turns` is more than one after a stall of ours. */
  beginTurn(turns: number): void {
    if (!this.started) return;
    this.#owed += turns;
    if (this.#line.furthestTicks > FRAME_TICKS && !this.#line.isNextWhole) this.#holeTurns++;
  }

  /** Cuts the next frame off into `out` and says which halves are there, or NONE_NOW. To be called until that. */
  next(out: Uint8Array): number {
    if (!this.started) return NONE_NOW;
    if (this.#line.isNextWhole) this.#holeTurns = 0;
    else {
      const overtaken = this.#line.furthestTicks > FRAME_TICKS && this.#holeTurns >= HOLE_TURNS;
      if (!overtaken && this.#owed <= MAX_BEHIND_FRAMES) return NONE_NOW;
    }
    if (this.#owed > 0) this.#owed--; // a sender's clock may run ahead of ours
    return this.#line.cut(out);
  }
}
