import type { ClaimedCall } from "./doctor-line-driver.ts";

/** Calls that the doctor waits for: the far ends of its loops. They are taken away from the flows, and from nobody else. */
export interface LoopClaims {
  /** Waits for one call of this trunk to this number; undone by what it returns. */
  claim(trunkId: string, number: string, take: (call: ClaimedCall) => void): () => void;
  /** True: the doctor takes this call, and `open` was called. */
  offer(call: { readonly trunkId: string; readonly dialled: string }, open: () => ClaimedCall | null): boolean;
}

/** A PBX may cut off a prefix or put one before: so many last digits must agree, or the whole of a shorter number. */
const SAME_DIGITS = 4;

export function createLoopClaims(): LoopClaims {
  interface Claim {
    readonly trunkId: string;
    readonly number: string;
    readonly take: (call: ClaimedCall) => void;
  }
  const claims = new Set<Claim>();
  return {
    claim(trunkId, number, take) {
      const claim = { trunkId, number, take };
      claims.add(claim);
      return () => void claims.delete(claim);
    },
    offer({ trunkId, dialled }, open) {
      for (const claim of claims) {
        if (claim.trunkId !== trunkId || !isSameNumber(claim.number, dialled)) continue;
        const call = open();
        if (call === null) return false;
        claims.delete(claim);
        claim.take(call);
        return true;
      }
      return false;
    },
  };
}

function isSameNumber(wanted: string, dialled: string): boolean {
  const [a, b] = [wanted, dialled].map((number) => number.replace(/[^0-9A-Za-z*#]/g, "")) as [string, string];
  const length = Math.min(SAME_DIGITS, a.length, b.length);
  return length > 0 && a.slice(-length) === b.slice(-length);
}
