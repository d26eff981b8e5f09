import { AppError, type CustomerId } from "@intramuros/contracts";
import { checkWrite } from "./check-write.ts";
import type { KeyRange, Store, StoreWrite } from "./store.ts";

interface Kept {
  readonly json: string;
  readonly owner: string | null;
}

const bytewise = (a: string, b: string): number => Buffer.compare(Buffer.from(a, "utf8"), Buffer.from(b, "utf8"));

function inRange(key: string, range: KeyRange): boolean {
  return (
    (range.gt === undefined || bytewise(key, range.gt) > 0) &&
    (range.gte === undefined || range.gt !== undefined || bytewise(key, range.gte) >= 0) &&
    (range.lt === undefined || bytewise(key, range.lt) < 0) &&
    (range.lte === undefined || range.lt !== undefined || bytewise(key, range.lte) <= 0)
  );
}

/** The storage port without a disk, for tests of the rooms. */
export function memoryStore(): Store {
  const tables = new Map<string, Map<string, Kept>>();
  const erased = new Set<string>();
  let closed = false;
  const visible = (kept: Kept | undefined): kept is Kept =>
    kept !== undefined && (kept.owner === null || !erased.has(kept.owner));
  return {
    async get<T>(table: string, key: string): Promise<T | undefined> {
      const kept = tables.get(table)?.get(key);
      return visible(kept) ? (JSON.parse(kept.json) as T) : undefined;
    },
    async *entries<T>(table: string, range: KeyRange = {}) {
      const rows = [...(tables.get(table) ?? [])].filter(([key, kept]) => visible(kept) && inRange(key, range));
      rows.sort(([a], [b]) => (range.reverse ? bytewise(b, a) : bytewise(a, b)));
      for (const [key, kept] of rows.slice(0, range.limit ?? rows.length)) {
        yield [key, JSON.parse(kept.json) as T] as const;
      }
    },
    async write(writes: readonly StoreWrite[]): Promise<void> {
      const rows = writes.map((write) => ({ write, json: checkWrite(write) }));
      if (closed) {
        throw new AppError({
          code: "store-closed",
          message: "the store is closed",
          hint: "the appliance is shutting down",
        });
      }
      if (rows.some(({ write, json }) => json !== null && write.owner !== undefined && erased.has(write.owner))) {
        throw new AppError({
          code: "owner-erased",
          message: "the customer's records were erased; nothing new can be kept under that id",
          hint: "open a new customer record",
        });
      }
      for (const { write, json } of rows) {
        const table = tables.get(write.table) ?? new Map<string, Kept>();
        tables.set(write.table, table);
        if (json === null) table.delete(write.key);
        else table.set(write.key, { json, owner: write.owner ?? null });
      }
    },
    async eraseOwner(owner: CustomerId) {
      erased.add(owner);
    },
    async close() {
      closed = true;
    },
  };
}
