import { homeRoot } from "@intramuros/contracts";
import { endLeftovers } from "./leftovers-driver.ts";
import { isAlive, runningPid } from "./pid-store.ts";

/** `npm run stop`: asks the `npm start` of this home folder to end, and waits until it has. */
const LIMIT_MS = 60_000;

const pid = runningPid(homeRoot());
if (pid === null) {
  const left = await endLeftovers(homeRoot());
  console.log(left === 0 ? "Intramuros does not run here." : "Ended what a killed start had left behind.");
} else {
  process.kill(pid, "SIGTERM");
  const until = Date.now() + LIMIT_MS;
  while (isAlive(pid) && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 100));
  if (isAlive(pid)) {
    console.error(`It did not end within ${LIMIT_MS / 1000} s (pid ${pid}); see the logs.`);
    process.exit(1);
  }
  console.log("Stopped.");
}
