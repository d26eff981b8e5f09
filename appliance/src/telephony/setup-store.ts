import {
  CalendarInputSchema,
  NumberInputSchema,
  QueueInputSchema,
  type SetupInit,
  TrunkInputSchema,
} from "@intramuros/contracts";
import { Value } from "typebox/value";
import { v7 as uuid } from "uuid";
import { HttpFault } from "../http/route.ts";
import type { LiveHub } from "../live/live-hub.ts";
import type { Store, StoreWrite } from "../storage/store.ts";
import { buildSetup, type SetupItem, type SetupKind, type SetupRecords, type StoredTrunk } from "./setup.ts";
import { checkItem, usedBy } from "./setup-check.ts";
import { type HistoryChange, openTrunkHistory, type TrunkHistory } from "./trunk-history-store.ts";

const KINDS = ["trunks", "numbers", "flows", "queues", "phones", "calendars"] as const;
const META = "telephony-setup";
const tableOf = (kind: SetupKind): string => `telephony-${kind}`;
const MAX_ITEMS = 5_000;

/** A record of an earlier version gets the defaults of the fields that it does not know. */
function whole<K extends SetupKind>(kind: K, item: SetupItem<K>): SetupItem<K> {
  const schema = {
    trunks: TrunkInputSchema,
    numbers: NumberInputSchema,
    queues: QueueInputSchema,
    calendars: CalendarInputSchema,
  }[kind as string];
  return schema === undefined ? item : (Value.Default(schema, item) as SetupItem<K>);
}

/** Trunks, numbers, flows, queues and phones: all in memory, each change checked against the rest and durable before it counts. */
export interface SetupStore {
  records(): SetupRecords;
  /** Grows with every change. */
  revision(): number;
  message(): SetupInit;
  /** Throws HttpFault 422 with the field, 409 on a clash. Without `id` the item is new. `by` stands in the history of a trunk. */
  put<K extends SetupKind>(kind: K, item: Omit<SetupItem<K>, "id">, id?: string, by?: string): Promise<SetupItem<K>>;
  /** What each trunk was like before; `put` and `remove` keep it. */
  readonly trunkHistory: Pick<TrunkHistory, "revisionOf" | "list" | "form">;
  /** Throws HttpFault 404, or 409 naming what uses it. */
  remove(kind: SetupKind, id: string): Promise<void>;
  /** True once, in a store that never had a set-up. */
  claimSeed(): Promise<boolean>;
  onChanged(listener: () => void): void;
}

export async function openSetup(deps: {
  readonly store: Store;
  readonly hub: LiveHub;
  readonly now?: () => number;
}): Promise<SetupStore> {
  const now = deps.now ?? Date.now;
  const trunkHistory = await openTrunkHistory(deps.store);
  const read = async <K extends SetupKind>(kind: K): Promise<SetupRecords[K]> => {
    const items: SetupItem<K>[] = [];
    for await (const [, item] of deps.store.entries<SetupItem<K>>(tableOf(kind))) items.push(whole(kind, item));
    return items as unknown as SetupRecords[K];
  };
  let records: SetupRecords = {
    trunks: await read("trunks"),
    numbers: await read("numbers"),
    flows: await read("flows"),
    queues: await read("queues"),
    phones: await read("phones"),
    calendars: await read("calendars"),
  };
  let meta = (await deps.store.get<{ revision: number; seeded: boolean }>(META, "meta")) ?? {
    revision: 0,
    seeded: false,
  };
  const listeners: (() => void)[] = [];
  let turn: Promise<unknown> = Promise.resolve();
  /** One change at a time: each is checked against what the one before it left. */
  const inTurn = <T>(change: () => Promise<T>): Promise<T> => {
    const result = turn.then(change);
    turn = result.catch(() => undefined);
    return result;
  };
  const commit = async (
    writes: readonly StoreWrite[],
    next: SetupRecords,
    kind: SetupKind,
    done: () => void,
  ): Promise<void> => {
    const nextMeta = { ...meta, revision: meta.revision + 1 };
    await deps.store.write([...writes, { table: META, key: "meta", value: nextMeta }]);
    meta = nextMeta;
    records = next;
    done();
    for (const listener of listeners) listener();
    deps.hub.publish({ type: "changed", what: kind });
  };

  const note = (kind: SetupKind, before: object | undefined, after: object | undefined, by: string): HistoryChange =>
    kind === "trunks"
      ? trunkHistory.change(before as StoredTrunk | undefined, after as StoredTrunk | undefined, { by, at: now() })
      : { writes: [], done: () => undefined };

  return {
    records: () => records,
    revision: () => meta.revision,
    trunkHistory,
    message: () => buildSetup(records, meta.revision),
    put: (kind, input, id, by = "process:appliance") =>
      inTurn(async () => {
        const list = records[kind] as readonly SetupItem<typeof kind>[];
        const before = id === undefined ? undefined : list.find((item) => item.id === id);
        if (before === undefined && list.length >= MAX_ITEMS) throw tooMany(kind);
        const item = { ...input, id: id ?? uuid() } as SetupItem<typeof kind>;
        const fault = checkItem(records, kind, item);
        if (fault !== null) {
          const clash = fault.code === "duplicate" || fault.code.endsWith("-taken");
          throw new HttpFault({ status: clash ? 409 : 422, ...fault });
        }
        const next = before === undefined ? [...list, item] : list.map((known) => (known.id === id ? item : known));
        const history = note(kind, before, item, by);
        const writes = [{ table: tableOf(kind), key: item.id, value: item }, ...history.writes];
        await commit(writes, { ...records, [kind]: next }, kind, history.done);
        return item;
      }),
    remove: (kind, id) =>
      inTurn(async () => {
        const list = records[kind] as readonly { readonly id: string }[];
        if (!list.some((item) => item.id === id)) throw notFound(kind);
        const users = usedBy(records, kind, id);
        if (users.length > 0) {
          throw new HttpFault({
            status: 409,
            code: "in-use",
            message: `it is used by: ${users.slice(0, 10).join(", ")}`,
            hint: "change these first, then delete it",
          });
        }
        const next = { ...records, [kind]: list.filter((item) => item.id !== id) };
        const gone = list.find((item) => item.id === id);
        const history = note(kind, gone, undefined, "");
        const writes = [{ table: tableOf(kind), key: id, value: undefined }, ...history.writes];
        await commit(writes, next, kind, history.done);
      }),
    claimSeed: () =>
      inTurn(async () => {
        if (meta.seeded || KINDS.some((kind) => records[kind].length > 0)) return false;
        const next = { ...meta, seeded: true };
        await deps.store.write([{ table: META, key: "meta", value: next }]);
        meta = next;
        return true;
      }),
    onChanged(listener) {
      listeners.push(listener);
    },
  };
}

export const notFound = (what: string): HttpFault =>
  new HttpFault({
    status: 404,
    code: "not-found",
    message: `there is no such record in ${what}`,
    hint: "it may have been deleted; load the list again",
  });
const tooMany = (kind: SetupKind): HttpFault =>
  new HttpFault({
    status: 409,
    code: "too-many",
    message: `there are ${MAX_ITEMS} ${kind} already`,
    hint: "delete some that are not needed",
  });
