import type { SipUri } from "../message/index.ts";
import type { CoreState, Flow, Hop, Place, Transport } from "./state.ts";
import { flowTo, hopOf, isLive, literalAddress, literalPlace } from "./target.ts";

/** All ways to a URI, best first (RFC 3263), or why there is none. */
export type Ways =
  | { readonly type: "flows"; readonly first: Flow; readonly others: readonly Flow[] }
  /** No listener for what the URI asks. */
  | { readonly type: "no-transport" }
  /** The host has no address; a request to it must fail as if its address were out of reach. */
  | { readonly type: "nowhere"; readonly transport: Transport }
  /** Too many look-ups wait already. */
  | { readonly type: "busy" };

const MAX_LOOKUPS = 1000;
/** More addresses than this are not tried for one request. */
const MAX_PLACES = 8;

/** Finds the ways and goes on with them: at once for a numeric host, else when DNS has answered. */
export function findWays(core: CoreState, uri: SipUri, then: (ways: Ways) => void): void {
  const hop = hopOf(uri);
  if (hop === null || !hasListener(core, hop.transport)) {
    then({ type: "no-transport" });
    return;
  }
  const address = literalAddress(hop.host);
  if (address !== null) {
    const first = flowToPlace(core, literalPlace(hop, address), hop);
    then(first === null ? { type: "no-transport" } : { type: "flows", first, others: [] });
    return;
  }
  if (core.lookups.size >= MAX_LOOKUPS) {
    then({ type: "busy" });
    return;
  }
  const lookup = ++core.lookupCount;
  core.lookups.set(lookup, { resume: (places) => then(waysOf(core, hop, places)) });
  core.out.push({ type: "resolve", lookup, hop });
}

const hasListener = (core: CoreState, transport: Transport | null): boolean =>
  transport === null || core.config.listeners.some((item) => item.transport === transport);

function waysOf(core: CoreState, hop: Hop, places: readonly Place[]): Ways {
  const flows: Flow[] = [];
  const late: Flow[] = [];
  for (const place of places) {
    const flow = flowToPlace(core, place, hop);
    if (flow !== null) (hasFailed(core, flow) ? late : flows).push(flow);
  }
  flows.push(...late);
  const [first, ...others] = flows;
  if (first !== undefined) return { type: "flows", first, others: others.slice(0, MAX_PLACES - 1) };
  return places.length > 0
    ? { type: "no-transport" }
    : { type: "nowhere", transport: hop.transport ?? (hop.secure ? "tls" : "udp") };
}

function flowToPlace(core: CoreState, place: Place, hop: Hop): Flow | null {
  const flow = flowTo(core, { address: place.address, port: place.port }, place.transport);
  if (flow === null) return null;
  if (flow.transport === "tls") return { ...flow, name: hop.host };
  return flow.transport === "udp" && hop.transport === null ? { ...flow, mayStream: true } : flow;
}

/** Whether a request on the flow would come back to us. */
export const isOwn = (core: CoreState, { transport, remote }: Flow): boolean =>
  core.ownHostports.has(`${transport} ${remote.address}:${remote.port}`);

/** The connection by which a registered contact is reached (protocol §12), null when there is none or it is gone. */
export function registeredFlow(core: CoreState, uri: SipUri): Flow | null {
  const name = `${uri.user ?? ""}@${uri.host}`;
  const contact = core.contacts.get(name);
  if (contact === undefined) return null;
  if (contact.expiresAt > core.now && isLive(core, contact.flow)) return contact.flow;
  core.contacts.delete(name);
  return null;
}

export const placeKey = ({ transport, remote }: Flow): string => `${transport} ${remote.address} ${remote.port}`;

const hasFailed = (core: CoreState, flow: Flow): boolean => (core.failedUntil.get(placeKey(flow)) ?? 0) > core.now;
