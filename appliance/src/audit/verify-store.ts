import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { AppError, type VerifyReply } from "@intramuros/contracts";
import { auditFolder } from "../storage/level-files.ts";
import { openExisting, openLevelStore } from "../storage/level-store.ts";
import { parseVerifierKey, verifierKey } from "./checkpoint.ts";
import { readAuditKey, storedLog } from "./level-audit-store.ts";
import { HASH_BYTES } from "./merkle.ts";
import { verifyLog } from "./verify.ts";

/** Verifies log and records of a home folder that no process has open. `told` hears of the log as soon as it is done. */
export async function verifyHome(root: string, told: (log: VerifyReply) => void = () => {}): Promise<VerifyReply> {
  const started = performance.now();
  const { key } = readAuditKey(root);
  const db = await openExisting(auditFolder(root), "audit");
  try {
    const log = await storedLog(db, root, key);
    const verdict = await verifyLog(log).finally(log.close);
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
 * Writes the log as lines: first the verifier key and the signed checkpoint, then one entry a line: its leaf hash, a space, exactly
 * the bytes of its leaf. Gives the number of entries.
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
    await put(JSON.stringify({ format: FORMAT, key: verifierKey(key), checkpoint: log.notes[0]?.note ?? "" }));
    let count = 0;
    for await (const [, value] of log.leaves) {
      await put(`${value.subarray(0, HASH_BYTES).toString("hex")} ${value.subarray(HASH_BYTES).toString("utf8")}`);
      count += 1;
    }
    await log.close();
    out.end();
    await once(out, "finish");
    return count;
  } finally {
    await db.close();
  }
}

/** Verifies an export, anywhere. `trusted` is the key that the auditor knows; without it the file vouches only for itself. */
export async function verifyExport(file: string, trusted: string | null): Promise<VerifyReply> {
  const started = performance.now();
  const lines = createInterface({ input: createReadStream(file, "utf8"), crlfDelay: Number.POSITIVE_INFINITY });
  const iterator = lines[Symbol.asyncIterator]();
  const first: IteratorResult<string> = await iterator.next();
  const header = readHeader(first.done ? "" : first.value);
  const key = header === null ? null : parseVerifierKey(trusted ?? header.key);
  if (header === null || key === null) {
    lines.close();
    const what = header === null ? `${file} is no audit export` : "the verifier key cannot be read";
    throw new AppError({ code: "export-unreadable", message: what, hint: "check the file and the key" });
  }
  async function* leaves(): AsyncGenerator<readonly [index: number, value: Buffer]> {
    let index = 0;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      // A line that does not begin as we write it has no hash: that is as wrong as any other wrong hash.
      const hash = LINE.exec(next.value)?.[1];
      const stored = hash === undefined ? Buffer.alloc(HASH_BYTES) : Buffer.from(hash, "hex");
      yield [index, Buffer.concat([stored, Buffer.from(next.value.slice(HASH_BYTES * 2 + 1), "utf8")])];
      index += 1;
    }
  }
  const verdict = await verifyLog({
    leaves: leaves(),
    tile: async () => undefined,
    notes: [{ where: "in the export", note: header.checkpoint }],
    key,
  });
  return { ...verdict, elapsedMs: Math.round(performance.now() - started) };
}

const FORMAT = "intramuros-audit-export/1";
/** Leaf hash in lower case, one blank, the entry. */
const LINE = /^([0-9a-f]{64}) /;

function readHeader(line: string): { readonly key: string; readonly checkpoint: string } | null {
  try {
    const { format, key, checkpoint } = JSON.parse(line) as Record<string, unknown>;
    return format === FORMAT && typeof key === "string" && typeof checkpoint === "string" ? { key, checkpoint } : null;
  } catch {
    return null;
  }
}
