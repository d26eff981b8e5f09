import { connect, createServer, isIP, isIPv6, type Server, type Socket } from "node:net";
import {
  type ConnectionOptions,
  connect as connectTls,
  createServer as createTlsServer,
  type TLSSocket,
  type Server as TlsServer,
} from "node:tls";
import type { Flow, Listener } from "../core/state.ts";
import {
  type Connection,
  type ConnectionEvents,
  type ConnectionLimits,
  type ConnectionTable,
  type Link,
  noteHeard,
} from "./connection-table.ts";
import { createStreamFramer } from "./stream-framer.ts";
import { refusalText } from "./tls-name.ts";
import type { TlsStore } from "./tls-store.ts";
import { listenFault } from "./udp-driver.ts";

/** TCP and TLS: connections that peers open, and those that we open when none leads to a peer. */
export interface StreamTransport {
  listen(listener: Listener): Promise<void>;
  /** Opens a connection; null when there may be no more. */
  dial(flow: Flow): Connection | null;
  close(): Promise<void>;
}

export interface StreamSurroundings {
  readonly table: ConnectionTable;
  readonly limits: ConnectionLimits;
  readonly events: ConnectionEvents;
  /** Null: no TLS listener, hence no TLS. */
  readonly tls: TlsStore | null;
  /** For a new socket: counts its source and marks its packets; false when it must go. */
  admit(socket: Socket): boolean;
  mark(socket: Socket): void;
  /** A TLS peer was not taken, or did not take us. */
  refused(address: string, reason: string, direction: "in" | "out"): void;
}

const KEEPALIVE_MS = 45_000;
const HANDSHAKE_MS = 8000;
const MAX_NAMES = 1000;
const PING = Buffer.from("\r\n\r\n");
const PONG = Buffer.from("\r\n");

export function openStreams(around: StreamSurroundings): StreamTransport {
  const { table, limits, events, tls } = around;
  const servers: Server[] = [];
  /** By which name a TLS peer was sought last: drachtio-srf answers a challenge to the bare address. */
  const names = new Map<string, string>();
  let open = true;

  const adopt = (socket: Socket, place: Omit<Flow, "connection">, dialled: boolean): Connection => {
    const framer = createStreamFramer(limits.maxMessageBytes);
    const link: Link = {
      write: (bytes) => void socket.write(bytes),
      ping: () => void socket.write(PING),
      destroy: () => void socket.destroy(),
      get queuedBytes() {
        return socket.writableLength;
      },
    };
    const connection = table.add(place, link, { dialled, now: performance.now() });
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEPALIVE_MS);
    socket.on("error", (error) => {
      connection.why ??= refusalText(error); // close follows
    });
    socket.on("data", (chunk: Buffer) => {
      const now = performance.now();
      if (noteHeard(connection, chunk, now)) return;
      for (const piece of framer.push(chunk)) {
        if (piece.type === "message") {
          connection.proven = true;
          events.message(connection.flow, piece.bytes);
        } else if (piece.type === "ping") socket.write(PONG);
        else socket.destroy();
      }
      // CRLFs that may become a pair are no message.
      if (framer.heldBytes <= 4) connection.messageSince = null;
      else connection.messageSince ??= now;
    });
    socket.on("close", () => {
      if (place.transport === "tls" && !connection.heard && connection.why !== null) {
        around.refused(place.remote.address, connection.why, "out");
      }
      table.remove(connection);
    });
    return connection;
  };

  const accept = (socket: Socket, local: Listener): void => {
    const { remoteAddress: address, remotePort: port } = socket;
    if (!open || address === undefined || port === undefined) socket.destroy();
    else adopt(socket, { transport: local.transport, local, remote: { address, port } }, false);
  };

  /** A socket on its way to the peer; null when it cannot even begin. */
  const openSocket = (flow: Flow): Socket | null => {
    const { remote, local } = flow;
    try {
      if (flow.transport === "tls") return dialTls(flow);
      return connect({ host: remote.address, port: remote.port, localAddress: local.address });
    } catch (error) {
      around.refused(remote.address, refusalText(error as Error), "out");
      return null;
    }
  };

  const dialTls = (flow: Flow): TLSSocket | null => {
    if (tls === null) return null;
    const key = `${flow.remote.address} ${flow.remote.port}`;
    const named = flow.name !== undefined && isIP(flow.name) === 0 ? flow.name : null;
    if (named !== null) {
      if (names.size >= MAX_NAMES) names.clear();
      names.set(key, named);
    }
    const name = named ?? names.get(key) ?? flow.name ?? flow.remote.address;
    return connectTls({
      ...tls.outbound({ name, address: flow.remote.address, port: flow.remote.port }),
      host: flow.remote.address,
      port: flow.remote.port,
      localAddress: flow.local.address,
    } as ConnectionOptions);
  };

  return {
    listen: (listener) =>
      new Promise((resolve, reject) => {
        const isTls = listener.transport === "tls";
        const server = isTls
          ? createTlsServer({ ...tls?.inbound(), handshakeTimeout: HANDSHAKE_MS }, (socket) => accept(socket, listener))
          : createServer((socket) => {
              if (around.admit(socket)) accept(socket, listener);
            });
        if (isTls) {
          server.on("connection", (socket: Socket) => around.admit(socket));
          server.on("tlsClientError", (error: Error, socket: TLSSocket) => {
            around.refused(socket.remoteAddress ?? "", refusalText(error), "in");
            socket.destroy();
          });
          tls?.keep(server as TlsServer);
        }
        server.once("error", (cause) => reject(listenFault(listener, cause)));
        server.listen({ port: listener.port, host: listener.address, ipv6Only: isIPv6(listener.address) }, () => {
          server.removeAllListeners("error");
          server.on("error", () => {});
          servers.push(server);
          resolve();
        });
      }),
    dial(flow) {
      if (!open || flow.remote.port === 0 || table.isFull) return null;
      const isTls = flow.transport === "tls";
      const socket = openSocket(flow);
      if (socket === null) return null;
      const { connection: _none, ...place } = flow;
      const connection = adopt(socket, place, true);
      socket.once("connect", () => around.mark(socket));
      socket.once(isTls ? "secureConnect" : "connect", () => {
        connection.ready = true;
      });
      return connection;
    },
    async close() {
      open = false;
      await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
    },
  };
}
