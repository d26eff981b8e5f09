import { AppError, homeRoot, openHome } from "@intramuros/contracts";
import { drawBoard } from "./board.ts";
import { collectFacts } from "./facts-client.ts";
import { endLeftovers } from "./leftovers-driver.ts";
import { trimLogs } from "./log-store.ts";
import { removePid, runningPid, writePid } from "./pid-store.ts";
import { preflight } from "./preflight-driver.ts";
import { consoleAddress } from "./processes.ts";
import { provisionHome } from "./provision-driver.ts";
import { startSupervisor } from "./supervisor-driver.ts";

/** `npm start`: the whole house in the foreground, with a status board, until Ctrl-C. */
const BOARD_EVERY_MS = 1000;
const READY_LIMIT_MS = 120_000;

async function main(): Promise<void> {
  const startedAt = performance.now();
  const root = homeRoot();
  const home = openHome(root);
  const running = runningPid(root);
  if (running !== null) {
    console.log(
      `Intramuros already runs here (pid ${running}): ${consoleAddress(home.config)}\nnpm run status shows how it is, npm run stop ends it.`,
    );
    return;
  }
  if ((await endLeftovers(root)) > 0) console.log("  Ended what an earlier start had left behind.");
  provisionHome(root);
  await preflight(home);
  trimLogs(root);
  writePid(root);

  const supervisor = startSupervisor(root);
  const stopped = new Promise<"asked">((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve("asked"));
  });

  const screen = createScreen();
  let readyAfterMs: number | null = null;
  let lateSaid = false;
  for (;;) {
    const facts = await collectFacts(home, readyAfterMs);
    if (readyAfterMs === null && facts.health.every((process) => process.ready))
      readyAfterMs = performance.now() - startedAt;
    screen.show(drawBoard({ ...facts, readyAfterMs }));
    if (readyAfterMs === null && !lateSaid && performance.now() - startedAt > READY_LIMIT_MS) {
      lateSaid = true;
      screen.add(`  Not ready after ${READY_LIMIT_MS / 1000} s: the logs in ${root}/logs say why.`);
    }
    trimLogs(root);
    const what = await Promise.race([
      stopped,
      supervisor.ended.then(() => "ended" as const),
      delay(readyAfterMs === null ? 250 : BOARD_EVERY_MS),
    ]);
    if (what === undefined) continue;
    if (what === "asked") console.log("\n  Stopping …");
    await supervisor.close();
    removePid(root);
    if (what === "ended")
      throw new AppError({
        code: "supervisor-ended",
        message: "the supervisor ended by itself",
        hint: `the logs in ${root}/logs say why`,
      });
    console.log("  Stopped.");
    return;
  }
}

const delay = (ms: number): Promise<undefined> => new Promise((resolve) => setTimeout(() => resolve(undefined), ms));

/** A terminal shows the board in place; a file or a pipe gets it again when it has changed. */
function createScreen(): { show(lines: readonly string[]): void; add(line: string): void } {
  let last = "";
  let drawn = 0;
  return {
    show(lines) {
      const text = lines.join("\n");
      if (text === last) return;
      if (process.stdout.isTTY) {
        process.stdout.write(`${drawn > 0 ? `\x1b[${drawn}A\x1b[0J` : ""}${text}\n`);
        drawn = lines.length;
      } else {
        process.stdout.write(`${text}\n\n`);
      }
      last = text;
    },
    add(line) {
      process.stdout.write(`${line}\n`);
      drawn += process.stdout.isTTY ? 1 : 0;
    },
  };
}

try {
  await main();
  process.exit(0);
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  console.error(`\n  Cannot start: ${error.message}.\n  ${error.hint}.\n`);
  process.exit(1);
}
