import { asId, type CustomerId } from "@intramuros/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openLevelStore } from "./level-store.ts";
import { memoryStore } from "./memory-store.ts";
import type { Store } from "./store.ts";
import { makeTestHome } from "./test-home-store.ts";

const owners = ["a", "b"].map((name) => asId<CustomerId>(name));
const write = fc.record({
  table: fc.constantFrom("t", "t-2", "u"),
  key: fc.constantFrom("1", "10", "2", "é", "中", "\u{1f600}", "a/b"),
  value: fc.oneof(fc.constant(undefined), fc.jsonValue({ maxDepth: 2 })),
  owner: fc.constantFrom(undefined, ...owners),
});
type Write = typeof write extends fc.Arbitrary<infer W> ? W : never;
type Step =
  | {
      readonly type: "write";
      readonly batches: readonly (readonly Write[])[];
    }
  | { readonly type: "erase"; readonly owner: CustomerId }
  | { readonly type: "reopen" };
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant("write" as const),
      batches: fc.array(fc.array(write, { maxLength: 4 }), { maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("erase" as const), owner: fc.constantFrom(...owners) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("reopen" as const) }) },
);

async function contents(store: Store): Promise<unknown[]> {
  const all: unknown[] = [];
  for (const table of ["t", "t-2", "u"]) {
    for (const reverse of [false, true]) {
      for await (const [key, value] of store.entries(table, { reverse, gte: "10" })) all.push([table, key, value]);
    }
  }
  return all;
}

test("whatever is written, erased and reopened, the store on disk answers as the one in memory does, and scrubs clean", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const home = await makeTestHome();
      const memory = memoryStore();
      let level = await openLevelStore({ root: home.root });
      try {
        for (const one of steps) {
          if (one.type === "reopen") {
            await level.close();
            level = await openLevelStore({ root: home.root });
          } else if (one.type === "erase") {
            await Promise.all([level, memory].map((store) => store.eraseOwner(one.owner)));
          } else {
            const results = await Promise.all(
              [level, memory].map((store) =>
                Promise.allSettled(
                  one.batches.map((batch) =>
                    store.write(
                      batch.map(({ owner, ...rest }) => ({ ...rest, ...(owner === undefined ? {} : { owner }) })),
                    ),
                  ),
                ),
              ),
            );
            expect(results[0]?.map(({ status }) => status)).toEqual(results[1]?.map(({ status }) => status));
          }
        }
        expect(await contents(level)).toEqual(await contents(memory));
        expect(await level.scrub()).toMatchObject({ damaged: [], problem: null });
      } finally {
        await level.close();
        home.remove();
      }
    }),
    { numRuns: 40 },
  );
});
