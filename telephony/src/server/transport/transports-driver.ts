import type { Socket } from "node:net";
import type { Config, Logger } from "@intramuros/contracts";
import type { Flow, Hop, Listener, Place } from "../core/state.ts";
import {
  CONNECTION_LIMITS,
  type ConnectionEvents,
  type ConnectionLimits,
  createConnectionTable,
  type OnFault,
  writeTo,
} from "./connection-table.ts";
import { createSipResolver } from "./resolver-driver.ts";
import { openStreams, type StreamSurroundings } from "./stream-driver.ts";
import { openTlsStore, type TlsStore } from "./tls-store.ts";
import { openUdp, type UdpTransport } from "./udp-driver.ts";
import { openWebSockets } from "./web-socket-driver.ts";

export interface TransportOptions {
  readonly listeners: readonly Listener[];
  readonly config: Config["sip"];
  /** Home folder: its `keys` and `telephony` hold what TLS needs. */
  readonly root: string;
  readonly maxMessageBytes: number;
  /** For tests: name servers to ask, waits that differ. */
  readonly nameServers?: readonly string[] | undefined;
  readonly limits?: Partial<ConnectionLimits> | undefined;
}

export interface TransportFigures {
  readonly connections: number;
  readonly connectionsRefused: number;
  readonly tlsRefused: number;
  /** Until our certificate ends; only where TLS is spoken. */
  readonly tlsCertificateDays?: number;
}

/** All sockets towards peers. */
export interface Transports {
  send(flow: Flow, bytes: Buffer, onFault: OnFault): void;
  resolve(hop: Hop): Promise<readonly Place[]>;
  figures(): TransportFigures;
  close(): Promise<void>;
}

const SWEEP_MS = 1000;
/** The same refusal of the same address is told once in this time. */
const TELL_AGAIN_MS = 60_000;
const MAX_TOLD = 500;

export async function openTransports(
  options: TransportOptions,
  events: ConnectionEvents,
  log: Logger,
): Promise<Transports> {
  const { listeners, config, root } = options;
  const limits: ConnectionLimits = {
    ...CONNECTION_LIMITS,
    maxMessageBytes: options.maxMessageBytes,
    ...options.limits,
  };
  const table = createConnectionTable(events, limits);
  const udp = new Map<Listener, UdpTransport>();
  const resolver = createSipResolver({
    listeners,
    ...(options.nameServers === undefined ? {} : { servers: options.nameServers }),
  });
  const told = new Map<string, number>();
  let tlsRefused = 0;
  let connectionsRefused = 0;
  let tls: TlsStore | null = null;

  /** Differentiated services: the upper six bits of the octet (RFC 2474). */
  const mark = (socket: Socket): void => {
    try {
      if (config.dscp > 0) socket.setTypeOfService(config.dscp << 2);
    } catch {
      // A connection that is gone already, or a system that does not let us: calls work without.
    }
  };

  const admit = (socket: Socket): boolean => {
    const address = socket.remoteAddress;
    if (address === undefined || !table.enter(address)) {
      connectionsRefused++;
      socket.destroy();
      return false;
    }
    socket.once("close", () => table.leave(address));
    mark(socket);
    return true;
  };

  const refused: StreamSurroundings["refused"] = (address, reason, direction) => {
    tlsRefused++;
    const key = `${direction} ${address} ${reason}`;
    const now = performance.now();
    const last = told.get(key);
    if (last !== undefined && now - last < TELL_AGAIN_MS) return;
    if (told.size >= MAX_TOLD) told.clear();
    told.set(key, now);
    log.warn(
      { address, reason },
      direction === "in" ? "secure connection of a peer refused" : "no secure connection to a peer",
    );
  };

  if (listeners.some(({ transport }) => transport === "tls" || transport === "wss")) {
    const addresses = [...listeners.map(({ address }) => address), config.externalAddress];
    tls = await openTlsStore(config, { root, addresses }, log);
  }
  const surroundings: StreamSurroundings = { table, limits, events, tls, admit, mark, refused };
  const streams = openStreams(surroundings);
  const webSockets = openWebSockets(surroundings, config.wsOrigins);
  const sweeper = setInterval(() => table.sweep(performance.now()), Math.min(SWEEP_MS, limits.pongMs));
  sweeper.unref();

  const close = async (): Promise<void> => {
    clearInterval(sweeper);
    resolver.close();
    tls?.close();
    const closing = [streams.close(), webSockets.close(), ...[...udp.values()].map((socket) => socket.close())];
    for (const { link } of table.all()) link.destroy();
    await Promise.all(closing);
  };

  try {
    for (const local of listeners) {
      switch (local.transport) {
        case "udp":
          udp.set(
            local,
            await openUdp(local, (bytes, remote) =>
              events.message({ transport: "udp", local, remote, connection: null }, bytes),
            ),
          );
          break;
        case "tcp":
        case "tls":
          await streams.listen(local);
          break;
        case "ws":
        case "wss":
          await webSockets.listen(local);
      }
    }
  } catch (error) {
    await close();
    throw error;
  }

  const udpOf = (local: Listener): UdpTransport | undefined => {
    const own = udp.get(local);
    if (own !== undefined) return own;
    for (const [item, socket] of udp) if (item.address === local.address && item.port === local.port) return socket;
    return undefined;
  };

  return {
    send(flow, bytes, onFault) {
      if (flow.remote.port === 0) {
        setImmediate(onFault, "the host has no address");
        return;
      }
      if (flow.transport === "udp") {
        const socket = udpOf(flow.local);
        if (socket === undefined) setImmediate(onFault, null);
        else socket.send(bytes, flow.remote, () => onFault(null));
        return;
      }
      const mayDial = flow.transport === "tcp" || flow.transport === "tls";
      const connection = table.find(flow) ?? (mayDial ? streams.dial(flow) : null);
      if (connection === null || !writeTo(connection, bytes, onFault, limits)) setImmediate(onFault, null);
    },
    resolve: (hop) => resolver.resolve(hop),
    figures: () => ({
      connections: table.count,
      connectionsRefused,
      tlsRefused,
      ...(tls === null ? {} : { tlsCertificateDays: tls.daysLeft() }),
    }),
    close,
  };
}
