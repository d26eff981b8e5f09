import { AppError, homeRoot, openHome, openLog } from "@intramuros/contracts";
import { startTelephony } from "./app.ts";

/** The process `telephony`. */
const CLOSE_MS = 8000;
/** Faults outside of any call within a minute; more of them, and a fresh process is better than this one. */
const MAX_FAULTS = 10;

try {
  const home = openHome(homeRoot());
  const log = openLog("telephony", home.config.log.level);
  const faults: number[] = [];
  // A fault of ours, or of a library, ends what it met: not the two hundred calls beside it.
  process.on("uncaughtException", (error) => {
    log.error({ err: error }, "a fault outside of any call");
    const since = Date.now() - 60_000;
    faults.push(Date.now());
    if (faults.filter((at) => at > since).length > MAX_FAULTS) process.exit(1);
  });
  const telephony = await startTelephony({ home, log });
  let closing = false;
  const close = (signal: string, leave = false): void => {
    if (closing) return;
    closing = true;
    log.info({ signal }, "telephony closing");
    setTimeout(() => process.exit(1), CLOSE_MS).unref();
    void telephony.close({ leave }).then(() => process.exit(0));
  };
  // For a restart: callers are left as they are, and the next process goes on with their calls.
  process.on("SIGHUP", () => close("SIGHUP", true));
  process.on("SIGINT", () => close("SIGINT"));
  process.on("SIGTERM", () => close("SIGTERM"));
} catch (error) {
  if (error instanceof AppError) console.error(`telephony: ${error.code}: ${error.message}; ${error.hint}`);
  else console.error(error);
  process.exit(1);
}
