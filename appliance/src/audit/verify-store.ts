import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { AppError, type VerifyReply } from "@intramuros/contracts";
import { auditFolder } from "../storage/level-files.ts";
import { openExisting, openLevelStore } from "../storage/level-store.ts";
import { verifierKey } from "./checkpoint.ts";
import { readAuditKey, storedLog } from "./level-audit-store.ts";
import { HASH_BYTES } from "./merkle.ts";
import { verifyLog } from "./verify.ts";

/** Verifies log and records of a home folder that no process has open. `told` hears of the log as soon as it is done. */
export async function verifyHome(root: string, told: (log: VerifyReply) => void = () => {}): Promise<VerifyReply> {
  const started = performance.now();
  const { key } = readAuditKey(root);
  const db = await openExisting(auditFolder(root), "audit");
  try {
    const verdict = await verifyLog(await storedLog(db, root, key));
    told({ ...verdict, elapsedMs: Math.round(performance.now() - started) });
    const store = await scrubHome(root);
    return { ...verdict, elapsedMs: Math.round(performance.now() - started), store };
  } finally {
    await db.close();
  }
}

async function scrubHome(root: string): Promise<NonNullable<VerifyReply["store"]>> {
  try {
    const store = await openLevelStore({ root });
    try {
      const { records, damaged, problem } = await store.scrub();
      return { records, damaged: damaged.map((one) => ({ ...one })), problem };
    } finally {
      await store.close();
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { records: 0, damaged: [], problem: error.message };
  }
}

/**
 * Writes the log as lines: the verifier key and the signed checkpoint first, then one entry a line, each exactly the bytes of its
 * leaf. Gives the number of entries.
 */
export async function exportLog(root: string, file: string): Promise<number> {
  const { key } = readAuditKey(root);
  const db = await openExisting(auditFolder(root), "audit");
  try {
    const log = await storedLog(db, root, key);
    const out = createWriteStream(file, { flags: "wx", mode: 0o600 });
    await once(out, "open");
    const put = async (line: string): Promise<void> => {
      if (!out.write(`${line}\n`)) await once(out, "drain");
    };
    await put(
      JSON.stringify({
        format: "intramuros-audit-export/1",
        key: verifierKey(key),
        checkpoint: log.notes[0]?.note ?? "",
      }),
    );
    let count = 0;
    for await (const [, value] of log.leaves) {
      await put(value.subarray(HASH_BYTES).toString("utf8"));
      count += 1;
    }
    out.end();
    await once(out, "finish");
    return count;
  } finally {
    await db.close();
  }
}
