import { createServer, type Server, type Socket } from "node:net";
import { AppError } from "@intramuros/contracts";
import { createFrameReader } from "../control/frame.ts";

export interface ControlEvents {
  opened(client: number, address: string): void;
  frame(client: number, payload: string): void;
  closed(client: number): void;
}

export interface ControlServer {
  /** Queues a frame; frames of one turn of the event loop leave in one write. */
  send(client: number, frame: string): void;
  /** Closes after what is queued has left. */
  closeClient(client: number): void;
  /** A client has shown the secret: it may stay silent from now on. */
  trust(client: number): void;
  close(): Promise<void>;
}

const MAX_CLIENTS = 64;
const MAX_QUEUED_BYTES = 32 * 1024 * 1024;
const AUTHENTICATE_MS = 10_000;
const KEEPALIVE_MS = 45_000;

/** Where applications connect (protocol §1, inbound mode). */
export async function openControlServer(
  place: { readonly host: string; readonly port: number },
  events: ControlEvents,
): Promise<ControlServer> {
  interface Client {
    readonly socket: Socket;
    queued: string;
    closing: boolean;
  }
  const clients = new Map<number, Client>();
  const dirty = new Set<Client>();
  let flushing = false;
  let lastId = 0;

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

  const server: Server = createServer((socket) => {
    if (clients.size >= MAX_CLIENTS) {
      socket.destroy();
      return;
    }
    const id = ++lastId;
    const client: Client = { socket, queued: "", closing: false };
    clients.set(id, client);
    const reader = createFrameReader();
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEPALIVE_MS);
    socket.setTimeout(AUTHENTICATE_MS, () => socket.destroy());
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
      clients.delete(id);
      events.closed(id);
    });
    events.opened(id, socket.remoteAddress ?? "");
  });
  await new Promise<void>((resolve, reject) => {
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
      clients.get(id)?.socket.setTimeout(0);
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const { socket } of clients.values()) socket.destroy();
      await closed;
    },
  };
}
