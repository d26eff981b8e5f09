/** Load since the page was opened, one point a reading, at most `HISTORY_MAX`. */
export interface Reading {
  readonly at: number;
  readonly cpuPercent: number;
  readonly memoryPercent: number;
}
export const HISTORY_MAX = 240;

export function addReading(history: readonly Reading[], reading: Reading): readonly Reading[] {
  const last = history.at(-1);
  if (last !== undefined && reading.at <= last.at) return history;
  return [...history, reading].slice(-HISTORY_MAX);
}
