import { randomBytes } from "node:crypto";
import { AppError, assert, type CustomerId, readSecret } from "@intramuros/contracts";
import { Level } from "level";
import { checkWrite } from "./check-write.ts";
import { readIfThere, replaceFile } from "./files-store.ts";
import { changeHead, emptyHead, type Head, readHead, recordHash, writeHead } from "./head.ts";
import { KeyRing } from "./key-ring-store.ts";
import { masterKeyPath, storeFolder, storeHeadPath } from "./level-files.ts";
import { deriveKey, type Place, readSealed } from "./seal.ts";
import type { KeyRange, Store, StoreWrite } from "./store.ts";

/**
 * The storage port on `level`. Three tables of its own, with names that no room can use:
 *
 *     ~owner    a customer's key, wrapped; after an erasure a tombstone
 *     ~commit   one empty marker for each of the last commits: a hole among them is a hole in LevelDB's log
 *     ~head     what the store must hold (`head.ts`), in the same batch as every change
 */
export interface LevelStore extends Store {
  /** Reads every record and compares the whole with the head. */
  scrub(): Promise<ScrubReport>;
  stats(): Promise<{ readonly records: number; readonly bytes: number }>;
  /** Null while all is well; afterwards nothing is written any more. */
  fault(): AppError | null;
}

export interface ScrubReport {
  readonly records: number;
  /** Each damaged record by table and key, at most 1,000. */
  readonly damaged: readonly { readonly table: string; readonly key: string; readonly problem: string }[];
  /** What is wrong with the whole, e.g. records lost; null when it is as it was acknowledged. */
  readonly problem: string | null;
}

const OWNER_TABLE = "~owner";
const COMMIT_TABLE = "~commit";
const HEAD_PLACE: Place = { table: "~head", key: "head" };
const HEAD_FILE_PLACE: Place = { table: "~head", key: "file" };
/** LevelDB's log holds at most 4 MiB before it becomes a table, and no commit is smaller than 300 bytes. */
const COMMITS_KEPT = 16_384;
const GROUP_MAX_WRITES = 1_000;
const GROUP_MAX_BYTES = 8_388_608;
const WAITING_MAX = 50_000;
const RINGS_MAX = 20_000;
const DAMAGED_MAX = 1_000;

type Db = Level<string, Buffer>;
/** What classic-level has beyond `level`'s common interface. */
interface ClassicExtras {
  approximateSize(start: string, end: string): Promise<number>;
  compactRange(start: string, end: string): Promise<void>;
}

export const fullKey = (place: Place): string => `${place.table}!${place.key}`;
const commitKey = (commit: number): string =>
  fullKey({ table: COMMIT_TABLE, key: commit.toString().padStart(16, "0") });
const placeOf = (full: string): Place => {
  const cut = full.indexOf("!");
  return { table: full.slice(0, cut), key: full.slice(cut + 1) };
};

export function openDb(folder: string, createIfMissing: boolean): Db {
  return new Level<string, Buffer>(folder, { keyEncoding: "utf8", valueEncoding: "buffer", createIfMissing });
}

/** Opens a database that exists; a missing, emptied or locked one is an error that says so. */
export async function openExisting(folder: string, what: "store" | "audit"): Promise<Db> {
  const db = openDb(folder, false);
  try {
    await db.open();
    return db;
  } catch (error) {
    const cause = (error as { cause?: { code?: string; message?: string } }).cause;
    if (cause?.code === "LEVEL_LOCKED") {
      throw new AppError({
        code: `${what}-locked`,
        message: `${folder} is in use by another process`,
        hint: "one process owns the database; stop the other one first",
        cause: error,
      });
    }
    throw new AppError({
      code: `${what}-unreadable`,
      message: `${folder} cannot be opened: ${cause?.message ?? String(error)}`,
      hint: "nothing was changed; keep a copy of the folder and restore the latest backup",
      cause: error,
    });
  }
}

const damaged = (message: string): AppError =>
  new AppError({
    code: "store-damaged",
    message,
    hint: "nothing was changed; keep a copy of the home folder, then restore the latest backup",
  });

interface Pending {
  readonly changes: readonly { readonly place: Place; readonly json: string | null; readonly owner: string | null }[];
  readonly erases: string | null;
  readonly bytes: number;
  readonly done: { readonly resolve: () => void; readonly reject: (reason: Error) => void };
}

export interface LevelStoreOptions {
  readonly root: string;
  /** Told once when a write failed: the store is then read-only until the process starts again. */
  readonly onFault?: (fault: AppError) => void;
}

export async function openLevelStore(options: LevelStoreOptions): Promise<LevelStore> {
  const keys = readMasterKeys(options.root);
  const db = await openExisting(storeFolder(options.root), "store");
  try {
    const head = await checkHead(db, keys, options.root);
    return new LevelStoreAdapter({ db, keys, head, options });
  } catch (error) {
    await db.close();
    throw error;
  }
}

/** For `provision.ts`: the first head, in the database and beside it. */
export async function writeFirstHead(db: Db, root: string): Promise<void> {
  const keys = readMasterKeys(root);
  const sealed = keys.house.seal(HEAD_PLACE, Buffer.from(writeHead(emptyHead)));
  await db.batch(
    [
      { type: "put", key: fullKey(HEAD_PLACE), value: sealed },
      { type: "put", key: commitKey(0), value: Buffer.alloc(0) },
    ],
    { sync: true },
  );
  await replaceFile(
    storeHeadPath(root),
    `${keys.house.seal(HEAD_FILE_PLACE, Buffer.from(writeHead(emptyHead))).toString("base64")}\n`,
  );
}

interface MasterKeys {
  readonly house: KeyRing;
  readonly wrapping: KeyRing;
  readonly hashKey: Buffer;
}

function readMasterKeys(root: string): MasterKeys {
  const text = readSecret(masterKeyPath(root));
  if (!/^[0-9a-f]{64}$/i.test(text)) {
    throw new AppError({
      code: "master-key-invalid",
      message: `${masterKeyPath(root)} must hold 64 hexadecimal digits`,
      hint: "restore the key from your backup",
    });
  }
  const master = Buffer.from(text, "hex");
  const none = Buffer.alloc(0);
  return {
    house: new KeyRing(deriveKey(master, none, "house key"), null),
    wrapping: new KeyRing(deriveKey(master, none, "owner keys"), null),
    hashKey: deriveKey(master, none, "record hashes"),
  };
}

async function checkHead(db: Db, keys: MasterKeys, root: string): Promise<Head> {
  const sealed = await db.get(fullKey(HEAD_PLACE));
  if (sealed === undefined) throw damaged("the store has lost its head record");
  const plaintext = keys.house.open(HEAD_PLACE, sealed);
  const head = plaintext === null ? null : readHead(plaintext.toString("utf8"));
  if (head === null)
    throw damaged("the store's head record is damaged, or keys/master.key is not the key of this store");
  let expected = Math.max(0, head.commit - COMMITS_KEPT + 1);
  for await (const key of db.keys({ gte: commitKey(expected), lt: `${COMMIT_TABLE}"` })) {
    if (key !== commitKey(expected)) throw damaged(`the store has lost commit ${expected}`);
    expected += 1;
  }
  if (expected !== head.commit + 1) throw damaged(`the store has lost commit ${expected} of ${head.commit}`);
  const beside = await readIfThere(storeHeadPath(root));
  const besideBytes = keys.house.open(HEAD_FILE_PLACE, Buffer.from((beside ?? "").trim(), "base64"));
  const besideHead = besideBytes === null ? null : readHead(besideBytes.toString("utf8"));
  if (besideHead === null) throw damaged(`${storeHeadPath(root)} is missing or damaged`);
  if (besideHead.commit > head.commit) {
    throw damaged(`the store ends at commit ${head.commit}, but had come to ${besideHead.commit}: records were lost`);
  }
  if (besideHead.commit === head.commit && besideHead.sum !== head.sum)
    throw damaged("the store is not the one it was");
  return head;
}

class LevelStoreAdapter implements LevelStore {
  readonly #db: Db;
  readonly #keys: MasterKeys;
  readonly #options: LevelStoreOptions;
  readonly #rings = new Map<string, KeyRing | "erased">();
  readonly #headTimer: NodeJS.Timeout;
  #head: Head;
  #headOnFile: number;
  #headWriting: Promise<void> = Promise.resolve();
  #waiting: Pending[] = [];
  #flushing: Promise<void> | null = null;
  #fault: AppError | null = null;
  #closed = false;

  constructor(opened: { db: Db; keys: MasterKeys; head: Head; options: LevelStoreOptions }) {
    this.#db = opened.db;
    this.#keys = opened.keys;
    this.#options = opened.options;
    this.#head = opened.head;
    this.#headOnFile = opened.head.commit;
    this.#headTimer = setInterval(() => this.#keepHead(), 1_000);
    this.#headTimer.unref();
  }

  fault(): AppError | null {
    return this.#fault;
  }

  async get<T>(table: string, key: string): Promise<T | undefined> {
    const place = { table, key };
    const sealed = await this.#db.get(fullKey(place));
    if (sealed === undefined) return undefined;
    const opened = await this.#open(place, sealed);
    return opened.type === "erased" ? undefined : (opened.value as T);
  }

  async *entries<T>(table: string, range: KeyRange = {}): AsyncIterable<readonly [key: string, value: T]> {
    const key = (text: string): string => fullKey({ table, key: text });
    const bounds = {
      ...(range.gt !== undefined
        ? { gt: key(range.gt) }
        : range.gte !== undefined
          ? { gte: key(range.gte) }
          : { gt: `${table}!` }),
      ...(range.lt !== undefined
        ? { lt: key(range.lt) }
        : range.lte !== undefined
          ? { lte: key(range.lte) }
          : { lt: `${table}"` }),
      reverse: range.reverse ?? false,
    };
    let left = range.limit ?? Number.POSITIVE_INFINITY;
    if (left <= 0) return;
    for await (const [full, sealed] of this.#db.iterator(bounds)) {
      const place = placeOf(full);
      const opened = await this.#open(place, sealed);
      if (opened.type === "erased") continue;
      yield [place.key, opened.value as T];
      left -= 1;
      if (left === 0) return;
    }
  }

  async write(writes: readonly StoreWrite[]): Promise<void> {
    const changes = writes.map((write) => ({
      place: { table: write.table, key: write.key },
      json: checkWrite(write),
      owner: write.owner ?? null,
    }));
    await this.#enqueue({ changes, erases: null });
  }

  async eraseOwner(owner: CustomerId): Promise<void> {
    await this.#enqueue({ changes: [], erases: owner });
    // The wrapped key must not outlive its tombstone in an older table file.
    await (this.#db as unknown as ClassicExtras).compactRange(`${OWNER_TABLE}!`, `${OWNER_TABLE}"`);
  }

  async stats(): Promise<{ readonly records: number; readonly bytes: number }> {
    const bytes = await (this.#db as unknown as ClassicExtras).approximateSize("", "~~");
    return { records: this.#head.records, bytes };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#headTimer);
    await this.#flushing;
    this.#keepHead();
    await this.#headWriting;
    await this.#db.close();
  }

  async scrub(): Promise<ScrubReport> {
    const found: { table: string; key: string; problem: string }[] = [];
    const note = (place: Place, problem: string): void => {
      if (found.length < DAMAGED_MAX) found.push({ ...place, problem });
    };
    let seen: Head = emptyHead;
    let head: Head | null = null;
    let last = "";
    try {
      for await (const [full, sealed] of this.#db.iterator()) {
        last = full;
        const place = placeOf(full);
        if (place.table === COMMIT_TABLE) continue;
        if (place.table === HEAD_PLACE.table) {
          const plaintext = this.#keys.house.open(HEAD_PLACE, sealed);
          head = plaintext === null ? null : readHead(plaintext.toString("utf8"));
          continue;
        }
        seen = changeHead(seen, null, recordHash(this.#keys.hashKey, full, sealed));
        if (place.table === OWNER_TABLE) {
          if (this.#keys.wrapping.open(place, sealed) === null) note(place, "its seal is broken");
          continue;
        }
        try {
          await this.#open(place, sealed);
        } catch (error) {
          note(place, (error as AppError).code === "record-damaged" ? "its seal is broken" : String(error));
        }
      }
    } catch (error) {
      return {
        records: seen.records,
        damaged: found,
        problem: `the database cannot be read after ${JSON.stringify(last)}: ${(error as Error).message}`,
      };
    }
    return { records: seen.records, damaged: found, problem: wholeProblem(seen, head, found.length) };
  }

  async #open(
    place: Place,
    sealed: Buffer,
  ): Promise<{ readonly type: "value"; readonly value: unknown } | { readonly type: "erased" }> {
    const owner = readSealed(sealed)?.owner ?? null;
    const ring = owner === null ? this.#keys.house : await this.#ringOf(owner);
    if (ring === "erased") return { type: "erased" };
    const plaintext = ring === undefined ? null : ring.open(place, sealed);
    if (plaintext === null) {
      throw new AppError({
        code: "record-damaged",
        message: `the record ${place.table}/${place.key} is damaged`,
        hint: "run `npm run audit -- verify` for the list of all damaged records and restore them from a backup",
      });
    }
    return { type: "value", value: JSON.parse(plaintext.toString("utf8")) };
  }

  /** Undefined when the owner never had a key, or its record is damaged. */
  async #ringOf(owner: string): Promise<KeyRing | "erased" | undefined> {
    const known = this.#rings.get(owner);
    if (known !== undefined) return known;
    const place = { table: OWNER_TABLE, key: owner };
    const sealed = await this.#db.get(fullKey(place));
    const plaintext = sealed === undefined ? null : this.#keys.wrapping.open(place, sealed);
    if (plaintext === null) return undefined;
    const { key } = JSON.parse(plaintext.toString("utf8")) as { key: string | null };
    return this.#keepRing(owner, key === null ? "erased" : new KeyRing(Buffer.from(key, "hex"), owner));
  }

  #keepRing<R extends KeyRing | "erased">(owner: string, ring: R): R {
    if (this.#rings.size >= RINGS_MAX) {
      const [oldest] = this.#rings.keys();
      if (oldest !== undefined) this.#rings.delete(oldest);
    }
    this.#rings.set(owner, ring);
    return ring;
  }

  #enqueue(work: Pick<Pending, "changes" | "erases">): Promise<void> {
    if (this.#fault !== null) return Promise.reject(this.#fault);
    if (this.#closed) return Promise.reject(closedFault());
    if (this.#waiting.length >= WAITING_MAX) {
      return Promise.reject(
        new AppError({
          code: "store-overloaded",
          message: `${WAITING_MAX} writes are waiting for the disk`,
          hint: "the disk is too slow for this load; look at it with `iostat`",
        }),
      );
    }
    const bytes = work.changes.reduce((sum, change) => sum + (change.json?.length ?? 0) + 100, 100);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...work, bytes, done: { resolve, reject } });
      this.#flushing ??= this.#flush();
    });
  }

  /** One group after the other, until nobody waits. What arrives while a group is on its way to the disk forms the next one. */
  async #flush(): Promise<void> {
    await null;
    while (this.#waiting.length > 0) {
      const group = this.#takeGroup();
      if (this.#fault !== null) {
        for (const pending of group) pending.done.reject(this.#fault);
        continue;
      }
      try {
        await this.#commit(group);
      } catch (cause) {
        this.#fault = new AppError({
          code: "store-failed",
          message: `a write to the store failed: ${(cause as Error).message}`,
          hint: "check the disk's space and health, then start the appliance again",
          cause,
        });
        for (const pending of group) pending.done.reject(this.#fault);
        this.#options.onFault?.(this.#fault);
      }
    }
    this.#flushing = null;
  }

  #takeGroup(): Pending[] {
    let count = 0;
    let writes = 0;
    let bytes = 0;
    for (const pending of this.#waiting) {
      writes += pending.changes.length;
      bytes += pending.bytes;
      if (count > 0 && (writes > GROUP_MAX_WRITES || bytes > GROUP_MAX_BYTES)) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #commit(group: readonly Pending[]): Promise<void> {
    const rows = new Map<string, Buffer | null>();
    const accepted: Pending[] = [];
    const erased: string[] = [];
    for (const pending of group) {
      const refused = await this.#stage(pending, rows, erased);
      if (refused === null) accepted.push(pending);
      else pending.done.reject(refused);
    }
    if (rows.size > 0) {
      const keys = [...rows.keys()];
      const before = (await this.#db.getMany(keys)) as (Buffer | undefined)[];
      let head: Head = { ...this.#head, commit: this.#head.commit + 1 };
      const operations: ({ type: "put"; key: string; value: Buffer } | { type: "del"; key: string })[] = [];
      for (const [index, key] of keys.entries()) {
        const old = before[index];
        const next = rows.get(key) ?? null;
        if (old === undefined && next === null) continue;
        head = changeHead(
          head,
          old === undefined ? null : recordHash(this.#keys.hashKey, key, old),
          next === null ? null : recordHash(this.#keys.hashKey, key, next),
        );
        operations.push(next === null ? { type: "del", key } : { type: "put", key, value: next });
      }
      operations.push(
        {
          type: "put",
          key: fullKey(HEAD_PLACE),
          value: this.#keys.house.seal(HEAD_PLACE, Buffer.from(writeHead(head))),
        },
        { type: "put", key: commitKey(head.commit), value: Buffer.alloc(0) },
      );
      if (head.commit >= COMMITS_KEPT) operations.push({ type: "del", key: commitKey(head.commit - COMMITS_KEPT) });
      await this.#db.batch(operations, { sync: true });
      this.#head = head;
    }
    for (const owner of erased) this.#keepRing(owner, "erased");
    for (const pending of accepted) pending.done.resolve();
  }

  /** Seals the writes of one caller into the group; all of them or, with a reason, none. */
  async #stage(pending: Pending, rows: Map<string, Buffer | null>, erased: string[]): Promise<AppError | null> {
    if (pending.erases !== null) {
      const place = { table: OWNER_TABLE, key: pending.erases };
      rows.set(fullKey(place), this.#keys.wrapping.seal(place, Buffer.from(JSON.stringify({ key: null }))));
      erased.push(pending.erases);
      return null;
    }
    const rings = new Map<string, KeyRing>();
    const made: { place: Place; sealed: Buffer }[] = [];
    for (const owner of new Set(pending.changes.map((change) => (change.json === null ? null : change.owner)))) {
      if (owner === null) continue;
      const ring = erased.includes(owner) ? "erased" : await this.#ringOf(owner);
      if (ring === "erased") {
        return new AppError({
          code: "owner-erased",
          message: "the customer's records were erased; nothing new can be kept under that id",
          hint: "open a new customer record",
        });
      }
      if (ring !== undefined) {
        rings.set(owner, ring);
        continue;
      }
      const place = { table: OWNER_TABLE, key: owner };
      assert((await this.#db.get(fullKey(place))) === undefined, "an owner's damaged key is never replaced");
      const key = randomBytes(32);
      made.push({
        place,
        sealed: this.#keys.wrapping.seal(place, Buffer.from(JSON.stringify({ key: key.toString("hex") }))),
      });
      rings.set(owner, this.#keepRing(owner, new KeyRing(key, owner)));
    }
    for (const { place, sealed } of made) rows.set(fullKey(place), sealed);
    for (const { place, json, owner } of pending.changes) {
      const ring = owner === null ? this.#keys.house : rings.get(owner);
      rows.set(
        fullKey(place),
        json === null ? null : (ring ?? this.#keys.house).seal(place, Buffer.from(json, "utf8")),
      );
    }
    return null;
  }

  /** The head beside the database is at most a second old; it is how a log cut off at its end is noticed. */
  #keepHead(): void {
    const head = this.#head;
    if (head.commit === this.#headOnFile || this.#fault !== null) return;
    this.#headOnFile = head.commit;
    const text = this.#keys.house.seal(HEAD_FILE_PLACE, Buffer.from(writeHead(head))).toString("base64");
    this.#headWriting = this.#headWriting
      .then(() => replaceFile(storeHeadPath(this.#options.root), `${text}\n`))
      .catch(() => {
        this.#headOnFile = -1; // written again with the next second
      });
  }
}

const closedFault = (): AppError =>
  new AppError({ code: "store-closed", message: "the store is closed", hint: "the appliance is shutting down" });

function wholeProblem(seen: Head, head: Head | null, damagedCount: number): string | null {
  if (head === null) return "the head record is missing or damaged";
  if (seen.records < head.records) return `${head.records - seen.records} of ${head.records} records are missing`;
  if (seen.records > head.records) return `${seen.records - head.records} records are there that nobody wrote`;
  if (seen.sum !== head.sum && damagedCount === 0) return "a record is not the latest one that was written";
  if (seen.sum !== head.sum) return "the records are not those that were acknowledged";
  return null;
}
