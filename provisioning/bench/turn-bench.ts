import type { CommissioningReport } from "@intramuros/contracts";
import { openHouse } from "../e2e/house.ts";

const CALLS = 20;

/** What a caller waits: from the last word to the first sound of the answer, over real SIP and RTP, one call after the other. */
export async function benchTurn(): Promise<{ name: string; figures: Record<string, number>; peer: string }> {
  const house = await openHouse({ portBase: 33000 });
  try {
    const reports: CommissioningReport[] = [];
    for (let n = 0; n < CALLS; n++) {
      const result = house.npm("call", ["--say", "What is my daily transfer limit?", "--json"]);
      const line = result.output.split("\n").findLast((text) => text.startsWith("{"));
      if (line !== undefined) reports.push(JSON.parse(line) as CommissioningReport);
    }
    const of = (pick: (report: CommissioningReport) => number): number[] => reports.map(pick).sort((a, b) => a - b);
    const response = of((report) => report.latencyMs.response);
    return {
      name: "turn latency, English question of two seconds, ms",
      figures: {
        calls: CALLS,
        "calls right": reports.filter((report) => report.ok).length,
        "response p50": quantile(response, 0.5),
        "response p95": quantile(response, 0.95),
        "endpoint p50": quantile(
          of((report) => report.latencyMs.endpoint),
          0.5,
        ),
        "recognition p50": quantile(
          of((report) => report.latencyMs.recognition),
          0.5,
        ),
        "dialogue p50": quantile(
          of((report) => report.latencyMs.dialogue),
          0.5,
        ),
        "synthesis p50": quantile(
          of((report) => report.latencyMs.synthesis),
          0.5,
        ),
      },
      peer: "budget: response p95 < 800 ms; measured stacks of the field about 1,400 ms p50",
    };
  } finally {
    await house.close();
  }
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}
