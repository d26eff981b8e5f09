import { createServer, type Server } from "node:http";
import { AppError } from "@intramuros/contracts";

/** `/healthz`: the process is alive. `/readyz`: it can do its work, and what is not as it should be. Loopback only. */
export async function openHealth(options: {
  readonly host: string;
  readonly port: number;
  report(): { readonly ready: boolean; readonly problems: readonly string[] };
}): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    };
    if (request.url === "/healthz") return answer(200, { alive: true });
    if (request.url !== "/readyz") return answer(404, { error: "only /healthz and /readyz are here" });
    const { ready, problems } = options.report();
    return answer(ready ? 200 : 503, { ready, problems });
  });
  server.requestTimeout = 5_000;
  await listen(server, options);
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : options.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, options: { readonly host: string; readonly port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) =>
      reject(
        new AppError({
          code: "port-taken",
          message: `cannot listen on ${options.host}:${options.port}: ${cause.message}`,
          hint: "stop the other program, or change inference.healthPort in config.json",
          cause,
        }),
      ),
    );
    server.listen(options.port, options.host, resolve);
  });
}
