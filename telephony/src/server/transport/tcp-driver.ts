import { connect, createServer, isIPv6, type Server, type Socket } from "node:net";
import type { Endpoint, Flow, Listener } from "../core/state.ts";
import { createStreamFramer } from "./stream-framer.ts";
import { listenFault } from "./udp-driver.ts";

export interface TcpLimits {
  readonly maxConnections: number;
  readonly maxConnectionsPerSource: number;
  readonly maxMessageBytes: number;
  /** A connection without traffic is closed after this. */
  readonly idleMs: number;
  /** A connection that has begun a message must end it within this. */
  readonly messageMs: number;
  readonly connectMs: number;
  readonly maxQueuedBytes: number;
}

export const TCP_LIMITS: TcpLimits = {
  maxConnections: 5000,
  maxConnectionsPerSource: 200,
  maxMessageBytes: 65_536,
  idleMs: 3_600_000,
  messageMs: 32_000,
  connectMs: 8000,
  maxQueuedBytes: 1_048_576,
};

export interface TcpEvents {
  message(flow: Flow, bytes: Buffer): void;
  opened(connection: number): void;
  closed(connection: number): void;
}

export interface TcpTransport {
  listen(listener: Listener): Promise<void>;
  send(flow: Flow, bytes: Buffer, onFault: () => void): void;
  readonly connectionCount: number;
  close(): Promise<void>;
}

interface Connection {
  readonly id: number;
  readonly socket: Socket;
  readonly flow: Flow;
  readonly waiting: (() => void)[];
}

/** All TCP connections of the server: those that peers opened and those that we open when none leads to a peer. */
export function openTcp(events: TcpEvents, limits: TcpLimits = TCP_LIMITS): TcpTransport {
  const servers: Server[] = [];
  const byId = new Map<number, Connection>();
  const byRemote = new Map<string, Connection>();
  const perSource = new Map<string, number>();
  let lastId = 0;
  let open = true;

  const remoteKey = (local: Listener, remote: Endpoint): string =>
    `${local.address}:${local.port} ${remote.address}:${remote.port}`;

  const adopt = (socket: Socket, local: Listener, remote: Endpoint): Connection => {
    const id = ++lastId;
    const flow: Flow = { transport: "tcp", local, remote, connection: id };
    const connection: Connection = { id, socket, flow, waiting: [] };
    const key = remoteKey(local, remote);
    byId.set(id, connection);
    byRemote.set(key, connection);
    const framer = createStreamFramer(limits.maxMessageBytes);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 45_000);
    socket.setTimeout(limits.idleMs);
    socket.on("timeout", () => socket.destroy());
    socket.on("error", () => {}); // followed by close
    socket.on("data", (chunk: Buffer) => {
      for (const piece of framer.push(chunk)) {
        if (piece.type === "message") events.message(flow, piece.bytes);
        else if (piece.type === "ping") socket.write("\r\n");
        else socket.destroy();
      }
      // A message that trickles in must not hold its connection for ever.
      socket.setTimeout(framer.heldBytes > 4 ? limits.messageMs : limits.idleMs);
    });
    socket.on("close", () => {
      byId.delete(id);
      if (byRemote.get(key) === connection) byRemote.delete(key);
      events.closed(id);
      for (const onFault of connection.waiting.splice(0)) onFault();
    });
    events.opened(id);
    return connection;
  };

  const onAccept = (socket: Socket, local: Listener): void => {
    const address = socket.remoteAddress;
    const port = socket.remotePort;
    if (address === undefined || port === undefined) {
      socket.destroy();
      return;
    }
    const count = perSource.get(address) ?? 0;
    if (byId.size >= limits.maxConnections || count >= limits.maxConnectionsPerSource) {
      socket.destroy();
      return;
    }
    perSource.set(address, count + 1);
    socket.on("close", () => {
      const left = (perSource.get(address) ?? 1) - 1;
      if (left <= 0) perSource.delete(address);
      else perSource.set(address, left);
    });
    adopt(socket, local, { address, port });
  };

  const dial = (flow: Flow): Connection => {
    const socket = connect({ host: flow.remote.address, port: flow.remote.port, localAddress: flow.local.address });
    const connection = adopt(socket, flow.local, flow.remote);
    const timer = setTimeout(() => socket.destroy(), limits.connectMs);
    socket.once("connect", () => {
      clearTimeout(timer);
      connection.waiting.length = 0;
    });
    socket.once("close", () => clearTimeout(timer));
    return connection;
  };

  return {
    listen: (listener) =>
      new Promise((resolve, reject) => {
        const server = createServer((socket) => onAccept(socket, listener));
        server.once("error", (cause) => reject(listenFault(listener, cause)));
        server.listen({ port: listener.port, host: listener.address, ipv6Only: isIPv6(listener.address) }, () => {
          server.removeAllListeners("error");
          server.on("error", () => {});
          servers.push(server);
          resolve();
        });
      }),
    send(flow, bytes, onFault) {
      const connection =
        (flow.connection === null ? undefined : byId.get(flow.connection)) ??
        byRemote.get(remoteKey(flow.local, flow.remote)) ??
        (open && flow.remote.port !== 0 && byId.size < limits.maxConnections ? dial(flow) : undefined);
      if (connection === undefined || connection.socket.writableLength > limits.maxQueuedBytes) {
        setImmediate(onFault);
        return;
      }
      if (connection.socket.connecting) connection.waiting.push(onFault);
      connection.socket.write(bytes);
    },
    get connectionCount() {
      return byId.size;
    },
    async close() {
      open = false;
      const closing = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
      for (const { socket } of byId.values()) socket.destroy();
      await Promise.all(closing);
    },
  };
}
