import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

const writer = path.join(path.dirname(fileURLToPath(import.meta.url)), "crash-writer.ts");

/** Starts the writer, kills it without warning after `afterMs` of writing, and gives the lines that it had acknowledged. */
export function crashRound(round: {
  readonly what: "store" | "audit";
  readonly root: string;
  readonly first: number;
  readonly afterMs: number;
  /** Files may not grow beyond it: a disk that is full (EFBIG where a disk says ENOSPC). */
  readonly fileLimitKib?: number;
}): Promise<{ readonly acknowledged: string[]; readonly errors: string }> {
  return new Promise((resolve) => {
    const command = [process.execPath, writer, round.what, round.root, String(round.first)];
    const limited = `trap '' XFSZ; ulimit -f ${round.fileLimitKib}; exec "$@"`;
    const [program = "", ...args] =
      round.fileLimitKib === undefined ? command : ["bash", "-c", limited, "bash", ...command];
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    let errors = "";
    let timer: NodeJS.Timeout | null = null;
    child.stdout.on("data", (part: Buffer) => {
      text += part.toString();
      timer ??= setTimeout(() => child.kill("SIGKILL"), round.afterMs);
    });
    child.stderr.on("data", (part: Buffer) => {
      errors += part.toString();
    });
    const overdue = setTimeout(() => child.kill("SIGKILL"), 20_000);
    child.on("close", () => {
      clearTimeout(overdue);
      if (timer !== null) clearTimeout(timer);
      // The last line may be cut off in its middle: it was then never read as acknowledged.
      resolve({ acknowledged: text.split("\n").slice(0, -1), errors });
    });
  });
}
