import type { Place, Transport } from "../core/state.ts";

/** What DNS says of a host, in the order in which RFC 3263 tries it. */

export interface NaptrRecord {
  readonly flags: string;
  readonly service: string;
  readonly replacement: string;
  readonly order: number;
  readonly preference: number;
}
export interface SrvRecord {
  readonly name: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}
/** A server with its addresses. */
export interface Target {
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
  readonly addresses: readonly string[];
}
/** Servers that share a transport. */
export interface Site {
  readonly transport: Transport;
  readonly targets: readonly Target[];
}

/** RFC 3263 §4.1; "SIPS+D2T" is TLS over TCP. WebSocket services are for clients (RFC 7118 §7.2), which we are not. */
const SERVICES: Readonly<Record<string, Transport>> = { "sip+d2u": "udp", "sip+d2t": "tcp", "sips+d2t": "tls" };
const SRV_PREFIX: Partial<Record<Transport, string>> = { udp: "_sip._udp.", tcp: "_sip._tcp.", tls: "_sips._tcp." };
/** More servers than this are not looked at. */
export const MAX_SERVERS = 8;

export const srvName = (transport: Transport, host: string): string | null => {
  const prefix = SRV_PREFIX[transport];
  return prefix === undefined ? null : prefix + host;
};

/** The NAPTR records that we can follow, best first: those that lead to SRV records of a transport of ours. */
export function chooseNaptr(
  records: readonly NaptrRecord[],
  transports: readonly Transport[],
): readonly { readonly transport: Transport; readonly name: string }[] {
  const usable = records.flatMap((record) => {
    const transport = SERVICES[record.service.toLowerCase()];
    if (transport === undefined || !transports.includes(transport)) return [];
    return record.flags.toLowerCase() === "s" && record.replacement !== "" ? [{ ...record, transport }] : [];
  });
  return usable
    .toSorted((a, b) => a.order - b.order || a.preference - b.preference)
    .slice(0, MAX_SERVERS)
    .map(({ transport, replacement }) => ({ transport, name: replacement }));
}

/**
 * By priority, and within one priority drawn by weight without putting back, so that each place in the order has the shares of RFC 2782.
 * `random` gives 0 ≤ x < 1.
 */
export function orderTargets<T extends { readonly priority: number; readonly weight: number }>(
  targets: readonly T[],
  random: () => number,
): readonly T[] {
  const ordered: T[] = [];
  const priorities = [...new Set(targets.map(({ priority }) => priority))].toSorted((a, b) => a - b);
  for (const wanted of priorities) {
    const left = targets.filter(({ priority }) => priority === wanted);
    while (left.length > 0) {
      // Weight 0 gets a chance only beside other zeros, or last (RFC 2782: "very small").
      const sum = left.reduce((total, { weight }) => total + weight, 0);
      let mark = random() * (sum === 0 ? left.length : sum);
      let at = left.findIndex((item) => {
        mark -= sum === 0 ? 1 : item.weight;
        return mark < 0;
      });
      if (at === -1) at = left.length - 1;
      ordered.push(...left.splice(at, 1));
    }
  }
  return ordered;
}

/** All places in order; of a server with addresses of both families those of the preferred one come first. */
export function placesOf(sites: readonly Site[], random: () => number, prefers6: boolean): readonly Place[] {
  const places: Place[] = [];
  const rank = (address: string): number => (address.includes(":") === prefers6 ? 0 : 1);
  for (const { transport, targets } of sites) {
    for (const { port, addresses } of orderTargets(targets, random)) {
      for (const address of addresses.toSorted((a, b) => rank(a) - rank(b))) places.push({ address, port, transport });
    }
  }
  return places;
}
