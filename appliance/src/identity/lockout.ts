/**
 * Failed sign-ins of one account from one source.
 *
 *     state      a failure                             a success    time
 *     counting   n+1; the fifth within 15 min: locked  forgotten    15 min after the first: forgotten
 *     locked     not asked, not counted                –            15 min after locking: forgotten
 */
export type Attempts =
  | { readonly at: "counting"; readonly failures: number; readonly since: number }
  | { readonly at: "locked"; readonly until: number };

export const MAX_FAILURES = 5;
export const LOCK_MS = 15 * 60_000;

export const isLocked = (attempts: Attempts | undefined, now: number): boolean =>
  attempts?.at === "locked" && now < attempts.until;

export const isForgotten = (attempts: Attempts, now: number): boolean =>
  attempts.at === "locked" ? now >= attempts.until : now - attempts.since >= LOCK_MS;

export function afterFailure(attempts: Attempts | undefined, now: number): Attempts {
  const before =
    attempts === undefined || isForgotten(attempts, now)
      ? { at: "counting" as const, failures: 0, since: now }
      : attempts;
  if (before.at === "locked") return before;
  const failures = before.failures + 1;
  return failures >= MAX_FAILURES ? { at: "locked", until: now + LOCK_MS } : { ...before, failures };
}
