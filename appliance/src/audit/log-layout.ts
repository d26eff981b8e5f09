import { hash } from "node:crypto";
import { HASH_BYTES, type NodeReader, nodeHash } from "./merkle.ts";

/**
 * How the log lies in its database.
 *
 *     leaf!<index>          leaf hash (32 bytes), then the entry as canonical JSON
 *     tile!<level>!<index>  256 hashes (C2SP tlog-tiles): level 0 of leaves, level n of the roots of full tiles below; full ones only
 *     checkpoint!latest     the latest signed note
 *     object!<hash>!<index> where the entries of an object are; only for finding them, proven by nothing and proving nothing
 */
export const TILE_WIDTH = 256;
const TILE_LEVELS = 8;

const order = (n: number): string => n.toString().padStart(16, "0");
export const leafKey = (index: number): string => `leaf!${order(index)}`;
export const tileKey = (level: number, index: number): string => `tile!${level}!${order(index)}`;
export const CHECKPOINT_KEY = "checkpoint!latest";
export const LEAF_END = 'leaf"';

/** Objects are as long as their rooms like; half a hash of them is short and even. */
const objectPrefix = (object: string): string => `object!${hash("sha256", object).slice(0, 32)}!`;
export const objectKey = (object: string, index: number): string => `${objectPrefix(object)}${order(index)}`;
export const objectEnd = (object: string): string => `${objectPrefix(object).slice(0, -1)}"`;
export const indexOfObjectKey = (key: string): number => Number(key.slice(key.lastIndexOf("!") + 1));

export const leafIndex = (key: string): number => Number(key.slice("leaf!".length));

/** Root of a perfect subtree of `count` hashes (a power of two) inside a tile. */
export function tileSubtree(tile: Buffer, start: number, count: number): Buffer {
  let nodes: Buffer[] = [];
  for (let i = start; i < start + count; i += 1) nodes.push(tile.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES));
  while (nodes.length > 1) {
    const next: Buffer[] = [];
    for (let i = 0; i < nodes.length; i += 2) next.push(nodeHash(nodes[i] as Buffer, nodes[i + 1] as Buffer));
    nodes = next;
  }
  return Buffer.from(nodes[0] as Buffer);
}

/** The tiles that leaf `index` completes, lowest first. `partial` holds, per level, the hashes of the tile not yet full; it is changed. */
export function fillTiles(
  partial: Buffer[][],
  index: number,
  leaf: Buffer,
): { readonly key: string; readonly tile: Buffer }[] {
  const full: { key: string; tile: Buffer }[] = [];
  let node = leaf;
  let at = index;
  for (let level = 0; level < TILE_LEVELS; level += 1) {
    const hashes = partial[level] ?? [];
    partial[level] = hashes;
    hashes.push(node);
    if (hashes.length < TILE_WIDTH) break;
    const tile = Buffer.concat(hashes);
    partial[level] = [];
    at = Math.floor(at / TILE_WIDTH);
    full.push({ key: tileKey(level, at), tile });
    node = tileSubtree(tile, 0, TILE_WIDTH);
  }
  return full;
}

/** Reads any node of the tree from full tiles and, at the right edge, from single leaves. */
export function nodeReader(from: {
  readonly leaf: (index: number) => Promise<Buffer>;
  readonly tile: (level: number, index: number) => Promise<Buffer | undefined>;
}): NodeReader {
  const read: NodeReader = async (level, index) => {
    const tileLevel = Math.floor(level / 8);
    const width = 2 ** (level % 8);
    const first = index * width; // counted in hashes of this tile level
    const tile = await from.tile(tileLevel, Math.floor(first / TILE_WIDTH));
    if (tile !== undefined) return tileSubtree(tile, first % TILE_WIDTH, width);
    if (level === 0) return from.leaf(index);
    if (width === 1) {
      const below = await from.tile(tileLevel - 1, first);
      if (below !== undefined) return tileSubtree(below, 0, TILE_WIDTH);
    }
    const [left, right] = [await read(level - 1, index * 2), await read(level - 1, index * 2 + 1)];
    return nodeHash(left, right);
  };
  return read;
}
