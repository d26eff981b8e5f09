import { existsSync, readFileSync, statSync } from "node:fs";
import { askAppliance, type Home, type ModelsReply, type Overview, setupCodePath } from "@intramuros/contracts";
import type { BoardFacts } from "./board.ts";
import { askHealth } from "./health-client.ts";
import { consoleAddress, houseProcesses } from "./processes.ts";

/** Collects what the board shows: health of each process, and from the appliance, with the local token, models and what is going on. */
export async function collectFacts(home: Home, readyAfterMs: number | null): Promise<BoardFacts> {
  const processes = houseProcesses(home.config);
  const health = await Promise.all(processes.map((process) => askHealth(process)));
  const [models, overview] = await Promise.all([
    ask<ModelsReply>(home, "/api/models"),
    ask<Overview>(home, "/api/overview"),
  ]);
  return {
    siteName: home.config.site.name,
    home: home.root,
    consoleAddress: consoleAddress(home.config),
    setupCode: readOr(setupCodePath(home.root)),
    sipListen: home.config.sip.listen,
    health,
    models: models?.models.map(({ id, state }) => ({ id, state })) ?? [],
    live: overview === null ? null : { calls: overview.live.calls, chats: overview.live.chats },
    readyAfterMs,
  };
}

function readOr(file: string): string | null {
  return existsSync(file) && statSync(file).size < 200 ? readFileSync(file, "utf8").trim() : null;
}

/** One answer of the appliance's HTTP interface; null when it cannot be had now. */
async function ask<T>(home: Home, path: string): Promise<T | null> {
  try {
    const reply = await askAppliance(home, { path, timeoutMs: 1500 });
    return reply.status === 200 ? (JSON.parse(reply.text) as T) : null;
  } catch {
    return null;
  }
}
