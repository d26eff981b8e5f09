import type { PackCard } from "./pack.ts";

/** What is known of a model while the process runs. `reason` is a sentence that says what to do. */
export type Availability =
  | { readonly at: "loading" }
  | { readonly at: "ready" }
  | { readonly at: "failed"; readonly reason: string }
  | { readonly at: "missing"; readonly reason: string };

export interface ModelIdentity {
  readonly id: string;
  readonly version: string;
  readonly sha256: string;
}

export interface ModelEntry {
  readonly card: PackCard;
  readonly identity: ModelIdentity;
  readonly builtIn: boolean;
  readonly sizeBytes: number;
  readonly executionProvider: string;
  readonly availability: Availability;
}

/** The last latencies of a model, enough for a stable p95; `runs` counts all since the start. */
export interface Latencies {
  readonly recentMs: readonly number[];
  readonly runs: number;
}
export const noLatencies: Latencies = { recentMs: [], runs: 0 };
const KEPT = 512;

export function addLatency(latencies: Latencies, ms: number): Latencies {
  const recentMs =
    latencies.recentMs.length < KEPT ? [...latencies.recentMs, ms] : [...latencies.recentMs.slice(1 - KEPT), ms];
  return { recentMs, runs: latencies.runs + 1 };
}

/** The value below which `share` (0..1) of the numbers lie, by nearest rank; 0 for none. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) return 0;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))]!;
}
