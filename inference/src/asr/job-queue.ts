import type { RecognitionUse } from "./recognizer.ts";

/** A recognition that waits for a worker. */
export interface WaitingJob {
  readonly id: number;
  readonly use: RecognitionUse;
}

export interface Admission<J extends WaitingJob> {
  readonly waiting: readonly J[];
  readonly admitted: boolean;
  /** A job that lost its place to a more urgent one. */
  readonly evicted: J | null;
}

const RANK: Record<RecognitionUse, number> = { final: 0, speculative: 1, partial: 2 };

/** Puts a job into the bounded queue. A full queue gives up its least urgent, oldest job, if that is less urgent than this one. */
export function admit<J extends WaitingJob>(waiting: readonly J[], job: J, limit: number): Admission<J> {
  if (waiting.length < limit) return { waiting: [...waiting, job], admitted: true, evicted: null };
  const worst = Math.max(...waiting.map((other) => RANK[other.use]));
  if (worst <= RANK[job.use]) return { waiting, admitted: false, evicted: null };
  const evicted = waiting.find((other) => RANK[other.use] === worst)!;
  return { waiting: [...waiting.filter((other) => other !== evicted), job], admitted: true, evicted };
}

/** The most urgent job, the oldest among equals. */
export function next<J extends WaitingJob>(waiting: readonly J[]): J | null {
  let best: J | null = null;
  for (const job of waiting) if (best === null || RANK[job.use] < RANK[best.use]) best = job;
  return best;
}
