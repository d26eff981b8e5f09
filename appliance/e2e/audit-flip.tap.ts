import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { asId, type CustomerId } from "@intramuros/contracts";
import t from "tap";
import { openAuditLog } from "../src/audit/level-audit-store.ts";
import { verifyResting } from "../src/audit/verify-client.ts";
import { auditFolder, storeFolder } from "../src/storage/level-files.ts";
import { openDb, openLevelStore } from "../src/storage/level-store.ts";
import { orderKey } from "../src/storage/store.ts";
import { makeTestHome } from "../src/storage/test-home-store.ts";

t.setTimeout(600_000);
const FLIPS = Number(process.env.INTRAMUROS_FLIPS ?? 16);
const here = path.dirname(fileURLToPath(import.meta.url));

const append = (log: Awaited<ReturnType<typeof openAuditLog>>, n: number) =>
  log.append({
    code: "test.flip",
    actor: "process:test",
    role: "process",
    source: "test",
    object: `number:${n}`,
    result: "success",
    reason: "",
    requestId: "",
    detail: { n },
  });

/** A home with table files and a log in both databases. */
async function makeHome(): Promise<{ readonly root: string; remove(): void }> {
  const home = await makeTestHome();
  for (let part = 0; part < 2; part += 1) {
    const log = await openAuditLog({ root: home.root, version: "flip" });
    await Promise.all(Array.from({ length: 400 }, (_, n) => append(log, part * 400 + n)));
    await log.close();
    const store = await openLevelStore({ root: home.root });
    for (let n = 0; n < 60; n += 1) {
      const value = { n, text: `${createHash("sha256").update(`${part}.${n}`).digest("hex")}` };
      await store.write([{ table: "flip", key: orderKey(part * 60 + n), value, owner: asId<CustomerId>(`c${n % 5}`) }]);
    }
    await store.close();
  }
  return home;
}

/** Everything that a reader of the database would see, as one hash; empty when it cannot be read. */
function contentOf(folder: string): string {
  return spawnSync(process.execPath, [path.join(here, "read-all.ts"), folder], { encoding: "utf8" }).stdout;
}
t.test(
  `each of ${FLIPS} bytes flipped in a copy is found, or changes nothing that is read`,
  { timeout: 300_000 },
  async (t) => {
    const home = await makeHome();
    t.teardown(() => home.remove());
    const scratch = mkdtempSync(path.join(tmpdir(), "intramuros-flip-"));
    t.teardown(() => rmSync(scratch, { recursive: true, force: true }));
    for (const [what, folderOf] of [
      ["audit", auditFolder],
      ["store", storeFolder],
    ] as const) {
      const copyOf = (name: string): string => {
        const copy = path.join(scratch, name);
        cpSync(home.root, copy, { recursive: true });
        return copy;
      };
      const whole = copyOf("whole");
      const good = contentOf(folderOf(whole));
      rmSync(whole, { recursive: true });
      const files = readdirSync(folderOf(home.root)).filter((name) => /\.(ldb|log)$|^(MANIFEST|CURRENT)/.test(name));
      const sized = files.map((name) => ({ name, bytes: readFileSync(path.join(folderOf(home.root), name)).length }));
      const total = sized.reduce((sum, { bytes }) => sum + bytes, 0);
      const tally = { named: 0, refused: 0, harmless: 0 };
      for (let flip = 0; flip < FLIPS; flip += 1) {
        // Spread evenly over all the bytes, with a step that is odd to every structure in them.
        let at = Math.floor(((flip + 0.37) / FLIPS) * total);
        const file = sized.find(({ bytes }) => {
          if (at < bytes) return true;
          at -= bytes;
          return false;
        });
        if (file === undefined) continue;
        const copy = copyOf(`flip-${flip}`);
        const target = path.join(folderOf(copy), file.name);
        const bytes = readFileSync(target);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << (flip % 8));
        writeFileSync(target, bytes);
        let outcome: keyof typeof tally = "named";
        try {
          const reply = await verifyResting(copy);
          const storeGood = reply.store?.problem === null && reply.store.damaged.length === 0;
          if (reply.ok && storeGood) {
            outcome = "harmless";
            const seen = contentOf(folderOf(copy));
            // LevelDB moves its log into a table when it opens; what is read must be what was written, apart from that.
            if (seen !== good) t.fail(`${what}: ${file.name} byte ${at}: reads differently and nobody noticed`);
          } else if (what === "audit" && !reply.ok && !reply.problem) t.fail("a bad log without a reason");
        } catch {
          outcome = "refused";
        }
        tally[outcome] += 1;
        rmSync(copy, { recursive: true, force: true });
      }
      t.comment(`${what}: ${JSON.stringify(tally)} in ${total} bytes of ${sized.length} files`);
      t.ok(tally.named > FLIPS / 4, `${what}: most flips hit data and are named`);
    }
  },
);

t.test("the command names the entry and the record, and its exit code says so", { timeout: 60_000 }, async (t) => {
  const home = await makeHome();
  t.teardown(() => home.remove());
  const run = (): { readonly status: number | null; readonly stdout: string } =>
    spawnSync(process.execPath, [path.join(here, "../src/audit/main.ts"), "verify", "--home", home.root], {
      encoding: "utf8",
    });
  const before = run();
  t.equal(before.status, 0);
  t.match(before.stdout, /audit log: 800 entries, all as they were written/);
  t.match(before.stdout, /store: 125 records, all as they were acknowledged/);
  for (const [folder, key] of [
    [auditFolder(home.root), "leaf!0000000000000417"],
    [storeFolder(home.root), `flip!${orderKey(17)}`],
  ] as const) {
    const db = openDb(folder, false);
    await db.open();
    const value = Buffer.from((await db.get(key)) as Buffer);
    value[60] = (value[60] ?? 0) ^ 4;
    await db.put(key, value);
    await db.close();
  }
  const after = run();
  t.equal(after.status, 1);
  t.match(after.stdout, /first bad entry: 417/);
  t.match(after.stdout, /damaged record flip\/0000000000000017: its seal is broken/);
});
