import { hash } from "node:crypto";
import type { VerifyReply } from "@intramuros/contracts";
import { type NoteKey, readCheckpoint, type TreeHead } from "./checkpoint.ts";
import { decodeLeaf } from "./entry.ts";
import { objectKey, TILE_WIDTH } from "./log-layout.ts";
import { emptyFrontier, type Frontier, frontierRoot, growFrontier, HASH_BYTES, leafHash } from "./merkle.ts";

/** A log as it lies in the database or in an export. */
export interface StoredLog {
  /** In order of the index: leaf hash, then the entry's bytes. */
  readonly leaves: AsyncIterable<readonly [index: number, value: Buffer]>;
  /** The leaf hashes of full tile `index`; undefined when it is not there. */
  readonly tile: (index: number) => Promise<Buffer | undefined>;
  /** Signed notes, from the database and from beside it. All must hold. */
  readonly notes: readonly { readonly where: string; readonly note: string | undefined }[];
  readonly key: NoteKey;
  /** The keys by which the entries of an object are found; an export has none. */
  readonly objectKeys?: AsyncIterable<string>;
}

export type Verdict = Omit<VerifyReply, "elapsedMs" | "store">;

interface Finding {
  readonly index: number;
  readonly problem: string;
}

/**
 * Derives every leaf and the root anew. The first thing wrong is named: an entry by its index where the stored leaf hashes and the
 * signed root tell which entry it is, else the checkpoint that does not fit.
 */
export async function verifyLog(log: StoredLog): Promise<Verdict> {
  const heads: { where: string; head: TreeHead }[] = [];
  const noteProblems: string[] = [];
  for (const { where, note } of log.notes) {
    const read =
      note === undefined
        ? { type: "fault" as const, problem: "the checkpoint is missing" }
        : readCheckpoint(note, log.key);
    if (read.type === "head") heads.push({ where, head: read.head });
    else noteProblems.push(`${where}: ${read.problem}`);
  }
  const roots = new Map<number, Buffer>();
  const sizes = new Set(heads.map(({ head }) => head.size));
  let frontier: Frontier = emptyFrontier;
  let first: Finding | null = null;
  let tileFinding: Finding | null = null;
  let tile: Buffer | undefined;
  const finding = new Tally();
  if (sizes.has(0)) roots.set(0, frontierRoot(frontier));
  for await (const [index, value] of log.leaves) {
    if (index !== frontier.size) {
      first ??= { index: frontier.size, problem: `entry ${frontier.size} is missing` };
      break;
    }
    const [stored, data] = [value.subarray(0, HASH_BYTES), value.subarray(HASH_BYTES)];
    const derived = leafHash(data);
    const at = index % TILE_WIDTH;
    if (at === 0) {
      tile = await log.tile(index / TILE_WIDTH);
      if (tile !== undefined && tile.length !== TILE_WIDTH * HASH_BYTES) tile = undefined;
    }
    const inTile = tile?.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES);
    if (!derived.equals(stored)) first ??= { index, problem: blame(index, data, derived, stored, inTile) };
    else if (inTile !== undefined && !inTile.equals(derived)) {
      tileFinding ??= {
        index,
        problem: `entry ${index} is not the one whose leaf hash is in tile ${Math.floor(index / TILE_WIDTH)}`,
      };
    }
    if (log.objectKeys !== undefined) finding.add(objectKeyOf(data, index));
    frontier = growFrontier(frontier, derived);
    if (sizes.has(frontier.size)) roots.set(frontier.size, frontierRoot(frontier));
  }
  const size = frontier.size;
  const verdict = (finding: { index?: number; problem: string } | null): Verdict => ({
    ok: finding === null,
    size,
    rootHash: frontierRoot(frontier).toString("hex"),
    ...(finding?.index === undefined ? {} : { firstBad: finding.index }),
    ...(finding === null ? {} : { problem: finding.problem }),
  });
  const unfit = heads.find(({ head }) => head.size <= size && !roots.get(head.size)?.equals(head.root));
  if (first !== null) return verdict(first);
  if (tileFinding !== null) {
    return verdict(
      unfit !== undefined
        ? tileFinding
        : { problem: `tile ${Math.floor(tileFinding.index / TILE_WIDTH)} is damaged; the entries fit the signed root` },
    );
  }
  if (noteProblems[0] !== undefined) return verdict({ problem: noteProblems.join("; ") });
  const beyond = heads.find(({ head }) => head.size > size);
  if (beyond !== undefined) {
    return verdict({
      index: size,
      problem: `the log ends at entry ${size}, but the checkpoint ${beyond.where} proves ${beyond.head.size} entries`,
    });
  }
  if (unfit !== undefined) {
    return verdict({
      problem: `the root of the first ${unfit.head.size} entries is not the one signed ${unfit.where}`,
    });
  }
  if (log.objectKeys !== undefined) {
    const found = new Tally();
    for await (const key of log.objectKeys) found.add(key);
    if (!found.equals(finding)) {
      return verdict({
        problem: "the entries are as they were written, but the index that finds them by object is damaged",
      });
    }
  }
  return verdict(null);
}

/** Number and sum of what was added, in whatever order. Finds damage; against a forger stands the tree. */
class Tally {
  #count = 0;
  #sum = 0n;
  add(text: string): void {
    this.#count += 1;
    this.#sum = (this.#sum + hash("sha256", text, "buffer").readBigUInt64LE()) & 0xffff_ffff_ffff_ffffn;
  }
  equals(other: Tally): boolean {
    return this.#count === other.#count && this.#sum === other.#sum;
  }
}

/** Empty for an entry that cannot be read; its hash has told of that already. */
function objectKeyOf(data: Buffer, index: number): string {
  try {
    const { object } = JSON.parse(data.toString("utf8")) as { object?: unknown };
    return typeof object === "string" ? objectKey(object, index) : "";
  } catch {
    return "";
  }
}

function blame(index: number, data: Buffer, derived: Buffer, stored: Buffer, inTile: Buffer | undefined): string {
  if (inTile?.equals(derived))
    return `entry ${index}: its stored leaf hash is damaged; the entry itself fits tile ${Math.floor(index / TILE_WIDTH)}`;
  const decoded = decodeLeaf(data, index);
  const what = "problem" in decoded ? decoded.problem : `its content (${decoded.leaf.code}) is not what was hashed`;
  return `entry ${index}: ${what}; leaf hash ${derived.toString("hex").slice(0, 16)}… instead of ${stored.toString("hex").slice(0, 16)}…`;
}
