import { isUtf8 } from "node:buffer";
import { createServer as createHttpServer, type IncomingMessage, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { isIPv6, type Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import type { Listener } from "../core/state.ts";
import { type Link, noteHeard } from "./connection-table.ts";
import type { StreamSurroundings } from "./stream-driver.ts";
import { refusalText } from "./tls-name.ts";
import { listenFault } from "./udp-driver.ts";

/** SIP over WebSocket (RFC 7118): one message a frame, subprotocol `sip`; only clients open connections. */
export interface WebSocketTransport {
  listen(listener: Listener): Promise<void>;
  close(): Promise<void>;
}

/** A request for the upgrade must be whole by then. */
const UPGRADE_MS = 8000;
const MAX_HEADER_BYTES = 8192;
const PONG = Buffer.from("\r\n");

export function openWebSockets(
  around: StreamSurroundings,
  /** Origins from which pages may connect; empty: all. A program without a browser sends none and is let in. */
  origins: readonly string[],
): WebSocketTransport {
  const { table, limits, events, tls } = around;
  const servers: Server[] = [];
  const upgrader = new WebSocketServer({
    noServer: true,
    maxPayload: limits.maxMessageBytes,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has("sip") ? "sip" : false),
  });

  const adopt = (socket: WebSocket, raw: Socket, local: Listener): void => {
    const { remoteAddress: address, remotePort: port } = raw;
    if (address === undefined || port === undefined) {
      socket.terminate();
      return;
    }
    const link: Link = {
      write: (bytes) => socket.send(bytes, { binary: !isUtf8(bytes) }, () => {}),
      ping: () => socket.ping(),
      destroy: () => socket.terminate(),
      get queuedBytes() {
        return socket.bufferedAmount;
      },
    };
    const place = { transport: local.transport, local, remote: { address, port } };
    const connection = table.add(place, link, { dialled: false, now: performance.now() });
    const heard = (bytes: Buffer): void => void noteHeard(connection, bytes, performance.now());
    socket.on("error", () => {}); // close follows
    socket.on("ping", heard);
    socket.on("pong", heard);
    socket.on("message", (data: RawData) => {
      const bytes = bytesOf(data);
      heard(bytes);
      if (isBlank(bytes)) {
        if (bytes.length >= 4) link.write(PONG);
        return;
      }
      connection.proven = true;
      events.message(connection.flow, bytes);
    });
    socket.on("close", () => table.remove(connection));
  };

  const refuse = (raw: Socket, status: string): void => {
    raw.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    raw.destroySoon();
  };

  const onUpgrade = (request: IncomingMessage, raw: Socket, head: Buffer, local: Listener): void => {
    raw.on("error", () => {});
    const offered = (request.headers["sec-websocket-protocol"] ?? "").split(/\s*,\s*/);
    const { origin } = request.headers;
    if (!offered.includes("sip")) refuse(raw, "400 Subprotocol sip expected");
    else if (origin !== undefined && origins.length > 0 && !origins.includes(origin)) {
      around.refused(raw.remoteAddress ?? "", "origin not allowed", "in");
      refuse(raw, "403 Origin not allowed");
    } else upgrader.handleUpgrade(request, raw, head, (socket) => adopt(socket, raw, local));
  };

  return {
    listen: (listener) =>
      new Promise((resolve, reject) => {
        const options = {
          headersTimeout: UPGRADE_MS,
          requestTimeout: UPGRADE_MS,
          connectionsCheckingInterval: UPGRADE_MS / 2,
          maxHeaderSize: MAX_HEADER_BYTES,
        };
        const isTls = listener.transport === "wss";
        const secure = isTls
          ? createHttpsServer({ ...tls?.inbound(), ...options, handshakeTimeout: UPGRADE_MS })
          : null;
        const server = secure ?? createHttpServer(options);
        server.on("connection", (socket: Socket) => around.admit(socket));
        server.on("request", (_request, response) => {
          response.writeHead(426, { Connection: "close", Upgrade: "websocket" }).end();
        });
        server.on("upgrade", (request: IncomingMessage, raw: Socket, head: Buffer) =>
          onUpgrade(request, raw, head, listener),
        );
        server.on("clientError", (_error, socket) => socket.destroy());
        if (secure !== null) {
          tls?.keep(secure);
          server.on("tlsClientError", (error: Error, socket: TLSSocket) => {
            around.refused(socket.remoteAddress ?? "", refusalText(error), "in");
            socket.destroy();
          });
        }
        server.once("error", (cause) => reject(listenFault(listener, cause)));
        server.listen({ port: listener.port, host: listener.address, ipv6Only: isIPv6(listener.address) }, () => {
          server.removeAllListeners("error");
          server.on("error", () => {});
          servers.push(server);
          resolve();
        });
      }),
    async close() {
      await Promise.all(
        servers.map((server) => {
          const closed = new Promise<void>((resolve) => server.close(() => resolve()));
          server.closeAllConnections();
          return closed;
        }),
      );
    },
  };
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte !== 0x0d && byte !== 0x0a) return false;
  return true;
}
