import path from "node:path";
import { parseArgs } from "node:util";
import { AppError, homeRoot, openHome, type VerifyReply } from "@intramuros/contracts";
import { verifierKey } from "./checkpoint.ts";
import { readAuditKey } from "./level-audit-store.ts";
import { verifyResting, verifyRunning } from "./verify-client.ts";
import { exportLog, verifyExport } from "./verify-store.ts";

const USAGE = `npm run audit -- verify [--home DIR] [--json]           checks every entry of the log, its signature, and every record
npm run audit -- verify --file FILE [--key KEY]        checks an export, on any machine
npm run audit -- export FILE [--home DIR]              writes the log as lines (the appliance must be stopped)
npm run audit -- key [--home DIR]                      prints the key that an auditor keeps to check exports
`;

/** One sentence a fact; what is wrong comes last and names its place. */
function report(reply: VerifyReply): string {
  const lines = [
    reply.ok
      ? `audit log: ${reply.size} entries, all as they were written; root ${reply.rootHash}`
      : `audit log: NOT VERIFIED; ${reply.size} entries read${reply.firstBad === undefined ? "" : `; first bad entry: ${reply.firstBad}`}: ${reply.problem}`,
  ];
  if (reply.store !== undefined) {
    const { records, damaged, problem } = reply.store;
    if (damaged.length === 0 && problem === null)
      lines.push(`store: ${records} records, all as they were acknowledged`);
    else lines.push(`store: NOT VERIFIED; ${records} records read${problem === null ? "" : `; ${problem}`}`);
    for (const one of damaged) lines.push(`  damaged record ${one.table}/${one.key}: ${one.problem}`);
  }
  lines.push(`${reply.elapsedMs} ms`);
  return `${lines.join("\n")}\n`;
}

const isGood = (reply: VerifyReply): boolean =>
  reply.ok && (reply.store === undefined || (reply.store.problem === null && reply.store.damaged.length === 0));

async function verify(root: string): Promise<VerifyReply> {
  try {
    return await verifyResting(root);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "audit-locked") throw error;
    return verifyRunning(root, openHome(root).config);
  }
}

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      home: { type: "string" },
      json: { type: "boolean", default: false },
      file: { type: "string" },
      key: { type: "string" },
    },
  });
  const root = values.home === undefined ? homeRoot() : path.resolve(values.home);
  const [verb, file] = positionals;
  if (verb === "verify" && file === undefined) {
    const reply =
      values.file === undefined
        ? await verify(root)
        : await verifyExport(path.resolve(values.file), values.key ?? null);
    process.stdout.write(values.json ? `${JSON.stringify(reply)}\n` : report(reply));
    process.exitCode = isGood(reply) ? 0 : 1;
  } else if (verb === "export" && file !== undefined) {
    const count = await exportLog(root, path.resolve(file));
    process.stdout.write(`${count} entries written to ${file}\n`);
  } else if (verb === "key" && file === undefined) {
    process.stdout.write(`${verifierKey(readAuditKey(root).key)}\n`);
  } else {
    process.stderr.write(USAGE);
    process.exitCode = 2;
  }
} catch (error) {
  process.stderr.write(
    error instanceof AppError
      ? `${error.code}: ${error.message}; ${error.hint}\n`
      : `${(error as Error).message}\n${USAGE}`,
  );
  process.exitCode = 1;
}
