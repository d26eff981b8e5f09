import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { auditCheckpointPath, auditFolder } from "../storage/level-files.ts";
import { openDb } from "../storage/level-store.ts";
import { makeTestHome } from "../storage/test-home-store.ts";
import type { AuditRecord } from "./audit-sink.ts";
import { readCheckpoint } from "./checkpoint.ts";
import { openAuditLog, readAuditKey } from "./level-audit-store.ts";
import { leafKey, objectKey, tileKey } from "./log-layout.ts";
import { consistencyProof, inclusionProof, verifyConsistency, verifyInclusion } from "./merkle.ts";
import { verifyHome } from "./verify-store.ts";

const homes: { remove(): void }[] = [];
afterEach(() => {
  for (const home of homes.splice(0)) home.remove();
});
async function newRoot(): Promise<string> {
  const home = await makeTestHome();
  homes.push(home);
  return home.root;
}
const record = (n: number): AuditRecord => ({
  code: n % 3 === 0 ? "call.answered" : "knowledge.changed",
  actor: "process:appliance",
  role: "process",
  source: "appliance",
  object: `article:${n}`,
  result: "success",
  reason: "",
  requestId: `r${n}`,
  detail: { n, text: "限额" },
});
async function filled(count: number): Promise<string> {
  const root = await newRoot();
  const log = await openAuditLog({ root, version: "test" });
  await Promise.all(Array.from({ length: count }, (_, n) => log.append(record(n))));
  await log.close();
  return root;
}
const raw = async (root: string, work: (db: ReturnType<typeof openDb>) => Promise<void>): Promise<void> => {
  const db = openDb(auditFolder(root), false);
  await db.open();
  await work(db);
  await db.close();
};
const flipAt = (bytes: Buffer, at: number): Buffer => {
  const bad = Buffer.from(bytes);
  bad[at] = (bad[at] ?? 0) ^ 1;
  return bad;
};

describe("audit log", () => {
  test("entries get their index in order, also when many come at once and after opening again", async () => {
    const root = await newRoot();
    const log = await openAuditLog({ root, version: "test" });
    expect(await Promise.all([1, 2, 3].map((n) => log.append(record(n))))).toEqual([0, 1, 2]);
    await log.close();
    const again = await openAuditLog({ root, version: "test" });
    expect(await again.append(record(4))).toBe(3);
    expect((await again.verify()).ok).toBe(true);
    await again.close();
  });

  test("a log that grows while it is verified is verified all the same", async () => {
    const root = await filled(2_000);
    const log = await openAuditLog({ root, version: "test" });
    let growing = true;
    const writer = (async () => {
      for (let n = 0; growing; n += 1) await log.append(record(n));
    })();
    for (let round = 0; round < 5; round += 1) {
      expect(await log.verify()).toMatchObject({ ok: true });
      await log.checkpoint();
    }
    growing = false;
    await writer;
    expect(log.size()).toBeGreaterThan(2_005);
    await log.close();
  });

  test("the checkpoint is signed by the house's key and proves each entry and each older checkpoint", async () => {
    const root = await newRoot();
    const log = await openAuditLog({ root, version: "test" });
    for (let n = 0; n < 300; n += 1) void log.append(record(n));
    await log.append(record(300));
    const older = await log.checkpoint();
    await Promise.all(Array.from({ length: 500 }, (_, n) => log.append(record(n))));
    const newer = await log.checkpoint();
    expect([older.size, newer.size]).toEqual([301, 801]);
    const read = readCheckpoint(newer.note, readAuditKey(root).key);
    expect(read).toMatchObject({ type: "head", head: { size: 801 } });
    const [entry] = (await log.page({ cursor: "257", limit: 1, order: "oldest" })).items;
    expect(entry?.seq).toBe(257);
    const root801 = Buffer.from(newer.rootHash, "hex");
    const proof = await inclusionProof(log.node, 257, 801);
    const leaf = Buffer.from(entry?.leafHash ?? "", "hex");
    expect(verifyInclusion({ index: 257, size: 801, leaf, proof, root: root801 })).toBe(true);
    const step = await consistencyProof(log.node, 301, 801);
    const firstRoot = Buffer.from(older.rootHash, "hex");
    expect(verifyConsistency({ firstSize: 301, secondSize: 801, firstRoot, secondRoot: root801, proof: step })).toBe(
      true,
    );
    await log.close();
  });

  test("the list turns its pages from either end and filters by code and object", async () => {
    const root = await filled(10);
    const log = await openAuditLog({ root, version: "test" });
    const first = await log.page({ limit: 4, order: "newest" });
    expect(first.items.map(({ seq }) => seq)).toEqual([9, 8, 7, 6]);
    const second = await log.page({ limit: 4, order: "newest", cursor: first.next ?? "" });
    expect(second.items.map(({ seq }) => seq)).toEqual([5, 4, 3, 2]);
    const calls = await log.page({ limit: 50, order: "oldest", code: "call." });
    expect(calls.items.map(({ seq }) => seq)).toEqual([0, 3, 6, 9]);
    expect(calls.next).toBeUndefined();
    expect((await log.page({ limit: 50, order: "newest", object: "article:7" })).items).toHaveLength(1);
    for (let n = 0; n < 5; n += 1)
      await log.append({ ...record(7), code: n % 2 === 0 ? "call.ended" : "call.offered" });
    const of = { object: "article:7", limit: 2 };
    const one = await log.page({ ...of, order: "newest" });
    expect(one.items.map(({ seq }) => seq)).toEqual([14, 13]);
    const two = await log.page({ ...of, order: "newest", cursor: one.next ?? "" });
    expect(two.items.map(({ seq }) => seq)).toEqual([12, 11]);
    const old = await log.page({ ...of, order: "oldest", code: "call.ended" });
    expect(old.items.map(({ seq }) => seq)).toEqual([10, 12]);
    const rest = await log.page({ ...of, order: "oldest", code: "call.ended", cursor: old.next ?? "" });
    expect(rest.items.map(({ seq }) => seq)).toEqual([14]);
    expect(rest.next).toBeUndefined();
    expect((await log.page({ limit: 5, order: "oldest", object: "article:70" })).items).toEqual([]);
    await log.close();
  });

  test("a record that does not fit is refused alone", async () => {
    const root = await newRoot();
    const log = await openAuditLog({ root, version: "test" });
    const bad = log.append({ ...record(1), code: "not a code" });
    const big = log.append({ ...record(1), detail: { text: "x".repeat(70_000) } });
    const good = log.append(record(2));
    await expect(bad).rejects.toThrow(/audit code/);
    await expect(big).rejects.toThrow(/64 KiB/);
    expect(await good).toBe(0);
    await log.close();
    await expect(log.append(record(3))).rejects.toMatchObject({ code: "audit-unavailable" });
  });

  test("a changed entry is named, in full tiles and in the part that has no tile yet", async () => {
    const root = await filled(700);
    for (const index of [0, 255, 256, 511, 512, 699]) {
      const value: Buffer[] = [];
      await raw(root, async (db) => {
        value.push((await db.get(leafKey(index))) as Buffer);
        const text = (value[0] as Buffer).toString("latin1");
        await db.put(leafKey(index), flipAt(value[0] as Buffer, text.indexOf("article:") + 3));
      });
      expect(await verifyHome(root)).toMatchObject({
        ok: false,
        firstBad: index,
        problem: new RegExp(`entry ${index}:`),
      });
      await expect(openAuditLog({ root, version: "test" })).rejects.toMatchObject({ code: "audit-damaged" });
      await raw(root, (db) => db.put(leafKey(index), value[0] as Buffer));
    }
    expect(await verifyHome(root)).toMatchObject({ ok: true, size: 700 });
  });

  test("an entry rewritten together with its hash is found through its tile; a damaged tile is told from damaged entries", async () => {
    const root = await filled(600);
    const { leafHash } = await import("./merkle.ts");
    let tile: Buffer = Buffer.alloc(0);
    let value: Buffer = Buffer.alloc(0);
    await raw(root, async (db) => {
      value = (await db.get(leafKey(300))) as Buffer;
      const data = Buffer.from(value.subarray(32).toString("utf8").replace("article:300", "article:999"));
      await db.put(leafKey(300), Buffer.concat([leafHash(data), data]));
    });
    expect(await verifyHome(root)).toMatchObject({ ok: false, firstBad: 300, problem: /tile 1/ });
    await raw(root, async (db) => {
      await db.put(leafKey(300), value);
      tile = (await db.get(tileKey(0, 1))) as Buffer;
      await db.put(tileKey(0, 1), flipAt(tile, 40));
    });
    const verdict = await verifyHome(root);
    expect(verdict).toMatchObject({ ok: false, problem: /tile 1 is damaged; the entries fit/ });
    expect(verdict.firstBad).toBeUndefined();
  });

  test("a damaged index is told from damaged entries", async () => {
    const root = await filled(20);
    await raw(root, (db) => db.del(objectKey("article:7", 7)));
    const verdict = await verifyHome(root);
    expect(verdict).toMatchObject({ ok: false, problem: /the entries are as they were written, but the index/ });
    expect(verdict.firstBad).toBeUndefined();
    await raw(root, (db) => db.put(objectKey("article:8", 7), Buffer.alloc(0)));
    expect((await verifyHome(root)).ok).toBe(false);
  });

  test("an entry removed from the middle or from the end is named", async () => {
    const root = await filled(20);
    const copy = `${root}-copy`;
    cpSync(root, copy, { recursive: true });
    homes.push({ remove: () => rmSync(copy, { recursive: true }) });
    await raw(root, (db) => db.del(leafKey(7)));
    expect(await verifyHome(root)).toMatchObject({ ok: false, firstBad: 7, problem: "entry 7 is missing" });
    await raw(copy, (db) => db.del(leafKey(19)));
    expect(await verifyHome(copy)).toMatchObject({ ok: false, firstBad: 19, problem: /proves 20 entries/ });
    await expect(openAuditLog({ root: copy, version: "test" })).rejects.toMatchObject({ message: /cut off/ });
  });

  test("a log rewritten as a whole does not fit its signed checkpoint", async () => {
    const root = await filled(5);
    const forged = await filled(5);
    cpSync(auditCheckpointPath(root), auditCheckpointPath(forged));
    expect(await verifyHome(forged)).toMatchObject({ ok: false, problem: /in audit.checkpoint/ });
  });

  test("a checkpoint beside the log that is missing or damaged is told", async () => {
    const root = await filled(5);
    const note = readFileSync(auditCheckpointPath(root), "utf8");
    writeFileSync(auditCheckpointPath(root), note.replace("\n5\n", "\n4\n"));
    expect(await verifyHome(root)).toMatchObject({ ok: false, problem: /in audit.checkpoint: .*signature/ });
    rmSync(auditCheckpointPath(root));
    expect(await verifyHome(root)).toMatchObject({ ok: false, problem: /missing/ });
  });
});
