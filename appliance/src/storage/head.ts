import { createHmac } from "node:crypto";

/**
 * What the store must hold: the number of the last commit, the number of records, and the sum of the keyed hashes of all of them
 * (modulo 2^256; the order does not matter, so that a change costs one subtraction and one addition). LevelDB loses records from a
 * damaged log without a word; the sum and the numbers do not come out then.
 */
export interface Head {
  readonly commit: number;
  readonly records: number;
  readonly sum: bigint;
}

const MODULUS = 1n << 256n;
export const emptyHead: Head = { commit: 0, records: 0, sum: 0n };

export const recordHash = (hashKey: Buffer, fullKey: string, sealed: Buffer): bigint =>
  BigInt(`0x${createHmac("sha256", hashKey).update(`${fullKey}\0`).update(sealed).digest("hex")}`);

/** The head after a record came (`after`), went (`before`) or changed (both). */
export function changeHead(head: Head, before: bigint | null, after: bigint | null): Head {
  const sum = (head.sum - (before ?? 0n) + (after ?? 0n) + MODULUS) % MODULUS;
  return { commit: head.commit, records: head.records + (after === null ? 0 : 1) - (before === null ? 0 : 1), sum };
}

export const writeHead = (head: Head): string =>
  JSON.stringify({ commit: head.commit, records: head.records, sum: head.sum.toString(16) });

/** Null when the text is not a head. */
export function readHead(text: string): Head | null {
  try {
    const { commit, records, sum } = JSON.parse(text) as Record<string, unknown>;
    if (!Number.isSafeInteger(commit) || !Number.isSafeInteger(records) || typeof sum !== "string") return null;
    return { commit: commit as number, records: records as number, sum: BigInt(`0x${sum}`) };
  } catch {
    return null;
  }
}
