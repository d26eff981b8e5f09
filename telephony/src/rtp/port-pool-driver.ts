/** Even UDP ports for RTP, the odd one above each for RTCP (RFC 3550 §11), on whichever address a call needs them. */
import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import { AppError } from "@intramuros/contracts";

const RECEIVE_BUFFER_BYTES = 256 * 1024;

/** Both sockets of one call, bound. */
export interface RtpSockets {
  readonly rtp: Socket;
  readonly rtcp: Socket;
  readonly port: number;
}

export interface RtpPortPool {
  /** Binds the next free pair on `address`; throws `rtp-ports-exhausted` or `rtp-address-unusable`. */
  open(address: string): Promise<RtpSockets>;
  /** Closes both; the pair goes to the end of the line, so that late packets of this call do not meet the next one soon. */
  close(sockets: RtpSockets): Promise<void>;
  readonly free: number;
}

/** `min` and `max` bound both ports of each pair. */
export function createRtpPortPool(range: { readonly min: number; readonly max: number }): RtpPortPool {
  const line: number[] = [];
  for (let port = range.min + (range.min % 2); port + 1 <= range.max; port += 2) line.push(port);
  return {
    get free() {
      return line.length;
    },
    async open(address) {
      for (let tries = line.length; tries > 0 && line.length > 0; tries--) {
        const port = line.shift()!;
        let sockets: RtpSockets | null = null;
        try {
          sockets = await bindPair(address, port);
        } finally {
          if (sockets === null) line.push(port); // held by another program: tried last next time
        }
        if (sockets !== null) return sockets;
      }
      throw new AppError({
        code: "rtp-ports-exhausted",
        message: `no free pair of RTP ports on ${address} between ${range.min} and ${range.max}`,
        hint: "widen telephony.rtpPortMin and rtpPortMax, or lower telephony.maxCalls",
      });
    },
    async close(sockets) {
      await Promise.all([closeSocket(sockets.rtp), closeSocket(sockets.rtcp)]);
      line.push(sockets.port);
    },
  };
}

async function bindPair(address: string, port: number): Promise<RtpSockets | null> {
  const rtp = await bind(address, port);
  if (rtp === null) return null;
  let rtcp: Socket | null = null;
  try {
    rtcp = await bind(address, port + 1);
  } finally {
    if (rtcp === null) await closeSocket(rtp);
  }
  return rtcp === null ? null : { rtp, rtcp, port };
}

/** Null when the port is taken. */
function bind(address: string, port: number): Promise<Socket | null> {
  const v6 = isIPv6(address);
  const socket = createSocket({
    type: v6 ? "udp6" : "udp4",
    // Addresses are always numeric: without this each packet would take a turn through the resolver.
    lookup: (host, _options, callback) => callback(null, host, v6 ? 6 : 4),
  });
  return new Promise((resolve, reject) => {
    socket.once("error", (cause: NodeJS.ErrnoException) => {
      socket.close();
      if (cause.code === "EADDRINUSE" || cause.code === "EACCES") resolve(null);
      else
        reject(
          new AppError({
            code: "rtp-address-unusable",
            message: `cannot bind RTP to ${address}:${port}: ${cause.message}`,
            hint: "the address must belong to this machine",
            cause,
          }),
        );
    });
    socket.bind({ address, port, exclusive: true }, () => {
      socket.removeAllListeners("error");
      try {
        socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
      } catch {
        // The kernel's default stands: only a stall of the process loses more.
      }
      resolve(socket);
    });
  });
}

function closeSocket(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    try {
      socket.close(() => resolve());
    } catch {
      resolve(); // closed already
    }
  });
}
