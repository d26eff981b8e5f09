import { AppError, homeRoot, openHome, openLog } from "@intramuros/contracts";
import { startAppliance } from "./app.ts";

const CLOSE_WITHIN_MS = 8_000;
/** How long a process that can write no more goes on refusing, so that everybody who looks sees why. */
const REFUSE_FOR_MS = 10_000;

try {
  const { root, config } = openHome(homeRoot());
  const log = openLog("appliance", config.log.level);
  let closing = false;
  const close = (exitCode: number): void => {
    if (closing) return;
    closing = true;
    const overdue = setTimeout(() => {
      log.error("closing took too long");
      process.exit(1);
    }, CLOSE_WITHIN_MS);
    overdue.unref();
    appliance.close().then(
      () => {
        log.info("closed");
        process.exitCode = exitCode;
        process.exit();
      },
      (error: unknown) => {
        log.error({ err: error }, "closing failed");
        process.exit(1);
      },
    );
  };
  // A store that cannot be written is opened anew by the supervisor; nothing acknowledged is lost by that.
  const appliance = await startAppliance({
    root,
    config,
    log,
    onFault: () => setTimeout(() => close(1), REFUSE_FOR_MS),
  });
  log.info({ address: appliance.address }, "ready");
  process.on("SIGINT", () => close(0));
  process.on("SIGTERM", () => close(0));
} catch (error) {
  process.stderr.write(
    error instanceof AppError
      ? `${error.code}: ${error.message}; ${error.hint}\n`
      : `${String((error as Error).stack)}\n`,
  );
  process.exit(1);
}
