import { spawn, spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { runFolder } from "@intramuros/contracts";
import { endLeftovers } from "./leftovers-driver.ts";
import { closingOrder, repositoryRoot } from "./processes.ts";

/** pm2, always as a process of its own (AGPL), always with PM2_DISCRETE_MODE, for otherwise it calls its maker. */
export interface Supervisor {
  /** Resolves when pm2-runtime has ended, whatever the cause. */
  readonly ended: Promise<void>;
  /** Stops the four processes in their order, then pm2. */
  close(): Promise<void>;
}

const CLOSE_LIMIT_MS = 12_000;
const pm2Folder = path.dirname(createRequire(import.meta.url).resolve("pm2/package.json"));

export function startSupervisor(home: string): Supervisor {
  const env = {
    ...process.env,
    INTRAMUROS_HOME: home,
    PM2_HOME: path.join(runFolder(home), "pm2"),
    PM2_DISCRETE_MODE: "true",
    PM2_DISABLE_VERSION_CHECK: "true",
  };
  // Detached: Ctrl-C in the terminal must reach this process only, which then closes the others in order.
  const runtime = spawn(
    process.execPath,
    [path.join(pm2Folder, "bin/pm2-runtime"), "start", path.join(repositoryRoot, "provisioning/ecosystem.config.cjs")],
    {
      env,
      cwd: repositoryRoot,
      stdio: "ignore",
      detached: true,
    },
  );
  const ended = new Promise<void>((resolve) => {
    runtime.once("exit", () => resolve());
    runtime.once("error", () => resolve());
  });
  const pm2 = (args: readonly string[]): void => {
    spawnSync(process.execPath, [path.join(pm2Folder, "bin/pm2"), ...args], {
      env,
      cwd: repositoryRoot,
      stdio: "ignore",
      timeout: CLOSE_LIMIT_MS,
    });
  };
  return {
    ended,
    async close() {
      if (runtime.exitCode === null) {
        for (const name of closingOrder) pm2(["stop", name]);
        runtime.kill("SIGINT");
        await Promise.race([ended, delay(CLOSE_LIMIT_MS)]);
      }
      await endLeftovers(home);
    },
  };
}

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());
