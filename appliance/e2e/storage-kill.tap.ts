import t from "tap";
import { openLevelStore } from "../src/storage/level-store.ts";
import { orderKey } from "../src/storage/store.ts";
import { makeTestHome } from "../src/storage/test-home-store.ts";
import { crashRound } from "./crash-round.ts";

t.setTimeout(300_000);
const ROUNDS = Number(process.env.INTRAMUROS_CRASH_ROUNDS ?? 8);

t.test(
  `a store killed ${ROUNDS} times while it writes has every acknowledged record`,
  { timeout: 180_000 },
  async (t) => {
    const home = await makeTestHome();
    t.teardown(() => home.remove());
    const acknowledged: number[] = [];
    let first = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const afterMs = 5 + ((round * 37) % 300);
      const { acknowledged: lines, errors } = await crashRound({ what: "store", root: home.root, first, afterMs });
      if (lines.length === 0) t.fail(`round ${round}: the writer did not write: ${errors}`);
      acknowledged.push(...lines.map(Number));
      first = Math.max(...acknowledged) + 100;
      const store = await openLevelStore({ root: home.root });
      const report = await store.scrub();
      if (report.problem !== null || report.damaged.length > 0)
        t.fail(`round ${round}: ${JSON.stringify(report).slice(0, 500)}`);
      await store.close();
    }
    const store = await openLevelStore({ root: home.root });
    let lost = 0;
    let wrong = 0;
    for (const n of acknowledged) {
      const value = await store.get<{ n: number; text: string }>("crash", orderKey(n));
      if (value === undefined) lost += 1;
      else if (value.n !== n || value.text.length !== n % 400) wrong += 1;
    }
    await store.close();
    t.equal(lost, 0, `0 of ${acknowledged.length} acknowledged records lost`);
    t.equal(wrong, 0, "none reads as something else");
    t.ok(acknowledged.length > ROUNDS * 10, "the writer really wrote");
  },
);

t.test(
  "a disk that takes no more stops the store, and loses nothing that was acknowledged",
  { timeout: 60_000 },
  async (t) => {
    const home = await makeTestHome();
    t.teardown(() => home.remove());
    const { acknowledged, errors } = await crashRound({
      what: "store",
      root: home.root,
      first: 0,
      afterMs: 20_000,
      fileLimitKib: 400,
    });
    t.match(errors, /store-failed/, "the writer ends with the store's fault");
    t.match(errors, /check the disk/);
    const store = await openLevelStore({ root: home.root });
    t.match(await store.scrub(), { problem: null, damaged: [] });
    let lost = 0;
    for (const n of acknowledged.map(Number)) if ((await store.get("crash", orderKey(n))) === undefined) lost += 1;
    t.equal(lost, 0, `0 of ${acknowledged.length} acknowledged records lost`);
    await store.write([{ table: "after", key: "1", value: "room again" }]);
    await store.close();
  },
);
