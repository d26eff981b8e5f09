import { createSocket } from "node:dgram";
import { lookup } from "node:dns";
import { connect, isIPv6, type Socket } from "node:net";
import type { Config, Logger } from "@intramuros/contracts";
import { encodeHep, type HepPacket } from "./hep.ts";

/** Sends packets on to a collector. Calls never wait for it: what it cannot take is dropped and counted. */
export interface HepExporter {
  /** `make` is called when calls have had their turn; null: there is nothing to send after all. Its bytes must be its own. */
  push(make: () => HepPacket | null): void;
  sent(): number;
  dropped(): number;
  close(): void;
}

export type HepTarget = Config["sip"]["hep"];

const MAX_WAITING = 5000;
const MAX_UNSENT_BYTES = 1 << 20;
const RESOLVE_EVERY_MS = 60_000;
const RETRY_MS = 5000;
const CONNECT_MS = 5000;
const UDP_MAX_BYTES = 65_507;

/** A way to the collector: takes a packet, or says that it cannot. */
interface Carrier {
  send(packet: Buffer): boolean;
  close(): void;
}

export function openHepExporter(target: HepTarget, log: Logger): HepExporter {
  const waiting: (() => HepPacket | null)[] = [];
  let sent = 0;
  let dropped = 0;
  let draining = false;
  const carrier = target.transport === "tcp" ? tcpCarrier(target, log) : udpCarrier(target, log);

  const drain = (): void => {
    draining = false;
    for (const make of waiting.splice(0)) {
      const made = make();
      if (made === null) continue;
      const packet = encodeHep(made, target);
      if (packet !== null && carrier.send(packet)) sent++;
      else dropped++;
    }
  };

  return {
    push(make) {
      if (waiting.length >= MAX_WAITING) {
        dropped++;
        return;
      }
      waiting.push(make);
      if (draining) return;
      draining = true;
      setImmediate(drain);
    },
    sent: () => sent,
    dropped: () => dropped,
    close() {
      drain();
      carrier.close();
    },
  };
}

function udpCarrier({ host, port }: HepTarget, log: Logger): Carrier {
  let address: string | null = null;
  let faults = 0;
  const fault = (cause: unknown): void => {
    if (faults++ === 0) log.warn({ err: cause }, "the HEP collector is not to be reached");
  };
  const v4 = createSocket("udp4").unref().on("error", fault);
  const v6 = createSocket("udp6").unref().on("error", fault);
  const resolve = (): void =>
    lookup(host, (error, found) => {
      if (error !== null) return fault(error);
      faults = 0;
      address = found;
    });
  resolve();
  const timer = setInterval(resolve, RESOLVE_EVERY_MS).unref();
  return {
    send(packet) {
      if (address === null || packet.length > UDP_MAX_BYTES) return false;
      (isIPv6(address) ? v6 : v4).send(packet, port, address, (error) => {
        if (error !== null) fault(error);
      });
      return true;
    },
    close() {
      clearInterval(timer);
      v4.close();
      v6.close();
    },
  };
}

function tcpCarrier({ host, port }: HepTarget, log: Logger): Carrier {
  let socket: Socket | null = null;
  let ready = false;
  let complained = false;
  let retry: NodeJS.Timeout | null = null;
  let open = true;
  const dial = (): void => {
    retry = null;
    const mine = connect({ host, port, timeout: CONNECT_MS });
    socket = mine;
    mine.unref();
    mine.once("connect", () => {
      ready = true;
      complained = false;
      mine.setTimeout(0);
      mine.setKeepAlive(true, 30_000);
    });
    mine.on("timeout", () => mine.destroy());
    mine.on("error", (error) => {
      if (!complained) log.warn({ err: error }, "the HEP collector is not to be reached");
      complained = true;
    });
    mine.on("data", () => {}); // a collector has nothing to say
    mine.on("close", () => {
      ready = false;
      socket = null;
      if (open) retry = setTimeout(dial, RETRY_MS).unref();
    });
  };
  dial();
  return {
    send(packet) {
      if (socket === null || !ready || socket.writableLength > MAX_UNSENT_BYTES) return false;
      socket.write(packet);
      return true;
    },
    close() {
      open = false;
      if (retry !== null) clearTimeout(retry);
      socket?.end();
    },
  };
}
