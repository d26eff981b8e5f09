import { paramOf, type SipUri } from "../message/index.ts";
import type { CoreState, Endpoint, Flow, Hop, Listener, Place, Transport } from "./state.ts";

/** Where a request goes and from which of our addresses. */

const TRANSPORTS: ReadonlySet<string> = new Set(["udp", "tcp", "tls", "ws", "wss"]);
/** RFC 3261 §19.1.2, RFC 7118 §5. */
const DEFAULT_PORTS: Readonly<Record<Transport, number>> = { udp: 5060, tcp: 5060, tls: 5061, ws: 80, wss: 443 };
/** What `transport=` means in a `sips:` URI; UDP has no TLS here. */
const SECURED: Readonly<Record<Transport, Transport | null>> = {
  udp: null,
  tcp: "tls",
  tls: "tls",
  ws: "wss",
  wss: "wss",
};

/** First hop of a URI; null when its transport is none of ours. */
export function hopOf(uri: SipUri): Hop | null {
  const secure = uri.scheme === "sips";
  if (uri.params === "") return { host: uri.host, port: uri.port, transport: secure ? "tls" : null, secure };
  const named = paramOf(uri.params, "transport")?.toLowerCase() ?? "";
  if (named !== "" && !TRANSPORTS.has(named)) return null;
  let transport = named === "" ? null : (named as Transport);
  if (secure) {
    transport = SECURED[transport ?? "tls"];
    if (transport === null) return null;
  }
  const host = paramOf(uri.params, "maddr")?.replace(/^\[|\]$/g, "") || uri.host;
  return { host, port: uri.port, transport, secure };
}

/** The place that a numeric host stands for: no look-up, and UDP unless the URI says otherwise (RFC 3263 §4.1). */
export const literalPlace = (hop: Hop, address: string): Place => {
  const transport = hop.transport ?? (hop.secure ? "tls" : "udp");
  return { address, port: hop.port ?? DEFAULT_PORTS[transport], transport };
};

export const defaultPort = (transport: Transport): number => DEFAULT_PORTS[transport];

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;
const isIPv4 = (host: string): boolean => IPV4.test(host);
/** Enough to tell an address from a name: no name has a colon. */
const isIPv6 = (host: string): boolean => host.includes(":");

/** The address when a host is written as one (`localhost` too), else null: it must be looked up. */
export function literalAddress(host: string): string | null {
  if (host.toLowerCase() === "localhost") return "127.0.0.1";
  return isIPv4(host) || isIPv6(host) ? host : null;
}

/** The listener to send from: same family and transport, then most leading groups in common, then not loopback. */
export function chooseListener(
  listeners: readonly Listener[],
  { address, transport }: { readonly address: string; readonly transport: Transport },
): Listener | null {
  let best: Listener | null = null;
  let bestScore = -1;
  for (const listener of listeners) {
    if (listener.transport !== transport || isIPv6(listener.address) !== isIPv6(address)) continue;
    const isLoopback = listener.address.startsWith("127.") || listener.address === "::1";
    const score = 2 * commonGroups(listener.address, address) + (isLoopback ? 0 : 1);
    if (score > bestScore) {
      best = listener;
      bestScore = score;
    }
  }
  return best;
}

function commonGroups(a: string, b: string): number {
  const left = groupsOf(a);
  const right = groupsOf(b);
  let count = 0;
  while (count < left.length && left[count] === right[count]) count++;
  return count;
}

/** Four octets, or eight groups of an IPv6 address written in any way. */
function groupsOf(address: string): readonly string[] {
  if (!address.includes(":")) return address.split(".");
  const [head = "", tail] = address.toLowerCase().split("%")[0]!.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const gap = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array<string>(gap).fill("0"), ...right].map((group) => group.replace(/^0+(?=.)/, ""));
}

/** A flow to an address; null when we have no listener for it, or cannot open such connections (RFC 7118 §5: clients open them). */
export function flowTo(core: CoreState, remote: Endpoint, transport: Transport): Flow | null {
  if (transport === "ws" || transport === "wss") return null;
  const local = chooseListener(core.config.listeners, { address: remote.address, transport });
  return local === null ? null : { transport, local, remote, connection: null };
}

/** Whether a flow can still carry something: UDP always, others while their connection lives or can be opened. */
export const isLive = (core: CoreState, flow: Flow): boolean =>
  flow.connection === null || core.connections.has(flow.connection);

export const isPrivateIPv4 = (address: string): boolean => /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address);
