import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { localTokenPath, type Role, setupCodePath, type UserId } from "@intramuros/contracts";
import type { Store } from "../storage/store.ts";

const USERS = "users";
const SESSIONS = "sessions";
/** One constant for all, until sites choose by profile: how long a sign-in lasts untouched, and at all. */
export const IDLE_MS = 30 * 60_000;
export const ABSOLUTE_MS = 12 * 3_600_000;
/** A session that is used is written again only this often. */
const TOUCH_EVERY_MS = 60_000;

export interface User {
  readonly id: UserId;
  readonly username: string;
  readonly displayName: string;
  readonly role: Role;
  readonly passwordHash: string;
  readonly createdAt: number;
}

interface SessionRecord {
  readonly userId: string;
  readonly startedAt: number;
  readonly seenAt: number;
}

export const canonicalName = (username: string): string => username.normalize("NFKC").toLowerCase();
const nameOf = (secret: string): string => createHash("sha256").update(secret).digest("hex");

/** Compares without telling by its time how much was right. */
export const sameSecret = (a: string, b: string): boolean =>
  timingSafeEqual(createHash("sha256").update(a).digest(), createHash("sha256").update(b).digest());

/** People, their sessions, and the two secrets of this machine: the set-up code and the local operator's token. */
export interface IdentityStore {
  users(): readonly User[];
  find(username: string): User | undefined;
  add(user: User): Promise<void>;
  /** Gives the secret that goes into the cookie; only its hash is kept. */
  startSession(userId: string, now: number): Promise<string>;
  /** Undefined when the session is unknown, idle for too long or too old. */
  session(secret: string, now: number): Promise<User | undefined>;
  endSession(secret: string): Promise<void>;
  setupCode(): string | null;
  spendSetupCode(): void;
  localToken(): string;
  sweep(now: number): Promise<void>;
}

export async function openIdentityStore(deps: {
  readonly store: Store;
  readonly root: string;
}): Promise<IdentityStore> {
  const { store, root } = deps;
  const byId = new Map<string, User>();
  for await (const [id, user] of store.entries<User>(USERS)) byId.set(id, user);
  const token = randomBytes(32).toString("base64url");
  rmSync(localTokenPath(root), { force: true }); // a file that is there would keep its old rights
  writeFileSync(localTokenPath(root), `${token}\n`, { mode: 0o600, flag: "wx" });
  let code = byId.size === 0 ? readOrMakeCode(setupCodePath(root)) : null;
  if (code === null) rmSync(setupCodePath(root), { force: true });
  const alive = (record: SessionRecord, now: number): boolean =>
    now - record.seenAt < IDLE_MS && now - record.startedAt < ABSOLUTE_MS;
  return {
    users: () => [...byId.values()],
    find: (username) => [...byId.values()].find((user) => canonicalName(user.username) === canonicalName(username)),
    async add(user) {
      await store.write([{ table: USERS, key: user.id, value: user }]);
      byId.set(user.id, user);
    },
    async startSession(userId, now) {
      const secret = randomBytes(32).toString("base64url");
      const value: SessionRecord = { userId, startedAt: now, seenAt: now };
      await store.write([{ table: SESSIONS, key: nameOf(secret), value }]);
      return secret;
    },
    async session(secret, now) {
      const key = nameOf(secret);
      const record = await store.get<SessionRecord>(SESSIONS, key);
      if (record === undefined) return undefined;
      if (!alive(record, now)) {
        await store.write([{ table: SESSIONS, key, value: undefined }]);
        return undefined;
      }
      if (now - record.seenAt >= TOUCH_EVERY_MS) {
        await store.write([{ table: SESSIONS, key, value: { ...record, seenAt: now } }]);
      }
      return byId.get(record.userId);
    },
    endSession: (secret) => store.write([{ table: SESSIONS, key: nameOf(secret), value: undefined }]),
    setupCode: () => code,
    spendSetupCode() {
      code = null;
      rmSync(setupCodePath(root), { force: true });
    },
    localToken: () => token,
    async sweep(now) {
      const stale: string[] = [];
      for await (const [key, record] of store.entries<SessionRecord>(SESSIONS))
        if (!alive(record, now)) stale.push(key);
      await store.write(stale.map((key) => ({ table: SESSIONS, key, value: undefined })));
    },
  };
}

/** Without letters and digits that look alike; 60 bits. */
const CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

function readOrMakeCode(file: string): string {
  if (existsSync(file)) {
    const kept = readFileSync(file, "utf8").trim();
    if (/^[A-Z2-9]{4}(-[A-Z2-9]{4}){2}$/.test(kept)) return kept;
  }
  const letters = [...randomBytes(12)].map((byte) => CODE_LETTERS[byte % 32]);
  const code = [letters.slice(0, 4), letters.slice(4, 8), letters.slice(8)].map((part) => part.join("")).join("-");
  writeFileSync(file, `${code}\n`, { mode: 0o600 });
  return code;
}
