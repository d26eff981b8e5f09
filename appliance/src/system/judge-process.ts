import type { ProcessState } from "@intramuros/contracts";

/** What came of asking a process for its readiness. */
export type Asked =
  | { readonly type: "answered"; readonly ready: boolean; readonly problems: readonly string[] }
  | { readonly type: "refused"; readonly problem: string }
  | { readonly type: "silent"; readonly problem: string };

/** How a process stands, and how often in a row it was refused or silent. */
export interface Standing {
  readonly state: ProcessState["state"];
  readonly problem: string;
  readonly misses: number;
}

/** A process that starts anew is not called down at the first miss, and one that is only slow not before the fifth. */
const REFUSED_TO_DOWN = 2;
const SILENT_TO_DOWN = 5;
const PROBLEM_MAX = 500;

/**
 *     asked      answered, no problem  answered with problems or not ready  refused             silent
 *     any state  up                    degraded                             stays; 2nd: down    degraded; 5th: down
 *     down       up                    degraded                             down                down
 */
export function judge(before: Standing, asked: Asked): Standing {
  switch (asked.type) {
    case "answered": {
      const problem = asked.problems.join("; ").slice(0, PROBLEM_MAX) || (asked.ready ? "" : "not ready");
      return { state: problem === "" ? "up" : "degraded", problem, misses: 0 };
    }
    case "refused": {
      const misses = before.misses + 1;
      if (before.state === "down" || misses >= REFUSED_TO_DOWN)
        return { state: "down", problem: asked.problem, misses };
      return { ...before, misses };
    }
    case "silent": {
      const misses = before.misses + 1;
      const down = before.state === "down" || misses >= SILENT_TO_DOWN;
      return { state: down ? "down" : "degraded", problem: asked.problem, misses };
    }
  }
}
