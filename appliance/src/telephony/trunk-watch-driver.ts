import type { TrunkStatus } from "@intramuros/contracts";
import type { LiveHub } from "../live/live-hub.ts";
import type { SetupStore } from "./setup-store.ts";
import type { TelephonyClient } from "./telephony-client.ts";
import { statusOfAll, type TrunkTrouble, troublesOf } from "./trunk-status.ts";

/** Certificates and figures move without an event. */
const EVERY_MS = 30_000;

/** How each trunk does: asked of telephony when somebody looks, when one changes, and now and then for the alarms. */
export interface TrunkWatch {
  ask(): Promise<TrunkStatus[]>;
  /** What stands wrong, as of the latest answer; nothing while telephony itself is away, for that is an alarm of its own. */
  troubles(): readonly TrunkTrouble[];
  close(): void;
}

export function openTrunkWatch(deps: {
  readonly setup: SetupStore;
  readonly telephony: Pick<TelephonyClient, "trunkStatus" | "onTrunkState">;
  readonly hub: LiveHub;
  readonly now: () => number;
}): TrunkWatch {
  let latest: readonly TrunkStatus[] = [];
  const ask = async (): Promise<TrunkStatus[]> => {
    const told = await deps.telephony.trunkStatus("").then(
      (json) => ({ json }),
      (error: Error & { details?: string }) => ({ problem: (error.details || error.message).slice(0, 300) }),
    );
    const statuses = statusOfAll(deps.setup.records().trunks, told);
    latest = statuses;
    return statuses;
  };
  deps.telephony.onTrunkState(() => {
    deps.hub.publish({ type: "changed", what: "trunk-status" });
    void ask();
  });
  const timer = setInterval(() => void ask(), EVERY_MS);
  timer.unref();
  return {
    ask,
    troubles: () => troublesOf(deps.setup.records().trunks, latest, deps.now()),
    close: () => clearInterval(timer),
  };
}
