import { existsSync } from "node:fs";
import path from "node:path";
import { AppError, homeRoot, openHome, openLog, readSecret, sipControlSecretPath } from "@intramuros/contracts";
import { readMasterKey } from "../call/master-key-store.ts";
import { startSip } from "./app.ts";

/** The process `sip`. */
const CLOSE_MS = 8000;

try {
  const { root, config } = openHome(homeRoot());
  const log = openLog("sip", config.log.level);
  // Without the key of the house (a server by itself, for another application) the capture stays in memory.
  const masterKeyHex = existsSync(path.join(root, "keys", "master.key")) ? readMasterKey(root) : null;
  const sip = await startSip({
    config: config.sip,
    secret: readSecret(sipControlSecretPath(root)),
    log,
    root,
    folder: path.join(root, "sip"),
    capture: { root, masterKeyHex },
  });
  let closing = false;
  const close = (signal: string): void => {
    if (closing) return;
    closing = true;
    log.info({ signal }, "sip server closing");
    setTimeout(() => process.exit(1), CLOSE_MS).unref();
    void sip.close().then(() => process.exit(0));
  };
  process.on("SIGINT", () => close("SIGINT"));
  process.on("SIGTERM", () => close("SIGTERM"));
} catch (error) {
  if (error instanceof AppError) console.error(`sip: ${error.code}: ${error.message}; ${error.hint}`);
  else console.error(error);
  process.exit(1);
}
