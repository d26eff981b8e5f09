import { type TrunkStatus, TrunkStatusSchema } from "@intramuros/contracts";
import { Value } from "typebox/value";
import type { StoredTrunk } from "./setup.ts";

/** One status for each trunk, from what telephony told; a trunk that it does not tell of is `unknown` with the reason. */
export function statusOfAll(
  trunks: readonly StoredTrunk[],
  told: { readonly json: string } | { readonly problem: string },
): TrunkStatus[] {
  const known = new Map<string, TrunkStatus>();
  let problem = "problem" in told ? told.problem : "telephony does not know this trunk yet";
  if ("json" in told) {
    const list = readStatuses(told.json);
    if (list === null) problem = "the status of telephony could not be read";
    for (const status of list ?? []) known.set(status.trunkId, status);
  }
  return trunks.map((trunk) => known.get(trunk.id) ?? unknownStatus(trunk, problem));
}

/** Null: not what the contract says. One alone counts as a list of one. */
function readStatuses(json: string): readonly TrunkStatus[] | null {
  try {
    const value: unknown = JSON.parse(json);
    const list = Array.isArray(value) ? value : [value];
    return list.filter((each): each is TrunkStatus => Value.Check(TrunkStatusSchema, each));
  } catch {
    return null;
  }
}

function unknownStatus(trunk: StoredTrunk, problem: string): TrunkStatus {
  return {
    trunkId: trunk.id,
    state: trunk.enabled ? "unknown" : "disabled",
    problem: trunk.enabled ? problem : "",
    peers: [],
    callsNow: 0,
    callsPeak: 0,
    callsLimit: trunk.maxCalls,
    attempts: 0,
    answered: 0,
    failures: [],
  };
}
