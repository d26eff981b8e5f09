import { readFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, connect as tlsConnect } from "node:tls";
import { AppError } from "@intramuros/contracts";
import { createFrameReader } from "../control/frame.ts";
import type { DialPlace } from "../control/route-answer.ts";

export interface ControlEvents {
  /** `ask`: we dialled it, for that. */
  opened(client: number, address: string, ask?: number): void;
  frame(client: number, payload: string): void;
  closed(client: number): void;
  /** The application could not be reached. */
  dialFailed(ask: number): void;
}

export interface ControlServer {
  /** Queues a frame; frames of one turn of the event loop leave in one write. */
  send(client: number, frame: string): void;
  /** Closes after what is queued has left. */
  closeClient(client: number): void;
  /** A client has shown the secret: it may stay silent from now on. */
  trust(client: number): void;
  /** Connects to an application that waits for it (protocol §13). */
  dial(ask: number, place: DialPlace): void;
  close(): Promise<void>;
}

export interface ControlPlace {
  readonly host: string;
  readonly port: number;
  /** PEM files; empty: without TLS. */
  readonly tlsCertPath?: string;
  readonly tlsKeyPath?: string;
}

interface Client {
  readonly socket: Socket;
  /** Only those that connected to us count against `MAX_CLIENTS`. */
  readonly dialled: boolean;
  /** By when it must have shown the secret. */
  readonly deadline: NodeJS.Timeout;
  queued: string;
  closing: boolean;
}

const MAX_CLIENTS = 64;
/** Of those that have not shown the secret; the oldest must go for one more, so that strangers cannot keep applications out. */
const MAX_STRANGERS = 16;
/** One for each call of outbound mode. */
const MAX_DIALLED = 5000;
const MAX_QUEUED_BYTES = 32 * 1024 * 1024;
const AUTHENTICATE_MS = 10_000;
const DIAL_MS = 3000;
const KEEPALIVE_MS = 45_000;
/** First byte of a TLS handshake; a frame begins with a digit. */
const HANDSHAKE = 0x16;

/** Where applications connect, and how we connect to them (protocol §1). */
export async function openControlServer(place: ControlPlace, events: ControlEvents): Promise<ControlServer> {
  const clients = new Map<number, Client>();
  const dirty = new Set<Client>();
  /** Who came and has not shown the secret yet, oldest first. */
  const strangers = new Set<Client>();
  let flushing = false;
  let lastId = 0;
  let dialledCount = 0;
  let isClosed = false;

  const flush = (): void => {
    flushing = false;
    for (const client of dirty) {
      const text = client.queued;
      client.queued = "";
      if (client.socket.destroyed) continue;
      // An application that does not read would fill our memory.
      if (client.socket.writableLength > MAX_QUEUED_BYTES) {
        client.socket.destroy();
        continue;
      }
      if (client.closing) client.socket.end(text, "latin1");
      else if (text !== "") client.socket.write(text, "latin1");
    }
    dirty.clear();
  };
  const markDirty = (client: Client): void => {
    dirty.add(client);
    if (flushing) return;
    flushing = true;
    setImmediate(flush);
  };

  /** A connection is there; until it has shown the secret it may not be silent for long. */
  const take = (socket: Socket, ask?: number): void => {
    const id = ++lastId;
    // Not the silence counts but the time: a stranger may trickle.
    const deadline = setTimeout(() => socket.destroy(), AUTHENTICATE_MS);
    const client: Client = { socket, dialled: ask !== undefined, deadline, queued: "", closing: false };
    clients.set(id, client);
    if (client.dialled) dialledCount++;
    else strangers.add(client);
    const reader = createFrameReader();
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEPALIVE_MS);
    socket.on("timeout", () => socket.destroy());
    socket.on("error", () => {}); // followed by close
    socket.on("data", (chunk: Buffer) => {
      if (client.closing) return;
      const { frames, fault } = reader.push(chunk);
      for (const frame of frames) {
        if (client.closing) return;
        events.frame(id, frame);
      }
      if (fault !== null) socket.destroy();
    });
    socket.on("close", () => {
      clearTimeout(deadline);
      clients.delete(id);
      strangers.delete(client);
      if (client.dialled) dialledCount--;
      events.closed(id);
    });
    events.opened(id, socket.remoteAddress ?? "", ask);
  };
  const accept = (socket: Socket): void => {
    if (strangers.size >= MAX_STRANGERS) {
      for (const oldest of strangers) {
        oldest.socket.destroy();
        strangers.delete(oldest);
        break;
      }
    }
    if (clients.size - dialledCount >= MAX_CLIENTS + MAX_STRANGERS) socket.destroy();
    else take(socket);
  };

  const server = createListener(place, accept);
  await listen(server, place);
  return {
    send(id, frame) {
      const client = clients.get(id);
      if (client === undefined || client.closing) return;
      client.queued += frame;
      markDirty(client);
    },
    closeClient(id) {
      const client = clients.get(id);
      if (client === undefined) return;
      client.closing = true;
      markDirty(client);
      client.socket.setTimeout(AUTHENTICATE_MS);
    },
    trust(id) {
      const client = clients.get(id);
      if (client === undefined) return;
      clearTimeout(client.deadline);
      strangers.delete(client);
    },
    dial(ask, { host, port, tls }) {
      if (dialledCount >= MAX_DIALLED) {
        setImmediate(() => events.dialFailed(ask));
        return;
      }
      // An application's certificate is its own affair: it shows the secret, which no other knows (protocol §1).
      const socket = tls ? tlsConnect({ host, port, rejectUnauthorized: false }) : connect({ host, port });
      const failed = (): void => {
        clearTimeout(timer);
        socket.removeAllListeners();
        socket.on("error", () => {});
        socket.destroy();
        events.dialFailed(ask);
      };
      const timer = setTimeout(failed, DIAL_MS);
      socket.once("error", failed);
      socket.once("close", failed);
      socket.once(tls ? "secureConnect" : "connect", () => {
        clearTimeout(timer);
        socket.removeListener("error", failed);
        socket.removeListener("close", failed);
        if (isClosed) socket.destroy();
        else take(socket, ask);
      });
    },
    async close() {
      isClosed = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const { socket } of clients.values()) socket.destroy();
      await closed;
    },
  };
}

/**
 * With a certificate, TLS is demanded of other machines. Our own may go without: drachtio-srf comes back without TLS after its first
 * connection was lost (protocol §1), and would never be let in again.
 */
function createListener({ tlsCertPath = "", tlsKeyPath = "" }: ControlPlace, accept: (socket: Socket) => void): Server {
  if (tlsCertPath === "" || tlsKeyPath === "") return createServer(accept);
  try {
    const keys = { cert: readFileSync(tlsCertPath), key: readFileSync(tlsKeyPath) };
    const secure = createTlsServer({ ...keys, minVersion: "TLSv1.2", handshakeTimeout: AUTHENTICATE_MS }, accept);
    secure.on("tlsClientError", (_error, socket) => socket.destroy());
    let waiting = 0;
    return createServer((socket) => {
      if (waiting >= MAX_CLIENTS) {
        socket.destroy();
        return;
      }
      waiting++;
      socket.on("error", () => {});
      socket.setTimeout(AUTHENTICATE_MS, () => socket.destroy());
      socket.once("close", () => waiting--);
      socket.once("data", (first: Buffer) => {
        waiting--;
        socket.removeAllListeners("close");
        socket.pause();
        socket.unshift(first);
        if (first[0] === HANDSHAKE) secure.emit("connection", socket);
        else if (isLoopback(socket.remoteAddress ?? "")) {
          accept(socket);
          socket.resume();
        } else socket.destroy();
      });
    });
  } catch (cause) {
    throw new AppError({
      code: "sip-control-tls-failed",
      message: "the certificate or key for applications cannot be used",
      hint: "see sip.controlTlsCertPath and sip.controlTlsKeyPath in config.json: both are PEM files, and belong together",
      cause,
    });
  }
}

const isLoopback = (address: string): boolean => /^(::ffff:)?127\.|^::1$/.test(address);

function listen(server: Server, place: ControlPlace): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) =>
      reject(
        new AppError({
          code: "sip-control-listen-failed",
          message: `cannot listen on ${place.host}:${place.port} for applications`,
          hint: "another program has this port, or the address is not this machine's: see sip.controlHost and sip.controlPort in config.json",
          cause,
        }),
      ),
    );
    server.listen(place.port, place.host, () => {
      server.removeAllListeners("error");
      server.on("error", () => {});
      resolve();
    });
  });
}
