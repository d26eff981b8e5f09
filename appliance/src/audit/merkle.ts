import { hash } from "node:crypto";

/**
 * The Merkle tree of RFC 6962 §2.1 (the same as RFC 9162 §2.1.1): SHA-256, leaves prefixed with 0x00 and nodes with 0x01, so that no
 * node can be shown as a leaf.
 */
export const HASH_BYTES = 32;

const sha256 = (data: Uint8Array): Buffer => hash("sha256", data, "buffer");
const LEAF = Buffer.of(0);

export const emptyRoot: Buffer = sha256(new Uint8Array(0));

export const leafHash = (data: Uint8Array): Buffer => sha256(Buffer.concat([LEAF, data]));

const nodeInput = Buffer.alloc(1 + 2 * HASH_BYTES, 1);
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + HASH_BYTES);
  return sha256(nodeInput);
}

/** A tree that grows: the roots of its perfect subtrees, largest first, one for each bit of `size`. */
export interface Frontier {
  readonly size: number;
  readonly peaks: readonly Buffer[];
}

export const emptyFrontier: Frontier = { size: 0, peaks: [] };

export function growFrontier(frontier: Frontier, leaf: Buffer): Frontier {
  const peaks = [...frontier.peaks];
  let node = leaf;
  for (let n = frontier.size; n % 2 === 1; n = Math.floor(n / 2)) {
    const left = peaks.pop();
    if (left !== undefined) node = nodeHash(left, node);
  }
  peaks.push(node);
  return { size: frontier.size + 1, peaks };
}

export function frontierRoot(frontier: Frontier): Buffer {
  const [last, ...rest] = [...frontier.peaks].reverse();
  return last === undefined ? emptyRoot : rest.reduce((right, left) => nodeHash(left, right), last);
}

/** Gives the root of the perfect subtree of 2^level leaves that starts at leaf index·2^level. */
export type NodeReader = (level: number, index: number) => Promise<Buffer>;

/** Largest power of two below `n`, n ≥ 2. */
function splitPoint(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** MTH(D[start:end]); `start` is a multiple of the largest power of two in the range. */
export async function subtreeRoot(read: NodeReader, start: number, end: number): Promise<Buffer> {
  const n = end - start;
  if (n === 0) return emptyRoot;
  const level = Math.log2(n);
  if (Number.isInteger(level)) return read(level, start / n);
  const k = splitPoint(n);
  const [left, right] = await Promise.all([subtreeRoot(read, start, start + k), subtreeRoot(read, start + k, end)]);
  return nodeHash(left, right);
}

/** PATH(index, D[0:size]), RFC 6962 §2.1.1. */
export async function inclusionProof(read: NodeReader, index: number, size: number): Promise<Buffer[]> {
  const path = async (at: number, start: number, end: number): Promise<Buffer[]> => {
    if (end - start <= 1) return [];
    const k = splitPoint(end - start);
    return at - start < k
      ? [...(await path(at, start, start + k)), await subtreeRoot(read, start + k, end)]
      : [...(await path(at, start + k, end)), await subtreeRoot(read, start, start + k)];
  };
  return path(index, 0, size);
}

/** PROOF(first, D[0:second]), RFC 6962 §2.1.2; 0 < first ≤ second. */
export async function consistencyProof(read: NodeReader, first: number, second: number): Promise<Buffer[]> {
  const prove = async (m: number, start: number, end: number, whole: boolean): Promise<Buffer[]> => {
    const n = end - start;
    if (m === n) return whole ? [] : [await subtreeRoot(read, start, end)];
    const k = splitPoint(n);
    return m <= k
      ? [...(await prove(m, start, start + k, whole)), await subtreeRoot(read, start + k, end)]
      : [...(await prove(m - k, start + k, end, false)), await subtreeRoot(read, start, start + k)];
  };
  return first === 0 ? [] : prove(first, 0, second, true);
}

const half = (n: number): number => Math.floor(n / 2);
const isSize = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;
const areHashes = (proof: readonly Uint8Array[]): boolean => proof.every((node) => node.length === HASH_BYTES);

/** RFC 9162 §2.1.3.2. */
export function verifyInclusion(claim: {
  readonly index: number;
  readonly size: number;
  readonly leaf: Uint8Array;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}): boolean {
  if (!isSize(claim.index) || !isSize(claim.size) || claim.index >= claim.size || !areHashes(claim.proof)) return false;
  let fn = claim.index;
  let sn = claim.size - 1;
  let r: Uint8Array = claim.leaf;
  for (const p of claim.proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      r = nodeHash(p, r);
      while (fn % 2 === 0 && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else r = nodeHash(r, p);
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && Buffer.compare(r, claim.root) === 0;
}

/** RFC 9162 §2.1.4.2. A log of size 0 is consistent with every log, with an empty proof. */
export function verifyConsistency(claim: {
  readonly firstSize: number;
  readonly secondSize: number;
  readonly firstRoot: Uint8Array;
  readonly secondRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}): boolean {
  const { firstSize, secondSize, firstRoot, secondRoot } = claim;
  if (!isSize(firstSize) || !isSize(secondSize) || firstSize > secondSize || !areHashes(claim.proof)) return false;
  if (firstSize === secondSize) return claim.proof.length === 0 && Buffer.compare(firstRoot, secondRoot) === 0;
  if (firstSize === 0) return claim.proof.length === 0 && Buffer.compare(firstRoot, emptyRoot) === 0;
  const isPower = Number.isInteger(Math.log2(firstSize));
  const [seed, ...path] = isPower ? [firstRoot, ...claim.proof] : claim.proof;
  if (seed === undefined || path.length === 0) return false;
  let fn = firstSize - 1;
  let sn = secondSize - 1;
  while (fn % 2 === 1) {
    fn = half(fn);
    sn = half(sn);
  }
  let fr: Uint8Array = seed;
  let sr: Uint8Array = seed;
  for (const c of path) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      fr = nodeHash(c, fr);
      sr = nodeHash(c, sr);
      while (fn % 2 === 0 && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else sr = nodeHash(sr, c);
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && Buffer.compare(fr, firstRoot) === 0 && Buffer.compare(sr, secondRoot) === 0;
}
