import path from "node:path";
import { AppError, homeRoot, openHome, openLog, readSecret, sipControlSecretPath } from "@intramuros/contracts";
import { startSip } from "./app.ts";

/** The process `sip`. */
const CLOSE_MS = 8000;

try {
  const { root, config } = openHome(homeRoot());
  const log = openLog("sip", config.log.level);
  const sip = await startSip({
    config: config.sip,
    secret: readSecret(sipControlSecretPath(root)),
    log,
    folder: path.join(root, "sip"),
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
