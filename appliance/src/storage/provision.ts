import { existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import path from "node:path";
import { AppError, homeRoot } from "@intramuros/contracts";
import { openAuditLog } from "../audit/level-audit-store.ts";
import { syncFolder } from "./files-store.ts";
import { auditCheckpointPath, auditFolder, auditKeyPath, storeFolder, storeHeadPath } from "./level-files.ts";
import { openDb, openExisting, writeFirstHead } from "./level-store.ts";

/**
 * Makes the empty databases of a new installation; does nothing to those that are there. A database that was there once and is gone
 * is refused: an empty one in its place would look like a house without a past.
 */
export async function provisionStore(root: string): Promise<void> {
  await createOnce(storeFolder(root), existsSync(storeHeadPath(root)));
  if (!existsSync(storeHeadPath(root))) {
    const db = await openExisting(storeFolder(root), "store");
    try {
      const first = await db.keys({ limit: 3 }).all();
      if (first.some((key) => !key.startsWith("~"))) throw gone(storeHeadPath(root));
      await writeFirstHead(db, root);
    } finally {
      await db.close();
    }
  }
  await createOnce(auditFolder(root), existsSync(auditCheckpointPath(root)));
  await (await openExisting(storeFolder(root), "store")).close();
  // Opening signs the checkpoint of the empty log, so that even the first entry cannot be cut off unseen.
  if (existsSync(auditKeyPath(root))) await (await openAuditLog({ root, version: "" })).close();
  else await (await openExisting(auditFolder(root), "audit")).close();
}

const gone = (what: string): AppError =>
  new AppError({
    code: "store-gone",
    message: `${what} is gone, but this installation had records`,
    hint: "restore the home folder from a backup; nothing was created in its place",
  });

async function createOnce(folder: string, hadRecords: boolean): Promise<void> {
  if (existsSync(path.join(folder, "CURRENT"))) return;
  if (hadRecords || (await wasOpenedBefore(folder))) throw gone(folder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const db = openDb(folder, true);
  await db.open();
  await db.put("~made!first", Buffer.alloc(0), { sync: true });
  await db.del("~made!first", { sync: true });
  await db.close();
  await syncFolder(folder);
  await syncFolder(path.dirname(folder));
}

/** A creation that was cut off leaves at most MANIFEST-000001, and may be done again. */
async function wasOpenedBefore(folder: string): Promise<boolean> {
  if (!existsSync(folder)) return false;
  return (await readdir(folder)).some((name) => /^(MANIFEST-(?!000001$)|.*\.ldb$)/.test(name));
}

if (import.meta.main) {
  try {
    await provisionStore(homeRoot());
  } catch (error) {
    const fault = error instanceof AppError ? `${error.code}: ${error.message}; ${error.hint}` : String(error);
    process.stderr.write(`${fault}\n`);
    process.exitCode = 1;
  }
}
