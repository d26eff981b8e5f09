import type { Overview } from "@intramuros/contracts";
import type { TrunkTrouble } from "../telephony/trunk-status.ts";

/** The conversation figures of the first page. The conversations room keeps them up to date with each event; reading them is free. */
export interface OverviewSource {
  figures(): OverviewFigures;
  trunkTroubles(): readonly TrunkTrouble[];
}

/** `hourly` covers the last 24 hours, oldest first; `today` starts at local midnight. */
export type OverviewFigures = Pick<Overview, "live" | "mood" | "today" | "hourly" | "openTasks">;
