import type { Store, StoreWrite } from "../storage/store.ts";

const TABLE = "trunk-use";

/** How much a trunk has carried: the console shows it beside the trunk. */
export interface TrunkUse {
  /** Counts a call; the writes belong to the batch of the call's first event. */
  offered(trunkId: string, at: number): readonly StoreWrite[];
  of(trunkId: string): { readonly callsTotal: number; readonly lastCallAt?: number };
}

export async function openTrunkUse(store: Store): Promise<TrunkUse> {
  const uses = new Map<string, { readonly callsTotal: number; readonly lastCallAt: number }>();
  for await (const [id, use] of store.entries<{ callsTotal: number; lastCallAt: number }>(TABLE)) uses.set(id, use);
  return {
    offered(trunkId, at) {
      if (trunkId === "") return [];
      const use = { callsTotal: (uses.get(trunkId)?.callsTotal ?? 0) + 1, lastCallAt: at };
      uses.set(trunkId, use);
      return [{ table: TABLE, key: trunkId, value: use }];
    },
    of: (trunkId) => uses.get(trunkId) ?? { callsTotal: 0 },
  };
}
