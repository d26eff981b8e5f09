import { createServer } from "node:http";
import { AppError } from "@intramuros/contracts";

/** What keeps the server from doing its work, as sentences; `ready` is false only when it can do nothing at all. */
export interface Readiness {
  readonly ready: boolean;
  readonly problems: readonly string[];
}

/** `/healthz`, `/readyz` and `/figures` on loopback. */
export async function openHealthServer(
  process: "sip" | "telephony",
  port: number,
  sources: { readonly readiness: () => Readiness; readonly figures: () => object },
): Promise<{ close(): Promise<void> }> {
  const server = createServer({ requestTimeout: 5000, headersTimeout: 5000 }, (request, response) => {
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
      response.end(JSON.stringify(body));
    };
    request.resume();
    if (request.method !== "GET") return answer(405, { error: "GET only" });
    switch (request.url) {
      case "/healthz":
        return answer(200, { alive: true });
      case "/readyz": {
        const state = sources.readiness();
        return answer(state.ready ? 200 : 503, state);
      }
      case "/figures":
        return answer(200, sources.figures());
      default:
        return answer(404, { error: "not found" });
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) =>
      reject(
        new AppError({
          code: `${process}-health-listen-failed`,
          message: `cannot listen on 127.0.0.1:${port} for health checks`,
          hint: `another program has this port: stop it, or change ${process}.healthPort in config.json`,
          cause,
        }),
      ),
    );
    server.listen(port, "127.0.0.1", () => resolve());
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
