/**
 * One clock for all endpoints of the process. Each endpoint has its turn every 20 ms; turns are spread over four phases, so that
 * 400 of them are not all due at once. The due times are counted from the start and never from "now": the clock does not drift. Held
 * up (a long garbage collection, a busy core), it makes up for at most five turns (100 ms, what jitter buffers bear) and skips the
 * rest: no bursts.
 */
import { performance } from "node:perf_hooks";
import { FRAME_MS } from "./codec.ts";

const PHASES = 4;
const PHASE_MS = FRAME_MS / PHASES;
const MAX_CATCH_UP = 5 * PHASES;
/** Held up longer than this, the sockets are read first: what they hold came in time, it was we who were late. */
const LATE_MS = 8;

/** `dueMs` is the time at which the turn was due; `skipped` the turns before it that were left out. */
export type Turn = (dueMs: number, skipped: number) => void;

interface Member {
  readonly turn: Turn;
  skipped: number;
}

class PacingClock {
  readonly #phases: Set<Member>[] = Array.from({ length: PHASES }, () => new Set<Member>());
  #members = 0;
  #timer: NodeJS.Timeout | null = null;
  #immediate: NodeJS.Immediate | null = null;
  #startMs = 0;
  #count = 0;

  /** Has its turn every 20 ms until the returned function is called. */
  join(turn: Turn): () => void {
    const member: Member = { turn, skipped: 0 };
    const phase = this.#phases.reduce((least, other) => (other.size < least.size ? other : least));
    phase.add(member);
    if (this.#members++ === 0) {
      this.#startMs = performance.now();
      this.#count = 0;
      this.#wait();
    }
    return () => {
      if (!phase.delete(member)) return;
      if (--this.#members > 0) return;
      if (this.#timer !== null) clearTimeout(this.#timer);
      if (this.#immediate !== null) clearImmediate(this.#immediate);
      this.#timer = null;
      this.#immediate = null;
    };
  }

  #dueMs(count: number): number {
    return this.#startMs + count * PHASE_MS;
  }

  #wait(): void {
    const delay = this.#dueMs(this.#count + 1) - performance.now();
    this.#timer = setTimeout(this.#wake, Math.max(0, Math.ceil(delay)));
  }

  readonly #wake = (): void => {
    this.#timer = null;
    if (performance.now() - this.#dueMs(this.#count + 1) > LATE_MS) this.#immediate = setImmediate(this.#run);
    else this.#run();
  };

  readonly #run = (): void => {
    this.#immediate = null;
    const reached = Math.floor((performance.now() - this.#startMs) / PHASE_MS + 0.1);
    const skip = Math.max(0, reached - this.#count - MAX_CATCH_UP);
    for (let i = 0; i < skip; i++) {
      this.#count++;
      for (const member of this.#phases[this.#count % PHASES]!) member.skipped++;
    }
    while (this.#count < reached && this.#members > 0) {
      this.#count++;
      const dueMs = this.#dueMs(this.#count);
      for (const member of this.#phases[this.#count % PHASES]!) {
        const skipped = member.skipped;
        member.skipped = 0;
        member.turn(dueMs, skipped);
      }
    }
    if (this.#members > 0 && this.#timer === null) this.#wait();
  };
}

/** The clock of this process. */
export const pacingClock: { join(turn: Turn): () => void } = new PacingClock();
