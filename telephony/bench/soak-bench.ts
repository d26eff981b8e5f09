import type { BenchResult } from "./sip-bench.ts";
import { openRig, type RigOptions } from "./sip-bench-rig.ts";

/**
 * 100,000 calls through the SIP server: its memory after each 10,000, and what is left when all timers are over. Flat is when the second
 * half has added little to the first: what a transaction or dialog leaks would show as KiB per 1000 calls.
 */
const CALLS = 100_000;
const STEP = 10_000;
const RATE = 600;
/** Longer than any timer that keeps a transaction (64 × T1), so that what is left then is left for ever. */
const TIMERS_MS = 36_000;

export async function benchSoak(options: RigOptions = {}): Promise<BenchResult> {
  const rig = await openRig(options);
  try {
    await rig.sipp({ rate: 100, calls: 500 });
    const figures: Record<string, number> = {};
    let failed = 0;
    const memory: number[] = [];
    for (let calls = STEP; calls <= CALLS; calls += STEP) {
      failed += (await rig.sipp({ rate: RATE, calls: STEP })).failed;
      const kiB = rig.serverRssKiB();
      memory.push(kiB);
      figures[`server MiB after ${calls}`] = Math.round(kiB / 102.4) / 10;
      console.error(`  ${calls} calls: ${Math.round(kiB / 1024)} MiB, ${failed} failed`);
    }
    await new Promise((resolve) => setTimeout(resolve, TIMERS_MS));
    const half = memory.length / 2;
    figures["KiB per 1000 calls, second half"] =
      Math.round((((memory.at(-1) ?? 0) - (memory[half - 1] ?? 0)) / (CALLS / 2 / 1000)) * 10) / 10;
    figures["calls failed"] = failed;
    const { serverTransactions, clientTransactions, dialogs, waiting, bugs } = (await rig.figures()) ?? {};
    Object.assign(figures, { serverTransactions, clientTransactions, dialogs, waiting, bugs });
    return { name: "SIP soak, 100,000 calls", figures, peer: "limit: memory flat, nothing left after the timers" };
  } finally {
    await rig.close();
  }
}
