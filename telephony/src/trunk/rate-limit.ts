/** So many at once, so many a second after that; the rest is left out. A scanner must not fill the books of the appliance. */
export interface RateLimit {
  readonly burst: number;
  readonly perSecond: number;
}
export interface Allowance {
  readonly left: number;
  readonly atMs: number;
}

export const fullAllowance = (limit: RateLimit, nowMs: number): Allowance => ({ left: limit.burst, atMs: nowMs });

/** Takes one; `allowed` false when there is none left. */
export function takeOne(
  before: Allowance,
  limit: RateLimit,
  nowMs: number,
): { readonly allowance: Allowance; readonly allowed: boolean } {
  const grown = before.left + (Math.max(0, nowMs - before.atMs) * limit.perSecond) / 1000;
  const left = Math.min(limit.burst, grown);
  const allowed = left >= 1;
  return { allowance: { left: allowed ? left - 1 : left, atMs: nowMs }, allowed };
}
