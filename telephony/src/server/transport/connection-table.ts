import type { Endpoint, Flow, Listener } from "../core/state.ts";

/** All connections of the server, whatever carries them: found by number or by peer, counted by source, watched for silence. */

export interface ConnectionLimits {
  readonly maxConnections: number;
  readonly maxConnectionsPerSource: number;
  /** New ones of one source: a TLS handshake costs more than a call. */
  readonly maxNewPerSecond: number;
  readonly maxMessageBytes: number;
  /** A connection of a peer without traffic is closed after this. */
  readonly idleMs: number;
  /** A peer that connects must have sent a message by then. */
  readonly firstMessageMs: number;
  /** A message that has begun must end within this, however it trickles. */
  readonly messageMs: number;
  /** TCP and TLS together. */
  readonly connectMs: number;
  /** The same where UDP stands by for a large request: many PBXs drop TCP in silence. */
  readonly sizeConnectMs: number;
  readonly maxQueuedBytes: number;
  /**
   * Silence after which we ask whether the other end is there, on connections that we opened (RFC 5626 §4.4.1) and on WebSockets. Longer than
   * TCP's own probes take to find a peer that has vanished.
   */
  readonly pingMs: number;
  readonly webSocketPingMs: number;
  /** How long the answer may take. */
  readonly pongMs: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  maxConnections: 5000,
  maxConnectionsPerSource: 200,
  maxNewPerSecond: 100,
  maxMessageBytes: 65_536,
  idleMs: 3_600_000,
  firstMessageMs: 60_000,
  messageMs: 32_000,
  connectMs: 8000,
  sizeConnectMs: 1500,
  maxQueuedBytes: 1_048_576,
  pingMs: 90_000,
  webSocketPingMs: 30_000,
  pongMs: 10_000,
};

/** Told when what was handed over for sending is known not to arrive, with the reason where there is one. */
export type OnFault = (why: string | null) => void;

/** What carries a connection. */
export interface Link {
  write(bytes: Buffer): void;
  /** CRLF CRLF, or a WebSocket ping. */
  ping(): void;
  destroy(): void;
  readonly queuedBytes: number;
}

export interface Connection {
  readonly id: number;
  readonly flow: Flow;
  readonly link: Link;
  /** Opened by us. */
  readonly dialled: boolean;
  readonly openedAt: number;
  /** TCP and TLS are up. */
  ready: boolean;
  /** Whether the peer has sent anything, and a whole message. */
  heard: boolean;
  proven: boolean;
  heardAt: number;
  /** Since when a message is incomplete. */
  messageSince: number | null;
  pingedAt: number | null;
  /** It has answered a ping before: silence means that it is gone. A peer need not know RFC 5626. */
  answersPings: boolean;
  /** Of what was sent before the peer said its first word. */
  waiting: OnFault[];
  /** Why it ends, when we know. */
  why: string | null;
}

export interface ConnectionEvents {
  message(flow: Flow, bytes: Buffer): void;
  opened(connection: number): void;
  closed(connection: number): void;
}

export interface ConnectionTable {
  /** Counts a connection of a peer; false: it has too many, or we have. {@link leave} undoes it. */
  enter(address: string): boolean;
  leave(address: string): void;
  readonly isFull: boolean;
  add(
    flow: Omit<Flow, "connection">,
    link: Link,
    opening: { readonly dialled: boolean; readonly now: number },
  ): Connection;
  remove(connection: Connection): void;
  /** The connection a flow names, else one that leads to its peer under the same name. */
  find(flow: Flow): Connection | undefined;
  /** Once a second: says ping to the silent, ends the dead and the slow, lets sources open new ones. */
  sweep(now: number): void;
  readonly count: number;
  all(): Iterable<Connection>;
}

const MAX_WAITING = 1000;

const peerKey = (transport: string, local: Listener, remote: Endpoint): string =>
  `${transport} ${local.address}:${local.port} ${remote.address}:${remote.port}`;

export function createConnectionTable(events: ConnectionEvents, limits: ConnectionLimits): ConnectionTable {
  const byId = new Map<number, Connection>();
  const byPeer = new Map<string, Connection>();
  const perSource = new Map<string, number>();
  /** Since the last sweep. */
  const recent = new Map<string, number>();
  let entered = 0;
  let lastId = 0;
  return {
    enter(address) {
      const count = perSource.get(address) ?? 0;
      const news = recent.get(address) ?? 0;
      if (entered >= limits.maxConnections || count >= limits.maxConnectionsPerSource) return false;
      if (news >= limits.maxNewPerSecond) return false;
      recent.set(address, news + 1);
      entered++;
      perSource.set(address, count + 1);
      return true;
    },
    leave(address) {
      entered--;
      const left = (perSource.get(address) ?? 1) - 1;
      if (left <= 0) perSource.delete(address);
      else perSource.set(address, left);
    },
    get isFull() {
      return byId.size >= limits.maxConnections;
    },
    add(place, link, { dialled, now }) {
      const id = ++lastId;
      const connection: Connection = {
        id,
        flow: { ...place, connection: id },
        link,
        dialled,
        openedAt: now,
        ready: !dialled,
        heard: false,
        proven: false,
        heardAt: now,
        messageSince: null,
        pingedAt: null,
        answersPings: place.transport === "ws" || place.transport === "wss",
        waiting: [],
        why: null,
      };
      byId.set(id, connection);
      byPeer.set(peerKey(place.transport, place.local, place.remote), connection);
      events.opened(id);
      return connection;
    },
    remove(connection) {
      if (!byId.delete(connection.id)) return;
      const { transport, local, remote } = connection.flow;
      const key = peerKey(transport, local, remote);
      if (byPeer.get(key) === connection) byPeer.delete(key);
      events.closed(connection.id);
      for (const onFault of connection.waiting.splice(0)) onFault(connection.why);
    },
    find(flow) {
      const own = flow.connection === null ? undefined : byId.get(flow.connection);
      if (own !== undefined) return own;
      const found = byPeer.get(peerKey(flow.transport, flow.local, flow.remote));
      // A certificate that vouched for one name says nothing of another; an address as name takes whichever was checked.
      const isOther = flow.name !== undefined && flow.name !== flow.remote.address && flow.name !== found?.flow.name;
      return isOther ? undefined : found;
    },
    sweep(now) {
      recent.clear();
      for (const connection of byId.values()) {
        const verdict = judge(connection, now, limits);
        if (verdict === null) continue;
        if (verdict === "ping") {
          connection.pingedAt = now;
          connection.link.ping();
          continue;
        }
        connection.why ??= verdict;
        connection.link.destroy();
      }
    },
    get count() {
      return byId.size;
    },
    all: () => byId.values(),
  };
}

/** What a connection needs at this moment: a ping, its end (with the reason), or nothing. */
export function judge(connection: Connection, now: number, limits: ConnectionLimits): string | "ping" | null {
  const { openedAt, heardAt, messageSince, pingedAt, dialled } = connection;
  if (!connection.ready) {
    const waitMs = connection.flow.mayStream === true ? limits.sizeConnectMs : limits.connectMs;
    return now - openedAt > waitMs ? "no connection in time" : null;
  }
  if (messageSince !== null && now - messageSince > limits.messageMs) return "message too slow";
  if (!dialled && !connection.proven && now - openedAt > limits.firstMessageMs) return "no message in time";
  const isWebSocket = connection.flow.transport === "ws" || connection.flow.transport === "wss";
  if (!dialled && !isWebSocket) return now - heardAt > limits.idleMs ? "idle" : null;
  if (connection.answersPings && pingedAt !== null && heardAt < pingedAt) {
    return now - pingedAt > limits.pongMs ? "no answer to keep-alive" : null;
  }
  const quietSince = Math.max(heardAt, pingedAt ?? 0);
  return now - quietSince > (isWebSocket ? limits.webSocketPingMs : limits.pingMs) ? "ping" : null;
}

/** Bytes have come: the peer is there. Answers whether they are nothing but the answer to our ping. */
export function noteHeard(connection: Connection, bytes: Buffer, now: number): boolean {
  connection.heardAt = now;
  if (!connection.heard) {
    connection.heard = true;
    connection.waiting.length = 0;
  }
  if (connection.pingedAt === null) return false;
  connection.pingedAt = null;
  if (bytes.length !== 2 || bytes[0] !== 0x0d || bytes[1] !== 0x0a) return false;
  connection.answersPings = true;
  return true;
}

/** Hands bytes to a connection. */
export function writeTo(connection: Connection, bytes: Buffer, onFault: OnFault, limits: ConnectionLimits): boolean {
  if (connection.link.queuedBytes > limits.maxQueuedBytes) return false;
  if (!connection.heard && connection.dialled && connection.waiting.length < MAX_WAITING)
    connection.waiting.push(onFault);
  connection.link.write(bytes);
  return true;
}
