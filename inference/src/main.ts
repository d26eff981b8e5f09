import { AppError, homeRoot, openHome, openLog } from "@intramuros/contracts";
import { startInference } from "./app.ts";

const CLOSE_MS = 8_000;

try {
  const home = openHome(homeRoot());
  const log = openLog("inference", home.config.log.level);
  const inference = await startInference({ home, log });
  log.info({ address: inference.address, healthPort: inference.healthPort }, "inference listens");
  void inference.settled().then(() => log.info({ problems: inference.rooms.problems() }, "models settled"));

  let closing = false;
  const close = (signal: NodeJS.Signals): void => {
    if (closing) return;
    closing = true;
    log.info({ signal }, "inference closes");
    setTimeout(() => process.exit(1), CLOSE_MS).unref();
    inference.close().then(
      () => process.exit(0),
      (error: Error) => {
        log.error({ reason: error.message }, "inference did not close cleanly");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", close);
  process.on("SIGINT", close);
} catch (error) {
  const fault =
    error instanceof AppError
      ? `${error.code}: ${error.message}; ${error.hint}`
      : String((error as Error).stack ?? error);
  console.error(`inference cannot start: ${fault}`);
  process.exit(1);
}
