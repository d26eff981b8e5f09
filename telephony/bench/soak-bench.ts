import type { BenchResult } from "./sip-bench.ts";
import { openRig, type RigOptions } from "./sip-bench-rig.ts";

/**
 * 100,000 calls through the SIP server: its resident memory after each 10,000, which grows until the collector finds it worth while, and
 * what is in use and left when all timers are over, after the first 30,000 and after all: what a call leaks would show between the two.
 */
const CALLS = 100_000;
const STEP = 10_000;
const RATE = 600;
const FIRST = 30_000;
/** Longer than any timer that keeps a transaction (64 × T1, and 64 s for an application), so that what is left then is left for ever. */
const TIMERS_MS = 68_000;

export async function benchSoak(options: RigOptions = {}): Promise<BenchResult> {
  const rig = await openRig(options);
  try {
    await rig.sipp({ rate: 100, calls: 500 });
    const figures: Record<string, number> = {};
    let failed = 0;
    let usedFirst = 0;
    const afterTimers = async (): Promise<number> => {
      await new Promise((resolve) => setTimeout(resolve, TIMERS_MS));
      return rig.serverUsedKiB();
    };
    for (let calls = STEP; calls <= CALLS; calls += STEP) {
      failed += (await rig.sipp({ rate: RATE, calls: STEP })).failed;
      const kiB = rig.serverRssKiB();
      figures[`server MiB after ${calls}`] = Math.round(kiB / 102.4) / 10;
      if (calls === FIRST) usedFirst = await afterTimers();
      console.error(`  ${calls} calls: ${Math.round(kiB / 1024)} MiB, ${failed} failed`);
    }
    const used = await afterTimers();
    figures[`MiB in use after ${FIRST} and the timers`] = Math.round(usedFirst / 102.4) / 10;
    figures[`MiB in use after ${CALLS} and the timers`] = Math.round(used / 102.4) / 10;
    figures["bytes left of a call"] = Math.round(((used - usedFirst) * 1024) / (CALLS - FIRST));
    figures["calls failed"] = failed;
    const { serverTransactions, clientTransactions, dialogs, waiting, bugs } = (await rig.figures()) ?? {};
    Object.assign(figures, { serverTransactions, clientTransactions, dialogs, waiting, bugs });
    return { name: "SIP soak, 100,000 calls", figures, peer: "limit: memory flat, nothing left after the timers" };
  } finally {
    await rig.close();
  }
}
