import * as fs from "node:fs";
import path from "node:path";
import type { Logger } from "@intramuros/contracts";
import { type CallOutcome, NO_STATISTICS, type TrunkStatistics, withOutcome, withPeak } from "../trunk/statistics.ts";

/** Figures of each trunk over the last day, kept over a restart. Counts only: no numbers, no names. */
export interface StatisticsStore {
  of(trunkId: string): TrunkStatistics;
  add(trunkId: string, outcome: CallOutcome): void;
  peak(trunkId: string, calls: number): void;
  keep(trunkIds: ReadonlySet<string>): void;
  close(): void;
}

const FORMAT = 1;
const SAVE_MS = 5000;

export function openStatisticsStore(file: string, log: Logger): StatisticsStore {
  const trunks = load(file);
  let timer: NodeJS.Timeout | null = null;

  const save = (): void => {
    timer = null;
    try {
      fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
      fs.writeFileSync(`${file}.new`, JSON.stringify({ format: FORMAT, trunks: Object.fromEntries(trunks) }), {
        mode: 0o600,
      });
      fs.renameSync(`${file}.new`, file);
    } catch (error) {
      log.warn({ err: error }, "the figures of the trunks could not be kept");
    }
  };
  const set = (trunkId: string, statistics: TrunkStatistics): void => {
    trunks.set(trunkId, statistics);
    timer ??= setTimeout(save, SAVE_MS);
  };
  const of = (trunkId: string): TrunkStatistics => trunks.get(trunkId) ?? NO_STATISTICS;

  return {
    of,
    add: (trunkId, outcome) => set(trunkId, withOutcome(of(trunkId), outcome, Date.now())),
    peak: (trunkId, calls) => set(trunkId, withPeak(of(trunkId), calls, Date.now())),
    keep(trunkIds) {
      for (const id of trunks.keys()) if (!trunkIds.has(id)) trunks.delete(id);
    },
    close() {
      if (timer === null) return;
      clearTimeout(timer);
      save();
    },
  };
}

/** A file that cannot be read is no reason to stop: the figures begin anew. */
function load(file: string): Map<string, TrunkStatistics> {
  try {
    const kept = JSON.parse(fs.readFileSync(file, "utf8")) as {
      format: number;
      trunks: Record<string, TrunkStatistics>;
    };
    if (kept.format !== FORMAT) return new Map();
    return new Map(Object.entries(kept.trunks).filter(([, value]) => Array.isArray(value?.hours)));
  } catch {
    return new Map();
  }
}
