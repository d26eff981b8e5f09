/** Even UDP ports for RTP, the odd one above each for RTCP (RFC 3550 §11), on whichever address a call needs them. */
import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import { AppError } from "@intramuros/contracts";

const RECEIVE_BUFFER_BYTES = 256 * 1024;
const MAX_RANGES = 1000;

/** Both sockets of one call, bound. */
export interface RtpSockets {
  readonly rtp: Socket;
  readonly rtcp: Socket;
  readonly port: number;
  /** Source of the stream that the call before heard here: its sender may not know yet that it is over. */
  readonly staleSsrc: number | null;
}

export interface RtpPortPool {
  /** Binds the next free pair on `address`, or the pair of `port`; throws `rtp-ports-exhausted` or `rtp-address-unusable`. */
  open(address: string, port?: number): Promise<RtpSockets>;
  /** Closes both; the pair goes to the end of the line, so that late packets of this call do not meet the next one soon. */
  close(sockets: RtpSockets, lastSsrc?: number | null): Promise<void>;
  readonly free: number;
  /** Pairs of a trunk's own range, which may overlap ours; 0 and 0: ours. */
  within(range: { readonly min: number; readonly max: number }): RtpPortPool;
}

/** `min` and `max` bound both ports of each pair. */
export function createRtpPortPool(range: { readonly min: number; readonly max: number }): RtpPortPool {
  const line: number[] = [];
  for (let port = range.min + (range.min % 2); port + 1 <= range.max; port += 2) line.push(port);
  const openAt = async (address: string, port: number): Promise<RtpSockets> => {
    const at = line.indexOf(port);
    if (at !== -1) line.splice(at, 1);
    let pair: SocketPair | null = null;
    try {
      pair = await bindPair(address, port);
    } finally {
      if (pair === null && at !== -1) line.push(port);
    }
    if (pair !== null) return { ...pair, staleSsrc: null };
    throw new AppError({
      code: "rtp-ports-exhausted",
      message: `RTP port ${port} on ${address} is taken`,
      hint: "another program uses a port between telephony.rtpPortMin and rtpPortMax",
    });
  };
  const lastSources = new Map<number, number>();
  const ranges = new Map<string, RtpPortPool>();
  const pool: RtpPortPool = {
    get free() {
      return line.length;
    },
    async open(address, wanted) {
      if (wanted !== undefined) return openAt(address, wanted);
      for (let tries = line.length; tries > 0 && line.length > 0; tries--) {
        const port = line.shift()!;
        let pair: SocketPair | null = null;
        try {
          pair = await bindPair(address, port);
        } finally {
          if (pair === null) line.push(port); // held by another program: tried last next time
        }
        if (pair !== null) return { ...pair, staleSsrc: lastSources.get(port) ?? null };
      }
      throw new AppError({
        code: "rtp-ports-exhausted",
        message: `no free pair of RTP ports on ${address} between ${range.min} and ${range.max}`,
        hint: "widen telephony.rtpPortMin and rtpPortMax, or lower telephony.maxCalls",
      });
    },
    async close(sockets, lastSsrc = null) {
      if (lastSsrc !== null) lastSources.set(sockets.port, lastSsrc);
      await Promise.all([closeSocket(sockets.rtp), closeSocket(sockets.rtcp)]);
      // One that was asked for by its number may be of another range.
      if (sockets.port >= range.min && sockets.port + 1 <= range.max) line.push(sockets.port);
    },
    within(wish) {
      if (wish.min === 0 || wish.max <= wish.min) return pool;
      const name = `${wish.min}-${wish.max}`;
      const known = ranges.get(name);
      if (known !== undefined) return known;
      // Calls of a range that is let go of still give their ports back to it.
      if (ranges.size >= MAX_RANGES) ranges.delete(ranges.keys().next().value!);
      const own = createRtpPortPool(wish);
      ranges.set(name, own);
      return own;
    },
  };
  return pool;
}

type SocketPair = Omit<RtpSockets, "staleSsrc">;

async function bindPair(address: string, port: number): Promise<SocketPair | null> {
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
