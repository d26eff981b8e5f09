import type { FastifyInstance, FastifyRequest } from "fastify";
import type { WebSocket } from "ws";
import type { AuditSink } from "../audit/audit-sink.ts";
import type { Actor } from "../http/route.ts";
import type { LiveHubWithListeners } from "./live-hub-driver.ts";

/** What may wait for one browser; one that is slower than this loses the connection and starts afresh. */
const WAITING_MAX_BYTES = 1_048_576;
const PING_EVERY_MS = 15_000;
const SOCKETS_MAX = 500;
/** Close codes (RFC 6455 §7.4): 1013 try again later, 4401 signed out meanwhile. */
const TRY_AGAIN = 1013;
const SIGNED_OUT = 4401;

export interface LiveDeps {
  readonly hub: LiveHubWithListeners;
  readonly audit: AuditSink;
  /** Asked with each ping: a session that ended takes its live view with it. */
  readonly stillSignedIn: (request: FastifyRequest) => Promise<Actor | null>;
}

/** `GET /api/live`: the server sends, the browser only listens. */
export async function livePlugin(app: FastifyInstance, deps: LiveDeps): Promise<void> {
  const sockets = new Set<WebSocket>();
  app.route({
    method: "GET",
    url: "/api/live",
    config: { permission: "signed-in", audit: "live.opened" },
    handler: async (_request, reply) => reply.code(426).header("upgrade", "websocket").send(),
    wsHandler(socket, request) {
      if (sockets.size >= SOCKETS_MAX) {
        socket.close(TRY_AGAIN, "too many live views");
        return;
      }
      sockets.add(socket);
      let answered = true;
      const stop = deps.hub.listen((text) => {
        if (socket.readyState !== socket.OPEN) return;
        if (socket.bufferedAmount > WAITING_MAX_BYTES) socket.close(TRY_AGAIN, "too slow");
        else socket.send(text);
      });
      const pinging = setInterval(() => {
        if (!answered || socket.bufferedAmount > WAITING_MAX_BYTES) {
          socket.terminate();
          return;
        }
        answered = false;
        socket.ping();
        deps.stillSignedIn(request).then(
          (actor) => {
            if (actor === null) socket.close(SIGNED_OUT, "signed out");
          },
          () => socket.close(TRY_AGAIN, "store"),
        );
      }, PING_EVERY_MS);
      socket.on("pong", () => {
        answered = true;
      });
      socket.on("message", () => socket.close(1008, "this connection only sends"));
      socket.on("error", () => socket.terminate());
      socket.on("close", () => {
        clearInterval(pinging);
        stop();
        sockets.delete(socket);
      });
    },
  });
  app.addHook("preClose", async () => {
    for (const socket of sockets) socket.close(1001, "the appliance is stopping");
  });
}
