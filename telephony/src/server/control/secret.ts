import { createHash, timingSafeEqual } from "node:crypto";
import type { MonoMs } from "@intramuros/contracts";

/** Compares in a time that depends on neither text. */
export function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text, "latin1").digest();
  return timingSafeEqual(digest(given), digest(expected));
}

export interface AttemptLimit {
  readonly maxFailures: number;
  readonly windowMs: number;
}
export const ATTEMPT_LIMIT: AttemptLimit = { maxFailures: 10, windowMs: 60_000 };

/** Counts wrong secrets by address; an address over the limit is refused unheard until its window is over. */
export interface Attempts {
  isBlocked(address: string, now: MonoMs): boolean;
  failed(address: string, now: MonoMs): void;
  succeeded(address: string): void;
}

const MAX_ADDRESSES = 1000;

export function createAttempts(limit: AttemptLimit = ATTEMPT_LIMIT): Attempts {
  const failures = new Map<string, { count: number; readonly since: MonoMs }>();
  const current = (address: string, now: MonoMs) => {
    const entry = failures.get(address);
    if (entry === undefined) return null;
    if (now - entry.since < limit.windowMs) return entry;
    failures.delete(address);
    return null;
  };
  return {
    isBlocked: (address, now) => (current(address, now)?.count ?? 0) >= limit.maxFailures,
    failed(address, now) {
      const entry = current(address, now);
      if (entry !== null) {
        entry.count++;
        return;
      }
      if (failures.size >= MAX_ADDRESSES) {
        const oldest = failures.keys().next().value;
        if (oldest !== undefined) failures.delete(oldest);
      }
      failures.set(address, { count: 1, since: now });
    },
    succeeded(address) {
      failures.delete(address);
    },
  };
}
