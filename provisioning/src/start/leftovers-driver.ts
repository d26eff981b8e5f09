import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { repositoryRoot } from "./processes.ts";

/**
 * A start that was killed leaves its supervisor and processes behind, holding ports and databases. They are found by the home folder
 * in their environment, and ended: the supervisor first, for it would start the others anew.
 */
const PROGRAMS = [
  "pm2-runtime",
  ...["telephony/src/server", "telephony/src", "inference/src", "appliance/src"].map((folder) =>
    path.join(repositoryRoot, folder, "main.ts"),
  ),
];
const PATIENCE_MS = 10_000;

/** Resolves with how many there were. */
export async function endLeftovers(home: string): Promise<number> {
  const found = processesOf(home);
  for (const { pid, program } of found) signal(pid, program === "pm2-runtime" ? "SIGKILL" : "SIGTERM");
  const until = Date.now() + PATIENCE_MS;
  while (Date.now() < until && processesOf(home).length > 0) await new Promise((resolve) => setTimeout(resolve, 100));
  for (const { pid } of processesOf(home)) signal(pid, "SIGKILL");
  return found.length;
}

function processesOf(home: string): readonly { readonly pid: number; readonly program: string }[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .flatMap((pid) => {
      const words = readWords(`/proc/${pid}/cmdline`);
      const program = PROGRAMS.find((known) => words.some((word) => word === known || path.basename(word) === known));
      if (
        pid === process.pid ||
        program === undefined ||
        !readWords(`/proc/${pid}/environ`).includes(`INTRAMUROS_HOME=${home}`)
      )
        return [];
      return [{ pid, program }];
    })
    .sort((a, b) => PROGRAMS.indexOf(a.program) - PROGRAMS.indexOf(b.program));
}

/** Words of a `/proc` file; none when the process has gone or is another user's. */
function readWords(file: string): readonly string[] {
  try {
    return readFileSync(file, "utf8").split("\0");
  } catch {
    return [];
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
