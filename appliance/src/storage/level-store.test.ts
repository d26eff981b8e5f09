import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { asId, type CustomerId } from "@intramuros/contracts";
import { afterEach, describe, expect, test } from "vitest";
import { storeFolder, storeHeadPath } from "./level-files.ts";
import { fullKey, openDb, openLevelStore } from "./level-store.ts";
import { provisionStore } from "./provision.ts";
import { storeSuite } from "./store-suite.ts";
import { makeTestHome } from "./test-home-store.ts";

const homes: { remove(): void }[] = [];
afterEach(() => {
  for (const home of homes.splice(0)) home.remove();
});
async function newRoot(): Promise<string> {
  const home = await makeTestHome();
  homes.push(home);
  return home.root;
}
const raw = async (root: string, work: (db: ReturnType<typeof openDb>) => Promise<void>): Promise<void> => {
  const db = openDb(storeFolder(root), false);
  await db.open();
  await work(db);
  await db.close();
};
const filled = async (): Promise<string> => {
  const root = await newRoot();
  const store = await openLevelStore({ root });
  for (let n = 0; n < 20; n += 1) {
    await store.write([
      { table: "t", key: `k${n}`, value: { n } },
      { table: "c", key: `k${n}`, value: { n }, owner: asId<CustomerId>(`c${n % 3}`) },
    ]);
  }
  await store.close();
  return root;
};

describe("level store", () => {
  storeSuite(async () => openLevelStore({ root: await newRoot() }));

  test("what was written is there after closing and opening, under the customer's key too", async () => {
    const root = await filled();
    const store = await openLevelStore({ root });
    expect(await store.get("t", "k7")).toEqual({ n: 7 });
    expect(await store.get("c", "k7")).toEqual({ n: 7 });
    // 40 records and the keys of three customers
    expect(await store.scrub()).toEqual({ records: 43, damaged: [], problem: null });
    expect((await store.stats()).records).toBe(43);
    await store.close();
  });

  test("no word of a value can be read in the files", async () => {
    const root = await newRoot();
    const store = await openLevelStore({ root });
    await store.write([
      { table: "t", key: "k", value: "canary-of-the-house" },
      { table: "t", key: "l", value: "canary-of-anna", owner: asId<CustomerId>("anna") },
    ]);
    await store.close();
    const folder = storeFolder(root);
    for (const name of readdirSync(folder)) {
      const bytes = readFileSync(path.join(folder, name)).toString("latin1");
      expect(bytes).not.toContain("canary");
    }
  });

  test("a value moved to another key or another table is refused, not served", async () => {
    const root = await filled();
    await raw(root, async (db) => {
      const value = (await db.get(fullKey({ table: "t", key: "k1" }))) as Buffer;
      await db.put(fullKey({ table: "t", key: "k2" }), value);
      await db.put(fullKey({ table: "u", key: "k1" }), value);
    });
    const store = await openLevelStore({ root });
    await expect(store.get("t", "k2")).rejects.toMatchObject({ code: "record-damaged", message: /t\/k2/ });
    await expect(store.get("u", "k1")).rejects.toMatchObject({ code: "record-damaged" });
    const report = await store.scrub();
    expect(report.damaged.map(({ table, key }) => `${table}/${key}`)).toEqual(["t/k2", "u/k1"]);
    await store.close();
  });

  test("each single flipped bit of a stored value is refused and named by the scrub", async () => {
    const root = await newRoot();
    const store = await openLevelStore({ root });
    await store.write([{ table: "t", key: "k", value: "x", owner: asId<CustomerId>("a") }]);
    await store.close();
    const full = fullKey({ table: "t", key: "k" });
    let good: Buffer = Buffer.alloc(0);
    await raw(root, async (db) => {
      good = (await db.get(full)) as Buffer;
    });
    for (let bit = 0; bit < good.length * 8; bit += 11) {
      const bad = Buffer.from(good);
      bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await raw(root, (db) => db.put(full, bad));
      const again = await openLevelStore({ root });
      await expect(again.get("t", "k"), `bit ${bit}`).rejects.toMatchObject({ code: "record-damaged" });
      expect((await again.scrub()).damaged).toEqual([{ table: "t", key: "k", problem: "its seal is broken" }]);
      await again.close();
    }
  });

  test("a record that vanished, and an old version put back, are found by the scrub", async () => {
    const root = await filled();
    let old: Buffer = Buffer.alloc(0);
    await raw(root, async (db) => {
      old = (await db.get("t!k1")) as Buffer;
    });
    const store = await openLevelStore({ root });
    await store.write([{ table: "t", key: "k1", value: "newer" }]);
    await store.close();
    await raw(root, (db) => db.put("t!k1", old));
    const rolledBack = await openLevelStore({ root });
    expect((await rolledBack.scrub()).problem).toBe("a record is not the latest one that was written");
    await rolledBack.close();
    await raw(root, (db) => db.del("t!k1"));
    const lossy = await openLevelStore({ root });
    expect((await lossy.scrub()).problem).toBe("1 of 43 records are missing");
    await lossy.close();
  });

  test("a store whose log lost a commit, or was cut off at its end, does not open", async () => {
    const root = await filled();
    await raw(root, (db) => db.del("~commit!0000000000000007"));
    await expect(openLevelStore({ root })).rejects.toMatchObject({ code: "store-damaged", message: /commit 7/ });

    const cut = await newRoot();
    const head = readFileSync(storeHeadPath(cut), "utf8");
    const store = await openLevelStore({ root: cut });
    await store.write([{ table: "t", key: "k", value: 1 }]);
    await store.close();
    expect(readFileSync(storeHeadPath(cut), "utf8")).not.toBe(head);
    const folder = storeFolder(cut);
    const log = readdirSync(folder).find((name) => name.endsWith(".log")) ?? "";
    writeFileSync(path.join(folder, log), "");
    await expect(openLevelStore({ root: cut })).rejects.toMatchObject({ code: "store-damaged" });
  });

  test("an emptied store is refused by the opening and by the set-up", async () => {
    const root = await filled();
    rmSync(path.join(storeFolder(root), "CURRENT"));
    await expect(openLevelStore({ root })).rejects.toMatchObject({ code: "store-unreadable" });
    await expect(provisionStore(root)).rejects.toMatchObject({ code: "store-gone" });
    rmSync(storeFolder(root), { recursive: true });
    await expect(provisionStore(root)).rejects.toMatchObject({ code: "store-gone" });
    expect(existsSync(storeFolder(root))).toBe(false);
  });

  test("the set-up run again changes nothing", async () => {
    const root = await filled();
    await provisionStore(root);
    const store = await openLevelStore({ root });
    expect(await store.get("t", "k3")).toEqual({ n: 3 });
    await store.close();
  });

  test("another master key opens nothing", async () => {
    const root = await filled();
    writeFileSync(path.join(root, "keys", "master.key"), `${"0".repeat(64)}\n`);
    await expect(openLevelStore({ root })).rejects.toMatchObject({ code: "store-damaged" });
    writeFileSync(path.join(root, "keys", "master.key"), "not a key\n");
    await expect(openLevelStore({ root })).rejects.toMatchObject({ code: "master-key-invalid" });
  });

  test("two processes cannot open one store", async () => {
    const root = await newRoot();
    const store = await openLevelStore({ root });
    await expect(openLevelStore({ root })).rejects.toMatchObject({ code: "store-locked" });
    await store.close();
  });

  test("an erased customer stays erased after closing and opening", async () => {
    const root = await filled();
    const store = await openLevelStore({ root });
    await store.eraseOwner(asId<CustomerId>("c1"));
    await store.close();
    const again = await openLevelStore({ root });
    expect(await again.get("c", "k1")).toBeUndefined();
    expect(await again.get("c", "k2")).toEqual({ n: 2 });
    expect(await again.scrub()).toEqual({ records: 43, damaged: [], problem: null });
    await again.close();
  });
});
