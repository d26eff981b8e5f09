import { asId, type CustomerId } from "@intramuros/contracts";
import { expect, test } from "vitest";
import { orderKey, type Store } from "./store.ts";

/** What every adapter of the storage port must do. `open` gives an empty store. */
export function storeSuite(open: () => Promise<Store>): void {
  const anna = asId<CustomerId>("anna");
  const boris = asId<CustomerId>("boris");
  const all = async <T>(rows: AsyncIterable<readonly [string, T]>): Promise<[string, T][]> => {
    const list: [string, T][] = [];
    for await (const [key, value] of rows) list.push([key, value]);
    return list;
  };
  const withStore = async (work: (store: Store) => Promise<void>): Promise<void> => {
    const store = await open();
    try {
      await work(store);
    } finally {
      await store.close();
    }
  };

  test("a record that was written is read back as it was", () =>
    withStore(async (store) => {
      const value = { text: "转账限额 é 🙂", numbers: [1, -2.5, 0], nested: { yes: true, none: null } };
      await store.write([{ table: "articles", key: "a", value }]);
      expect(await store.get("articles", "a")).toEqual(value);
      expect(await store.get("articles", "b")).toBeUndefined();
      expect(await store.get("article", "a")).toBeUndefined();
    }));

  test("a value changed after the write was asked for is kept as it was then", () =>
    withStore(async (store) => {
      const value = { count: 1 };
      const written = store.write([{ table: "t", key: "k", value }]);
      value.count = 2;
      await written;
      expect(await store.get("t", "k")).toEqual({ count: 1 });
    }));

  test("entries come in the bytewise order of their keys, within the range, from either end, up to the limit", () =>
    withStore(async (store) => {
      const keys = ["a", "b/1", "b/10", "b/2", "c", "é", "中", "\u{1f600}", "\uff5e"];
      const sorted = [...keys].sort((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y)));
      await store.write(keys.map((key) => ({ table: "t", key, value: key })));
      await store.write([
        { table: "t-2", key: "b", value: "other table" },
        { table: "s", key: "b", value: "other table" },
      ]);
      const names = async (range?: Parameters<Store["entries"]>[1]) =>
        (await all(store.entries<string>("t", range))).map(([key]) => key);
      expect(await names()).toEqual(sorted);
      expect(await names({ reverse: true })).toEqual([...sorted].reverse());
      expect(await names({ gt: "b/1", lte: "c" })).toEqual(["b/10", "b/2", "c"]);
      expect(await names({ gte: "b/1", lt: "c" })).toEqual(["b/1", "b/10", "b/2"]);
      expect(await names({ gte: "b/", reverse: true, limit: 2 })).toEqual([...sorted].reverse().slice(0, 2));
      expect(await names({ limit: 0 })).toEqual([]);
    }));

  test("numbers as order keys sort as numbers", () =>
    withStore(async (store) => {
      await store.write([10, 9, 1000, 0].map((n) => ({ table: "t", key: orderKey(n), value: n })));
      expect((await all(store.entries<number>("t"))).map(([, n]) => n)).toEqual([0, 9, 10, 1000]);
    }));

  test("undefined deletes, and the later write of a batch wins", () =>
    withStore(async (store) => {
      await store.write([
        { table: "t", key: "a", value: 1 },
        { table: "t", key: "a", value: 2 },
        { table: "t", key: "b", value: 1 },
      ]);
      await store.write([
        { table: "t", key: "b", value: undefined },
        { table: "t", key: "never-there", value: undefined },
      ]);
      expect(await all(store.entries("t"))).toEqual([["a", 2]]);
    }));

  test("a batch with one impossible write leaves nothing behind", () =>
    withStore(async (store) => {
      for (const bad of [
        { table: "no_such!", key: "k", value: 1 },
        { table: "t", key: "", value: 1 },
        { table: "t", key: "a\u0000b", value: 1 },
        { table: "t", key: "x".repeat(201), value: 1 },
      ]) {
        await expect(store.write([{ table: "t", key: "good", value: 1 }, bad])).rejects.toThrow();
      }
      expect(await all(store.entries("t"))).toEqual([]);
    }));

  test("many writes at once are all there, and the last of each key is the one kept", () =>
    withStore(async (store) => {
      await Promise.all(
        Array.from({ length: 500 }, (_, n) =>
          store.write([
            { table: "t", key: `k${n % 50}`, value: n },
            { table: "u", key: orderKey(n), value: { n }, owner: n % 2 === 0 ? anna : boris },
          ]),
        ),
      );
      expect((await all(store.entries("u"))).map(([, value]) => value)).toEqual(
        Array.from({ length: 500 }, (_, n) => ({ n })),
      );
      expect(new Map(await all<number>(store.entries("t"))).get("k7")).toBe(457);
    }));

  test("an erased customer's records are gone for readers, another's are not, and nothing new is kept for the erased one", () =>
    withStore(async (store) => {
      await store.write([
        { table: "t", key: "a", value: "of anna", owner: anna },
        { table: "t", key: "b", value: "of boris", owner: boris },
        { table: "t", key: "c", value: "of the house" },
      ]);
      await store.eraseOwner(anna);
      expect(await store.get("t", "a")).toBeUndefined();
      expect((await all(store.entries("t", { limit: 2 }))).map(([key]) => key)).toEqual(["b", "c"]);
      await expect(store.write([{ table: "t", key: "d", value: 1, owner: anna }])).rejects.toMatchObject({
        code: "owner-erased",
      });
      await store.write([{ table: "t", key: "a", value: undefined, owner: anna }]);
      expect(await store.get("t", "d")).toBeUndefined();
      expect(await store.get("t", "b")).toBe("of boris");
    }));

  test("a closed store takes nothing more", async () => {
    const store = await open();
    await store.close();
    await expect(store.write([{ table: "t", key: "k", value: 1 }])).rejects.toMatchObject({ code: "store-closed" });
  });
}
