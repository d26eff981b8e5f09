import { copyFileSync, existsSync, readdirSync, statSync, truncateSync } from "node:fs";
import path from "node:path";

const LOG_LIMIT_BYTES = 32 * 1024 * 1024;

/** Keeps each log at most this long, with one older generation. The supervisor appends, so the file is emptied in place. */
export function trimLogs(home: string): void {
  const folder = path.join(home, "logs");
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name);
    if (!name.endsWith(".log") || statSync(file).size < LOG_LIMIT_BYTES) continue;
    copyFileSync(file, `${file}.1`);
    truncateSync(file);
  }
}
