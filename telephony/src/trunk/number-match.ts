import type { NumberMessage } from "./set-up.ts";

/**
 * Which entry a dialled number belongs to. Entries of the trunk come before entries of any trunk; within each, the exact number
 * before the longest prefix before `*`. A leading `+` and visual separators make no difference.
 */
export function matchNumber(
  numbers: readonly NumberMessage[],
  call: { readonly trunkId: string; readonly dialled: string },
): NumberMessage | null {
  const dialled = normalize(call.dialled);
  const own = best(
    numbers.filter((entry) => entry.trunkId !== "" && entry.trunkId === call.trunkId),
    dialled,
  );
  return (
    own ??
    best(
      numbers.filter((entry) => entry.trunkId === ""),
      dialled,
    )
  );
}

export const normalize = (number: string): string => number.replace(/[\s().-]/g, "").replace(/^\+/, "");

function best(entries: readonly NumberMessage[], dialled: string): NumberMessage | null {
  let found: NumberMessage | null = null;
  let foundScore = -1;
  for (const entry of entries) {
    const score = scoreOf(entry.pattern, dialled);
    if (score > foundScore) {
      found = entry;
      foundScore = score;
    }
  }
  return found;
}

/** -1: no match; the longer the part that agrees, the higher. */
function scoreOf(pattern: string, dialled: string): number {
  if (pattern === "*") return 0;
  if (pattern.endsWith("*")) {
    const prefix = normalize(pattern.slice(0, -1));
    return dialled.startsWith(prefix) ? prefix.length : -1;
  }
  return normalize(pattern) === dialled ? Number.MAX_SAFE_INTEGER : -1;
}
