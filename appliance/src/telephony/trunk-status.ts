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

/** What is wrong with a trunk, for the alarms of the first page. */
export type TrunkTrouble =
  | { readonly kind: "down" | "degraded"; readonly trunk: string; readonly problem: string }
  | { readonly kind: "certificate"; readonly trunk: string; readonly days: number };

const CERTIFICATE_WARNING_DAYS = 30;
const DAY_MS = 86_400_000;

/** Trunks that are down or partly so, and those whose PBX shows a certificate that holds for less than a month. */
export function troublesOf(
  trunks: readonly StoredTrunk[],
  statuses: readonly TrunkStatus[],
  now: number,
): readonly TrunkTrouble[] {
  return statuses.flatMap((status): TrunkTrouble[] => {
    const trunk = trunks.find((known) => known.id === status.trunkId);
    if (trunk === undefined || !trunk.enabled) return [];
    const { name } = trunk;
    const state = status.state;
    const ends = status.peers.flatMap((peer) => peer.certificateExpiresAt ?? []);
    const days = Math.floor((Math.min(...ends) - now) / DAY_MS);
    return [
      ...(state === "down" || state === "degraded" ? [{ kind: state, trunk: name, problem: status.problem }] : []),
      ...(days < CERTIFICATE_WARNING_DAYS ? [{ kind: "certificate" as const, trunk: name, days }] : []),
    ];
  });
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
