import { paramOf, type SipUri } from "../message/index.ts";
import { ROUTE_SEAL, sealOf } from "../proxy/index.ts";
import { ownHostport } from "./effects.ts";
import type { CoreState, Flow } from "./state.ts";
import { defaultPort, literalAddress } from "./target.ts";

/** Our own entries in Record-Route and Path: what they look like, and which of them are genuine. */

/** The entry that leads back to the listener of a flow, sealed for one call. */
export function ownRoute(core: CoreState, flow: Flow, callId: string): string {
  const { transport } = flow.local;
  const parameter = transport === "udp" ? "" : `;transport=${transport}`;
  return `<sip:${ownHostport(core, flow)}${parameter};lr;${ROUTE_SEAL}=${sealOf(core.config.secret, "route", callId)}>`;
}

/** Whether a host and port are one of our listeners, by whatever transport. */
export function isOurPlace(core: CoreState, host: string, port: number | null): boolean {
  const address = literalAddress(host) ?? host;
  const { listeners, external = null } = core.config;
  return listeners.some(
    (item) =>
      (item.address === address || external?.address === address) &&
      item.port === (port ?? defaultPort(item.transport)),
  );
}

/** Whether a route entry is one that we made for this call; a stranger who writes our address into a Route gets nothing by it. */
export const isOwnRoute = (core: CoreState, uri: SipUri, callId: string): boolean =>
  isOurPlace(core, uri.host, uri.port) &&
  paramOf(uri.params, ROUTE_SEAL) === sealOf(core.config.secret, "route", callId);
