import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runFolder } from "@intramuros/contracts";

const pidFile = (root: string): string => path.join(runFolder(root), "start.pid");

/** The process that `npm start` runs in for this home folder; null when there is none. */
export function runningPid(root: string): number | null {
  const file = pidFile(root);
  if (!existsSync(file)) return null;
  const pid = Number(readFileSync(file, "utf8"));
  return Number.isInteger(pid) && pid > 1 && isAlive(pid) ? pid : null;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A pid may have been given to another program since: ours runs this folder's main.ts.
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("provisioning/src/start/main.ts");
  } catch {
    return false;
  }
}

export const writePid = (root: string): void => writeFileSync(pidFile(root), String(process.pid), { mode: 0o600 });
export const removePid = (root: string): void => rmSync(pidFile(root), { force: true });
