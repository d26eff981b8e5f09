import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { AppError, type AuditEntry, type Checkpoint, readSecret, type VerifyReply } from "@intramuros/contracts";
import type { Level } from "level";
import { readIfThere, replaceFile } from "../storage/files-store.ts";
import { auditCheckpointPath, auditFolder, auditKeyPath } from "../storage/level-files.ts";
import { openExisting } from "../storage/level-store.ts";
import type { AuditRecord, AuditSink } from "./audit-sink.ts";
import { logKey, type NoteKey, readCheckpoint, signCheckpoint, type TreeHead } from "./checkpoint.ts";
import { decodeLeaf, prepareLeaf, type Stamp } from "./entry.ts";
import {
  CHECKPOINT_KEY,
  fillTiles,
  indexOfObjectKey,
  LEAF_END,
  leafIndex,
  leafKey,
  nodeReader,
  objectEnd,
  objectKey,
  TILE_WIDTH,
  tileKey,
} from "./log-layout.ts";
import {
  type Frontier,
  frontierRoot,
  growFrontier,
  HASH_BYTES,
  leafHash,
  type NodeReader,
  subtreeRoot,
} from "./merkle.ts";
import { type StoredLog, verifyLog } from "./verify.ts";

export interface AuditLog extends AuditSink {
  page(query: AuditQuery): Promise<{ readonly items: readonly AuditEntry[]; readonly next?: string }>;
  /** The latest signed head; signs a new one when entries came since. */
  checkpoint(): Promise<Checkpoint>;
  verify(): Promise<Omit<VerifyReply, "store">>;
  size(): number;
  lastCheckpointAt(): number | undefined;
  fault(): AppError | null;
  /** Any node of the tree, for proofs. */
  readonly node: NodeReader;
  close(): Promise<void>;
}

export interface AuditQuery {
  readonly cursor?: string;
  readonly limit: number;
  /** Prefix. */
  readonly code?: string;
  readonly object?: string;
  readonly order: "newest" | "oldest";
}

export interface AuditLogOptions {
  readonly root: string;
  readonly version: string;
  readonly now?: () => number;
  /** After entries came, at most once a group. */
  readonly onGrown?: (size: number) => void;
  readonly onFault?: (fault: AppError) => void;
}

const GROUP_MAX = 1_024;
const WAITING_MAX = 100_000;
const CHECKPOINT_EVERY_MS = 1_000;
/** What LevelDB's log can hold (4 MiB) is read again at each start: a damaged log loses records in its middle without a word. */
const CHECKED_AT_START = 16_384;
const SCANNED_PER_PAGE = 50_000;

type Db = Level<string, Buffer>;

export function readAuditKey(root: string): { readonly privateKey: KeyObject; readonly key: NoteKey } {
  try {
    const privateKey = createPrivateKey(readSecret(auditKeyPath(root)));
    return { privateKey, key: logKey(createPublicKey(privateKey)) };
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError({
      code: "audit-key-invalid",
      message: `${auditKeyPath(root)} is not an Ed25519 private key in PEM`,
      hint: "restore the key from your backup",
      cause,
    });
  }
}

const damaged = (message: string): AppError =>
  new AppError({
    code: "audit-damaged",
    message,
    hint: "nothing was changed; keep a copy of the home folder and run `npm run audit -- verify`",
  });

/** The log as it lies in its database at this moment, for the verifier and the export; entries may come meanwhile. Close it. */
export async function storedLog(db: Db, root: string, key: NoteKey): Promise<StoredLog & { close(): Promise<void> }> {
  const inDb = await db.get(CHECKPOINT_KEY);
  const beside = await readIfThere(auditCheckpointPath(root));
  const snapshot = db.snapshot(); // after the checkpoints: it holds all that they prove
  async function* leaves() {
    for await (const [name, value] of db.iterator({ gte: "leaf!", lt: LEAF_END, snapshot })) {
      yield [leafIndex(name), value] as const;
    }
  }
  async function* objectKeys() {
    yield* db.keys({ gte: "object!", lt: 'object"', snapshot });
  }
  return {
    leaves: leaves(),
    tile: (index: number) => db.get(tileKey(0, index), { snapshot }),
    notes: [
      { where: "in the database", note: inDb?.toString("utf8") },
      { where: "in audit.checkpoint", note: beside },
    ],
    key,
    objectKeys: objectKeys(),
    close: () => snapshot.close(),
  };
}

export async function openAuditLog(options: AuditLogOptions): Promise<AuditLog> {
  const { privateKey, key } = readAuditKey(options.root);
  const db = await openExisting(auditFolder(options.root), "audit");
  try {
    const node = nodeReader({
      leaf: async (index) => {
        const value = await db.get(leafKey(index));
        if (value === undefined) throw damaged(`audit entry ${index} is missing`);
        return value.subarray(0, HASH_BYTES);
      },
      tile: (level, index) => db.get(tileKey(level, index)),
    });
    const [lastKey] = await db.keys({ gte: "leaf!", lt: LEAF_END, reverse: true, limit: 1 }).all();
    const size = lastKey === undefined ? 0 : leafIndex(lastKey) + 1;
    const head = await latestHead(db, options.root, key, size);
    await checkRecent(db, size);
    const peaks: Buffer[] = [];
    for (let level = 52, start = 0; level >= 0; level -= 1) {
      if (Math.floor(size / 2 ** level) % 2 === 0) continue;
      peaks.push(await node(level, start / 2 ** level));
      start += 2 ** level;
    }
    if (head !== null && !(await subtreeRoot(node, 0, head.size)).equals(head.root)) {
      throw damaged(`the first ${head.size} audit entries are not those of the last checkpoint`);
    }
    const partial = await partialTiles(db, size);
    const log = new LevelAuditLog({ db, key, privateKey, node, frontier: { size, peaks }, partial, head, options });
    if (head === null || head.size < size) await log.checkpoint();
    return log;
  } catch (error) {
    await db.close();
    throw error;
  }
}

/** The larger of the two heads that were signed; null for a log that never had one. */
async function latestHead(db: Db, root: string, key: NoteKey, size: number): Promise<TreeHead | null> {
  const inDb = (await db.get(CHECKPOINT_KEY))?.toString("utf8");
  const beside = await readIfThere(auditCheckpointPath(root));
  if (inDb === undefined && beside === undefined) {
    if (size > 0) throw damaged("the audit log has entries, but its checkpoints are gone");
    return null;
  }
  let latest: TreeHead | null = null;
  for (const note of [inDb, beside]) {
    if (note === undefined) throw damaged("one of the audit log's two checkpoints is gone");
    const read = readCheckpoint(note, key);
    if (read.type === "fault") throw damaged(read.problem);
    if (latest === null || read.head.size > latest.size) latest = read.head;
  }
  if (latest !== null && latest.size > size) {
    throw damaged(`the audit log ends at entry ${size}, but ${latest.size} entries were signed: it was cut off`);
  }
  return latest;
}

async function checkRecent(db: Db, size: number): Promise<void> {
  let expected = Math.max(0, Math.floor((size - CHECKED_AT_START) / TILE_WIDTH) * TILE_WIDTH);
  let tile: Buffer | undefined;
  for await (const [name, value] of db.iterator({ gte: leafKey(expected), lt: LEAF_END })) {
    if (name !== leafKey(expected)) throw damaged(`audit entry ${expected} is missing`);
    const at = expected % TILE_WIDTH;
    if (at === 0) {
      tile = await db.get(tileKey(0, expected / TILE_WIDTH));
      if (tile === undefined && expected + TILE_WIDTH <= size)
        throw damaged(`audit tile ${expected / TILE_WIDTH} is missing`);
    }
    const stored = value.subarray(0, HASH_BYTES);
    if (!leafHash(value.subarray(HASH_BYTES)).equals(stored)) throw damaged(`audit entry ${expected} is damaged`);
    if (tile !== undefined && !tile.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES).equals(stored)) {
      throw damaged(`audit entry ${expected} does not fit its tile`);
    }
    expected += 1;
  }
  if (expected < size) throw damaged(`audit entry ${expected} is missing`);
}

async function partialTiles(db: Db, size: number): Promise<Buffer[][]> {
  const partial: Buffer[][] = [];
  const node = nodeReader({
    leaf: async (index) => ((await db.get(leafKey(index))) as Buffer).subarray(0, HASH_BYTES),
    tile: (level, index) => db.get(tileKey(level, index)),
  });
  for (let level = 0, count = size; count > 0; level += 1, count = Math.floor(count / TILE_WIDTH)) {
    const hashes: Buffer[] = [];
    for (let index = count - (count % TILE_WIDTH); index < count; index += 1) hashes.push(await node(level * 8, index));
    partial[level] = hashes;
  }
  return partial;
}

interface Pending {
  readonly stamp: Stamp;
  readonly object: string;
  readonly resolve: (index: number) => void;
  readonly reject: (reason: Error) => void;
}

class LevelAuditLog implements AuditLog {
  readonly node: NodeReader;
  readonly #db: Db;
  readonly #key: NoteKey;
  readonly #privateKey: KeyObject;
  readonly #options: AuditLogOptions;
  readonly #now: () => number;
  readonly #partial: Buffer[][];
  readonly #timer: NodeJS.Timeout;
  #frontier: Frontier;
  #latest: Checkpoint | null;
  #waiting: Pending[] = [];
  #flushing: Promise<void> | null = null;
  #signing: Promise<unknown> = Promise.resolve();
  #fault: AppError | null = null;
  #closed = false;

  constructor(opened: {
    db: Db;
    key: NoteKey;
    privateKey: KeyObject;
    node: NodeReader;
    frontier: Frontier;
    partial: Buffer[][];
    head: TreeHead | null;
    options: AuditLogOptions;
  }) {
    this.node = opened.node;
    this.#db = opened.db;
    this.#key = opened.key;
    this.#privateKey = opened.privateKey;
    this.#options = opened.options;
    this.#now = opened.options.now ?? Date.now;
    this.#frontier = opened.frontier;
    this.#partial = opened.partial;
    this.#latest = opened.head === null || opened.head.size < opened.frontier.size ? null : this.#sign(opened.frontier);
    this.#timer = setInterval(() => void this.checkpoint().catch(() => {}), CHECKPOINT_EVERY_MS);
    this.#timer.unref();
  }

  size = (): number => this.#frontier.size;
  lastCheckpointAt = (): number | undefined => this.#latest?.at;
  fault = (): AppError | null => this.#fault;

  append(record: AuditRecord): Promise<number> {
    const refused = this.#refusal();
    if (refused !== null) return Promise.reject(refused);
    let stamp: Stamp;
    try {
      stamp = prepareLeaf(record, this.#options.version); // a malformed record fails its own caller only
    } catch (error) {
      return Promise.reject(error);
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ stamp, object: record.object, resolve, reject });
      this.#flushing ??= this.#flush();
    });
  }

  async page(query: AuditQuery): Promise<{ readonly items: readonly AuditEntry[]; readonly next?: string }> {
    const newest = query.order === "newest";
    const items: AuditEntry[] = [];
    let scanned = 0;
    for await (const [index, value] of query.object === undefined
      ? this.#scan(query)
      : this.#ofObject(query.object, query)) {
      if (items.length === query.limit || scanned === SCANNED_PER_PAGE) {
        return { items, next: String(newest ? index + 1 : index) };
      }
      scanned += 1;
      if (query.code !== undefined && !codeOf(value).startsWith(query.code)) continue;
      const entry = readEntry(index, value);
      if (query.object === undefined || entry.object === query.object) items.push(entry);
    }
    return { items };
  }

  async *#scan({ cursor, order }: AuditQuery): AsyncGenerator<readonly [index: number, value: Buffer]> {
    const from = cursor === undefined ? null : leafKey(Number(cursor));
    const bounds =
      order === "newest"
        ? { gte: "leaf!", lt: from ?? LEAF_END, reverse: true }
        : { gte: from ?? "leaf!", lt: LEAF_END };
    for await (const [name, value] of this.#db.iterator(bounds)) yield [leafIndex(name), value];
  }

  async *#ofObject(object: string, query: AuditQuery): AsyncGenerator<readonly [index: number, value: Buffer]> {
    const from = query.cursor === undefined ? null : objectKey(object, Number(query.cursor));
    const first = objectKey(object, 0);
    const bounds =
      query.order === "newest"
        ? { gte: first, lt: from ?? objectEnd(object), reverse: true }
        : { gte: from ?? first, lt: objectEnd(object) };
    for await (const name of this.#db.keys(bounds)) {
      const index = indexOfObjectKey(name);
      const value = await this.#db.get(leafKey(index));
      if (value === undefined) throw damaged(`audit entry ${index} is missing`);
      yield [index, value];
    }
  }

  /** Signed one after the other, never an older head after a newer one. */
  checkpoint(): Promise<Checkpoint> {
    const next = this.#signing.then(async () => {
      if (this.#latest !== null && this.#latest.size === this.#frontier.size) return this.#latest;
      const refused = this.#fault;
      if (refused !== null) throw refused;
      const signed = this.#sign(this.#frontier);
      try {
        await this.#db.put(CHECKPOINT_KEY, Buffer.from(signed.note, "utf8"), { sync: true });
        await replaceFile(auditCheckpointPath(this.#options.root), signed.note);
      } catch (cause) {
        throw this.#fail(cause);
      }
      this.#latest = signed;
      return signed;
    });
    this.#signing = next.catch(() => {});
    return next;
  }

  async verify(): Promise<Omit<VerifyReply, "store">> {
    const started = performance.now();
    await this.checkpoint();
    const stored = await storedLog(this.#db, this.#options.root, this.#key);
    try {
      const verdict = await verifyLog(stored);
      return { ...verdict, elapsedMs: Math.round(performance.now() - started) };
    } finally {
      await stored.close();
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#flushing;
    if (this.#fault === null) await this.checkpoint();
    await this.#signing;
    await this.#db.close();
  }

  #sign(frontier: Frontier): Checkpoint {
    const head = { origin: this.#key.name, size: frontier.size, root: frontierRoot(frontier) };
    return {
      origin: head.origin,
      size: head.size,
      rootHash: head.root.toString("hex"),
      note: signCheckpoint(head, this.#key, this.#privateKey),
      at: this.#now(),
    };
  }

  #refusal(): AppError | null {
    if (this.#fault !== null) return this.#fault;
    if (this.#closed) return unavailable("the audit log is closed", "the appliance is shutting down");
    return this.#waiting.length < WAITING_MAX
      ? null
      : unavailable(`${WAITING_MAX} entries are waiting for the disk`, "the disk is too slow for this load");
  }

  #fail(cause: unknown): AppError {
    if (this.#fault === null) {
      this.#fault = unavailable(
        `a write to the audit log failed: ${(cause as Error).message}`,
        "nothing privileged is done any more; check the disk's space and health, then start the appliance again",
        cause,
      );
      this.#options.onFault?.(this.#fault);
    }
    return this.#fault;
  }

  /** One group after the other: stamp, hash, grow the tree, one synced batch, then acknowledge. */
  async #flush(): Promise<void> {
    await null;
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, GROUP_MAX);
      if (this.#fault !== null) {
        for (const pending of group) pending.reject(this.#fault);
        continue;
      }
      const first = this.#frontier.size;
      let frontier = this.#frontier;
      const operations: { type: "put"; key: string; value: Buffer }[] = [];
      for (const { stamp, object } of group) {
        const seq = frontier.size;
        const data = stamp(seq, Math.trunc(this.#now()));
        const leaf = leafHash(data);
        operations.push(
          { type: "put", key: leafKey(seq), value: Buffer.concat([leaf, data]) },
          { type: "put", key: objectKey(object, seq), value: NOTHING },
        );
        for (const { key, tile } of fillTiles(this.#partial, seq, leaf))
          operations.push({ type: "put", key, value: tile });
        frontier = growFrontier(frontier, leaf);
      }
      try {
        await this.#db.batch(operations, { sync: true });
      } catch (cause) {
        const fault = this.#fail(cause);
        for (const pending of group) pending.reject(fault);
        continue;
      }
      this.#frontier = frontier;
      for (const [offset, pending] of group.entries()) pending.resolve(first + offset);
      this.#options.onGrown?.(frontier.size);
    }
    this.#flushing = null;
  }
}

const NOTHING = Buffer.alloc(0);

/** Read from its place in the canonical form, without parsing the rest; a list looks at many entries to show a few. */
function codeOf(value: Buffer): string {
  const text = value.toString("utf8", HASH_BYTES);
  return /"code":"([^"]*)","detail":/.exec(text)?.[1] ?? "";
}

function readEntry(index: number, value: Buffer): AuditEntry {
  const [stored, data] = [value.subarray(0, HASH_BYTES), value.subarray(HASH_BYTES)];
  const decoded = decodeLeaf(data, index);
  if ("problem" in decoded) throw damaged(`audit entry ${index} is damaged: ${decoded.problem}`);
  if (!leafHash(data).equals(stored)) throw damaged(`audit entry ${index} is damaged`);
  return { ...decoded.leaf, leafHash: stored.toString("hex") };
}

const unavailable = (message: string, hint: string, cause?: unknown): AppError =>
  new AppError({ code: "audit-unavailable", message, hint, cause });
