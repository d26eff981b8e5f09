import type { TrunkStatus } from "@intramuros/contracts";

/**
 * One word for a trunk out of its parts.
 *
 * | part                             | up             | degraded        | down                | unknown          |
 * | -------------------------------- | -------------- | --------------- | ------------------- | ---------------- |
 * | we register                      | registered     | + a peer down   | not registered      | first try is on  |
 * | it registers                     | registered     | –               | not registered      | –                |
 * | peers (OPTIONS, calls)           | some up        | + another down  | all down            | none was asked   |
 */
export interface TrunkParts {
  readonly enabled: boolean;
  readonly peers: readonly {
    readonly state: "up" | "down" | "unknown";
    readonly problem: string;
    readonly host: string;
  }[];
  readonly registration: {
    readonly direction: "ours" | "theirs";
    readonly registered: boolean;
    readonly isFirstTry: boolean;
    readonly problem: string;
  } | null;
}

export function trunkState(parts: TrunkParts): { readonly state: TrunkStatus["state"]; readonly problem: string } {
  if (!parts.enabled) return { state: "disabled", problem: "" };
  const { registration, peers } = parts;
  if (registration !== null && !registration.registered) {
    if (registration.isFirstTry) return { state: "unknown", problem: "" };
    const fallback =
      registration.direction === "theirs" ? "the PBX has not registered with us" : "we are not registered";
    return { state: "down", problem: registration.problem || fallback };
  }
  const down = peers.filter((peer) => peer.state === "down");
  const first = down[0];
  if (first !== undefined) {
    const problem = `${first.host}: ${first.problem}`;
    if (down.length < peers.length) return { state: "degraded", problem };
    // A registration that holds says that the PBX takes us, whatever it does with OPTIONS.
    return registration === null ? { state: "down", problem } : { state: "degraded", problem };
  }
  const isKnown = registration !== null || peers.some((peer) => peer.state === "up");
  return { state: isKnown ? "up" : "unknown", problem: "" };
}
