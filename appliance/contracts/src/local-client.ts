import { readFileSync } from "node:fs";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { AppError } from "./faults.ts";
import { type Home, localTokenPath } from "./home-store.ts";

/** Addresses that never leave the machine; only there may the console be plain HTTP. */
export const isLoopback = (host: string): boolean => host === "localhost" || host === "::1" || /^127\./.test(host);
const isWildcard = (host: string): boolean => host === "0.0.0.0" || host === "::";

/** Where the appliance's HTTP interface answers on this machine. */
export function applianceUrl(home: Home): URL {
  const { consoleHost, consolePort } = home.config.appliance;
  const host = isWildcard(consoleHost) ? "127.0.0.1" : consoleHost;
  return new URL(
    `${isLoopback(consoleHost) ? "http" : "https"}://${host.includes(":") ? `[${host}]` : host}:${consolePort}/`,
  );
}

export interface LocalReply {
  readonly status: number;
  /** The body as it came; JSON for all of `/api`. */
  readonly text: string;
}

const REPLY_LIMIT_BYTES = 64 << 20;

/**
 * One request of the command line to the running appliance, as the local operator (`localTokenPath`). Throws `appliance-away` when
 * nothing answers. The certificate may be the appliance's own, and the peer is this machine: it is not checked.
 */
export function askAppliance(
  home: Home,
  ask: { readonly path: string; readonly method?: string; readonly body?: unknown; readonly timeoutMs?: number },
): Promise<LocalReply> {
  const away = (cause: unknown): AppError =>
    new AppError({
      code: "appliance-away",
      message: `the appliance does not answer at ${applianceUrl(home).href}`,
      hint: "start it with `npm start`, or see `npm run status`",
      cause,
    });
  return new Promise((resolve, reject) => {
    let token: string;
    try {
      token = readFileSync(localTokenPath(home.root), "utf8").trim();
    } catch (cause) {
      reject(away(cause));
      return;
    }
    const url = new URL(ask.path, applianceUrl(home));
    const payload = ask.body === undefined ? null : JSON.stringify(ask.body);
    const send = url.protocol === "https:" ? requestHttps : requestHttp;
    const request = send(
      url,
      {
        method: ask.method ?? "GET",
        timeout: ask.timeoutMs ?? 3000,
        agent: false,
        rejectUnauthorized: false,
        headers: {
          authorization: `Bearer ${token}`,
          ...(payload === null ? {} : { "content-type": "application/json" }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > REPLY_LIMIT_BYTES) response.destroy(new Error("reply too large"));
          else chunks.push(chunk);
        });
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }),
        );
        response.on("error", (cause) => reject(away(cause)));
      },
    );
    request.on("timeout", () => request.destroy(new Error("timed out")));
    request.on("error", (cause) => reject(away(cause)));
    request.end(payload ?? undefined);
  });
}
