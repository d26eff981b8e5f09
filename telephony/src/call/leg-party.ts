/** Who stands behind a rung leg: a registered phone, or a number through a trunk. What is not so is empty. */
export interface LegParty {
  readonly phoneId: string;
  readonly target: string;
  readonly trunkId: string;
}
export const NOBODY: LegParty = { phoneId: "", target: "", trunkId: "" };
