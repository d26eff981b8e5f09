import {
  type Availability,
  addLatency,
  type Latencies,
  type ModelEntry,
  type ModelIdentity,
  noLatencies,
  percentile,
} from "./model-state.ts";
import type { PackCard } from "./pack.ts";
import type { FoundPack } from "./pack-store.ts";

/** Holds the state of every model of this process; rooms report to it, the console reads it. */
export class ModelRegistry {
  readonly #entries = new Map<string, ModelEntry>();
  readonly #latencies = new Map<string, Latencies>();

  add(entry: ModelEntry): void {
    this.#entries.set(entry.card.id, entry);
  }

  remove(id: string): void {
    this.#entries.delete(id);
  }

  addPack(pack: FoundPack, availability: Availability): void {
    this.add({
      card: pack.card,
      identity: identityOf(pack),
      builtIn: pack.builtIn,
      sizeBytes: 0,
      executionProvider: pack.card.engine === "onnxruntime" ? "cpu" : "",
      availability,
    });
  }

  update(id: string, change: Partial<Pick<ModelEntry, "availability" | "sizeBytes">>): void {
    const entry = this.#entries.get(id);
    if (entry) this.#entries.set(id, { ...entry, ...change });
  }

  timed(id: string, ms: number): void {
    this.#latencies.set(id, addLatency(this.#latencies.get(id) ?? noLatencies, ms));
  }

  get(id: string): ModelEntry | undefined {
    return this.#entries.get(id);
  }

  list(): { entry: ModelEntry; p50Ms: number; p95Ms: number; runs: number }[] {
    return [...this.#entries.values()].map((entry) => {
      const latencies = this.#latencies.get(entry.card.id) ?? noLatencies;
      return {
        entry,
        p50Ms: percentile(latencies.recentMs, 0.5),
        p95Ms: percentile(latencies.recentMs, 0.95),
        runs: latencies.runs,
      };
    });
  }
}

export const identityOf = (pack: { readonly card: PackCard; readonly sha256: string }): ModelIdentity => ({
  id: pack.card.id,
  version: pack.card.version,
  sha256: pack.sha256,
});
