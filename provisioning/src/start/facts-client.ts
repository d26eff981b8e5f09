import { existsSync, readFileSync, statSync } from "node:fs";
import { get as getHttp } from "node:http";
import { get as getHttps } from "node:https";
import { type Home, localTokenPath, type ModelsReply, type Overview, setupCodePath } from "@intramuros/contracts";
import type { BoardFacts } from "./board.ts";
import { askHealth } from "./health-client.ts";
import { consoleAddress, healthUrl, houseProcesses } from "./processes.ts";

/** Collects what the board shows: health of each process, and from the appliance, with the local token, models and what is going on. */
export async function collectFacts(home: Home, readyAfterMs: number | null): Promise<BoardFacts> {
  const processes = houseProcesses(home.config);
  const health = await Promise.all(processes.map((process) => askHealth(process)));
  const appliance = processes.find((process) => process.name === "appliance");
  const base = appliance === undefined ? null : new URL("/", healthUrl(appliance));
  const [models, overview] =
    base === null
      ? [null, null]
      : await Promise.all([
          ask<ModelsReply>(home.root, base, "/api/models"),
          ask<Overview>(home.root, base, "/api/overview"),
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
function ask<T>(root: string, base: URL, path: string): Promise<T | null> {
  const token = readOr(localTokenPath(root));
  if (token === null) return Promise.resolve(null);
  return new Promise((resolve) => {
    const get = base.protocol === "https:" ? getHttps : getHttp;
    const request = get(
      new URL(path, base),
      { timeout: 1500, agent: false, rejectUnauthorized: false, headers: { authorization: `Bearer ${token}` } },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          if (text.length < 1 << 20) text += chunk;
        });
        response.on("end", () => {
          try {
            resolve(response.statusCode === 200 ? (JSON.parse(text) as T) : null);
          } catch {
            resolve(null);
          }
        });
        response.on("error", () => resolve(null));
      },
    );
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(null));
  });
}
