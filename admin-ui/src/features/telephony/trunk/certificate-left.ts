const DAY_MS = 86_400_000;
const WARN_DAYS = 30;
const BAD_DAYS = 7;

/** Whole days that a certificate still holds, less than none when it has expired. */
export function certificateLeft(
  expiresAt: number,
  now: number,
): { readonly days: number; readonly tone: "good" | "warn" | "bad" } {
  const days = Math.floor((expiresAt - now) / DAY_MS);
  return { days, tone: days < BAD_DAYS ? "bad" : days < WARN_DAYS ? "warn" : "good" };
}
