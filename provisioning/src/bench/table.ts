/** What a bench file's function gives. Units are in the figures' names; `peer` says what they are to be held against. */
export interface BenchResult {
  readonly name: string;
  readonly figures: Readonly<Record<string, number>>;
  readonly peer: string;
}

/** Draws results as text: one block a result, one line a figure. */
export function drawTable(results: readonly BenchResult[]): string {
  return results
    .map(({ name, figures, peer }) => {
      const width = Math.max(0, ...Object.keys(figures).map((key) => key.length));
      const lines = Object.entries(figures).map(
        ([key, value]) => `  ${key.padEnd(width)}  ${drawNumber(value).padStart(12)}`,
      );
      return [name, ...lines, `  beside: ${peer}`, ""].join("\n");
    })
    .join("\n");
}

function drawNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en");
  return value.toPrecision(3);
}
