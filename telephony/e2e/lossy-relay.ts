import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { type Dice, diceOf } from "../src/server/defence/mutate.ts";

/** A bad network between two peers of UDP: loses datagrams, and lets some come late so that others overtake them, in both directions. */
export interface LossyRelay {
  readonly lost: () => number;
  readonly late: () => number;
  readonly passed: () => number;
  close(): void;
}

interface Place {
  readonly address: string;
  readonly port: number;
}

/** Parts of 100. A datagram that is late is so by 20 to 119 ms. */
const LATE_MS = { min: 20, range: 100 };

/** Takes datagrams at `at`, passes them to `to`; each peer is seen there by a port of its own of `as`, by which answers come back to it. */
export async function openLossyRelay(options: {
  readonly at: Place;
  readonly as: string;
  readonly to: Place;
  readonly lossPercent: number;
  readonly latePercent: number;
  readonly seed: number;
}): Promise<LossyRelay> {
  const { at, to, lossPercent, latePercent } = options;
  const dice: Dice = diceOf(options.seed);
  const outer: Socket = createSocket("udp4");
  const inner = new Map<string, Socket>();
  const waiting = new Set<NodeJS.Timeout>();
  const counts = { lost: 0, late: 0, passed: 0 };

  const pass = (from: Socket, bytes: Buffer, place: Place): void => {
    if (dice(100) < lossPercent) {
      counts.lost++;
      return;
    }
    // SIPp gives a call up whose 100 comes after its 200, which RFC 3261 §17.1.1.2 lets happen: it may be lost but is not late.
    if (dice(100) >= latePercent || bytes.toString("latin1", 0, 11) === "SIP/2.0 100") {
      counts.passed++;
      from.send(bytes, place.port, place.address);
      return;
    }
    counts.late++;
    const timer = setTimeout(() => {
      waiting.delete(timer);
      from.send(bytes, place.port, place.address);
    }, LATE_MS.min + dice(LATE_MS.range));
    waiting.add(timer);
  };
  const innerOf = (peer: Place): Socket => {
    const key = `${peer.address}:${peer.port}`;
    let socket = inner.get(key);
    if (socket === undefined) {
      socket = createSocket("udp4");
      socket.bind(0, options.as);
      socket.on("message", (bytes) => pass(outer, bytes, peer));
      inner.set(key, socket);
    }
    return socket;
  };
  outer.on("message", (bytes, { address, port }) => pass(innerOf({ address, port }), bytes, to));
  outer.bind(at.port, at.address);
  await once(outer, "listening");
  return {
    lost: () => counts.lost,
    late: () => counts.late,
    passed: () => counts.passed,
    close() {
      for (const timer of waiting) clearTimeout(timer);
      outer.close();
      for (const socket of inner.values()) socket.close();
    },
  };
}
