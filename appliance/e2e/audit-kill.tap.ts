import t from "tap";
import { openAuditLog } from "../src/audit/level-audit-store.ts";
import { verifyHome } from "../src/audit/verify-store.ts";
import { makeTestHome } from "../src/storage/test-home-store.ts";
import { crashRound } from "./crash-round.ts";

t.setTimeout(300_000);
const ROUNDS = Number(process.env.INTRAMUROS_CRASH_ROUNDS ?? 8);

t.test(
  `an audit log killed ${ROUNDS} times while it writes has every acknowledged entry at its index`,
  { timeout: 180_000 },
  async (t) => {
    const home = await makeTestHome();
    t.teardown(() => home.remove());
    const acknowledged = new Map<number, number>(); // index → number
    let first = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const afterMs = 5 + ((round * 131) % 1_300); // beyond a second: a checkpoint is signed meanwhile
      const { acknowledged: lines, errors } = await crashRound({ what: "audit", root: home.root, first, afterMs });
      if (lines.length === 0) t.fail(`round ${round}: the writer did not write: ${errors}`);
      for (const line of lines) {
        const [n, index] = line.split(" ").map(Number) as [number, number];
        if (acknowledged.has(index)) t.fail(`index ${index} was given twice`);
        acknowledged.set(index, n);
        first = Math.max(first, n + 100);
      }
      const verdict = await verifyHome(home.root);
      // The very first round may die before the first checkpoint beside the log is there.
      if (!verdict.ok) t.fail(`round ${round}: ${verdict.problem}`);
    }
    const log = await openAuditLog({ root: home.root, version: "crash" });
    t.ok(log.size() >= acknowledged.size, "the log holds at least what was acknowledged");
    let missing = 0;
    let cursor: string | undefined = "0";
    while (cursor !== undefined) {
      const page: Awaited<ReturnType<typeof log.page>> = await log.page({ limit: 1_000, order: "oldest", cursor });
      for (const entry of page.items) {
        const n = acknowledged.get(entry.seq);
        if (n === undefined) continue;
        if (entry.detail.n !== n) missing += 1;
        acknowledged.delete(entry.seq);
      }
      cursor = page.next;
    }
    t.equal(missing + acknowledged.size, 0, `each of ${log.size()} entries is where it was acknowledged`);
    const verdict = await log.verify();
    t.match(verdict, { ok: true });
    await log.close();
  },
);
