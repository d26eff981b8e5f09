import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import { AppError } from "@intramuros/contracts";
import type { Endpoint, Listener } from "../core/state.ts";

export interface UdpTransport {
  send(bytes: Buffer, remote: Endpoint, onFault: () => void): void;
  close(): Promise<void>;
}

const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

/** One socket for one address. */
export async function openUdp(
  listener: Listener,
  onDatagram: (bytes: Buffer, remote: Endpoint) => void,
): Promise<UdpTransport> {
  const v6 = isIPv6(listener.address);
  const socket: Socket = createSocket({
    type: v6 ? "udp6" : "udp4",
    // Addresses only: names are resolved before a flow exists, so nothing is looked up here.
    lookup: (host, _options, callback) => callback(null, host, v6 ? 6 : 4),
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("error", (cause) => reject(listenFault(listener, cause)));
    socket.bind(listener.port, listener.address, () => {
      socket.removeAllListeners("error");
      resolve();
    });
  });
  socket.on("error", () => {}); // of single datagrams; what matters is told to the sender
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
    socket.setSendBufferSize(RECEIVE_BUFFER_BYTES);
  } catch {
    // The kernel's limit is lower: it gives what it allows.
  }
  socket.on("message", (bytes, { address, port }) => onDatagram(bytes, { address, port }));
  let open = true;
  return {
    send(bytes, remote, onFault) {
      if (!open || remote.port === 0) {
        setImmediate(onFault);
        return;
      }
      socket.send(bytes, remote.port, remote.address, (error) => {
        if (error !== null) onFault();
      });
    },
    close: () =>
      new Promise((resolve) => {
        if (!open) return resolve();
        open = false;
        socket.close(() => resolve());
      }),
  };
}

export function listenFault(listener: Listener, cause: Error & { code?: string }): AppError {
  const place = `${listener.transport}:${listener.address}:${listener.port}`;
  const hint =
    cause.code === "EADDRINUSE"
      ? "another program has this port: stop it, or change sip.listen in config.json"
      : cause.code === "EADDRNOTAVAIL"
        ? "this machine has no such address: change sip.listen in config.json"
        : "see sip.listen in config.json";
  return new AppError({ code: "sip-listen-failed", message: `cannot listen on ${place}`, hint, cause });
}
