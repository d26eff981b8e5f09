import { paramOf, type SipUri } from "../message/index.ts";
import type { CoreState, Endpoint, Flow, Listener, Transport } from "./state.ts";

/** Where a request goes and from which of our addresses. */
export interface Hop {
  readonly host: string;
  readonly port: number;
  readonly transport: Transport;
}

/** First hop of a URI (RFC 3263 §4 without NAPTR and SRV); null when its transport is none of ours. */
export function hopOf(uri: SipUri): Hop | null {
  const named = paramOf(uri.params, "transport")?.toLowerCase() ?? "";
  if (uri.scheme === "sips" || (named !== "" && named !== "udp" && named !== "tcp")) return null;
  return { host: uri.host, port: uri.port ?? 5060, transport: named === "tcp" ? "tcp" : "udp" };
}

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;
const isIPv4 = (host: string): boolean => IPV4.test(host);
/** Enough to tell an address from a name: no name has a colon. */
const isIPv6 = (host: string): boolean => host.includes(":");

/** The address when a host is written as one (`localhost` too), else null: it must be looked up. */
export function literalAddress(host: string): string | null {
  if (host.toLowerCase() === "localhost") return "127.0.0.1";
  return isIPv4(host) || isIPv6(host) ? host : null;
}

/** The listener to send from: same family and transport, then most leading octets in common, then not loopback. */
export function chooseListener(
  listeners: readonly Listener[],
  { address, transport }: { readonly address: string; readonly transport: Transport },
): Listener | null {
  let best: Listener | null = null;
  let bestScore = -1;
  for (const listener of listeners) {
    if (listener.transport !== transport || isIPv6(listener.address) !== isIPv6(address)) continue;
    const score = 2 * commonOctets(listener.address, address) + (listener.address.startsWith("127.") ? 0 : 1);
    if (score > bestScore) {
      best = listener;
      bestScore = score;
    }
  }
  return best;
}

function commonOctets(a: string, b: string): number {
  const separator = a.includes(":") ? ":" : ".";
  const left = a.split(separator);
  const right = b.split(separator);
  let count = 0;
  while (count < left.length && left[count] === right[count]) count++;
  return count;
}

/** A flow to an address; null when we have no listener for it. */
export function flowTo(core: CoreState, remote: Endpoint, transport: Transport): Flow | null {
  const local = chooseListener(core.config.listeners, { address: remote.address, transport });
  return local === null ? null : { transport, local, remote, connection: null };
}

/** Whether a flow can still carry something: UDP always, TCP while its connection lives or can be opened. */
export const isLive = (core: CoreState, flow: Flow): boolean =>
  flow.connection === null || core.connections.has(flow.connection);

export const isPrivateIPv4 = (address: string): boolean => /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address);
