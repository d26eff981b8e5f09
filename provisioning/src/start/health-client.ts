import { get as getHttp } from "node:http";
import { get as getHttps } from "node:https";
import { type HouseProcess, healthUrl } from "./processes.ts";

/** What `/readyz` of one process says. */
export interface ProcessHealth {
  readonly name: HouseProcess["name"];
  readonly alive: boolean;
  readonly ready: boolean;
  readonly problems: readonly string[];
}

const REPLY_LIMIT = 65_536;

/** Asks one process; never throws. The console may have made its certificate itself, so here it is not checked against an authority. */
export function askHealth(house: HouseProcess, timeoutMs = 1500): Promise<ProcessHealth> {
  const dead: ProcessHealth = { name: house.name, alive: false, ready: false, problems: [] };
  return new Promise((resolve) => {
    const get = house.secure ? getHttps : getHttp;
    const request = get(
      healthUrl(house),
      { timeout: timeoutMs, rejectUnauthorized: false, agent: false },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          if (text.length < REPLY_LIMIT) text += chunk;
        });
        response.on("end", () =>
          resolve({ name: house.name, alive: true, ready: response.statusCode === 200, problems: problemsOf(text) }),
        );
        response.on("error", () => resolve(dead));
      },
    );
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(dead));
  });
}

function problemsOf(text: string): readonly string[] {
  try {
    const { problems } = JSON.parse(text) as { readonly problems?: unknown };
    return Array.isArray(problems) ? problems.map(String) : [];
  } catch {
    return [];
  }
}
