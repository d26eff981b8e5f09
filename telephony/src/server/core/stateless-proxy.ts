import {
  type Essentials,
  header,
  headerOf,
  messageText,
  paramOf,
  parseVia,
  type SipRequest,
  type SipResponse,
} from "../message/index.ts";
import { forwardedRequest, hopsOf, listOf, passageOf, sealOf, viaMark, withoutTopVia } from "../proxy/index.ts";
import { BRANCH_COOKIE } from "../transaction/index.ts";
import { cdrReleased } from "./cdr.ts";
import { send, topVia } from "./effects.ts";
import { findWays, isOwn, registeredFlow } from "./next-hop.ts";
import { isOurPlace, isOwnRoute } from "./route-seal.ts";
import { respondStateless } from "./server-transactions.ts";
import type { CoreState, Flow, Transport } from "./state.ts";
import { defaultPort, flowTo, literalAddress } from "./target.ts";

/**
 * Requests inside dialogs that we stayed in as a proxy, and their responses: passed on without a transaction (protocol §8, RFC 3261
 * §16.11). The ends repeat what gets lost.
 */

/** Branches of such requests; they hold a seal of the Via below, so that the response can be known as the one to our request. */
const PASSED = `${BRANCH_COOKIE}pass.`;

/** Passes a request on when it came by a route of ours; false: it is meant for us. */
export function passOn(core: CoreState, flow: Flow, request: SipRequest, fields: Essentials): boolean {
  const passage = passageOf(request, (uri) => isOwnRoute(core, uri, fields.callId));
  if (passage === null) return false;
  const isAck = request.method === "ACK";
  if (hopsOf(request) <= 0) {
    if (!isAck) respondStateless(core, flow, request, { status: 483 });
    return true;
  }
  const { nextHop } = passage;
  const mapped = request.method === "PRACK" ? withTheirRAck(core, request, fields) : request;
  const go = (way: Flow | null): void => {
    if (way === null || isOwn(core, way)) {
      if (!isAck) respondStateless(core, flow, request, { status: way === null ? 503 : 481 });
      return;
    }
    const via = listOf(request.headers, "via")[0] ?? "";
    const forwarded = forwardedRequest(mapped, {
      uri: passage.uri,
      via: topVia(core, way, PASSED + sealOfVia(core, via)),
      recordRoutes: [],
      path: null,
      routes: passage.routes,
      extra: [],
    });
    send(core, way, messageText(forwarded), null);
    if (request.method === "BYE") cdrReleased(core, null, "network", request);
  };
  const registered = registeredFlow(core, nextHop);
  if (registered !== null) go(registered);
  else findWays(core, nextHop, (ways) => go(ways.type === "flows" ? ways.first : null));
  return true;
}

const sealOfVia = (core: CoreState, value: string): string => {
  const via = parseVia(value);
  return sealOf(core.config.secret, "via", via === null ? value : viaMark(via));
};

/** The number that the branch gave its reliable response, for the one that we gave it towards the caller. */
function withTheirRAck(core: CoreState, prack: SipRequest, fields: Essentials): SipRequest {
  const [rseq, seq, method] = (headerOf(prack, "rack") ?? "").split(/\s+/);
  const proxied = core.searches.get(`${fields.callId}\n${fields.fromTag}\n${seq}`);
  const entry = proxied?.rseqs.find((item) => String(item.up) === rseq && item.tag === fields.toTag);
  if (entry === undefined) return prack;
  const value = `${entry.down} ${seq} ${method}`;
  return { ...prack, headers: prack.headers.map((item) => (item.key === "rack" ? header("RAck", value) : item)) };
}

const TRANSPORTS: ReadonlySet<string> = new Set(["udp", "tcp", "tls", "ws", "wss"]);

/** A response to a request that was passed on: to the address in the next Via (RFC 3261 §16.11, §18.2.2). */
export function passBack(core: CoreState, response: SipResponse): void {
  const [own = "", next] = listOf(response.headers, "via");
  const ours = parseVia(own);
  const theirs = next === undefined ? null : parseVia(next);
  if (ours === null || theirs === null || next === undefined || !isOurPlace(core, ours.host, ours.port)) return;
  if (paramOf(ours.params, "branch") !== PASSED + sealOfVia(core, next)) return;
  const transport = theirs.transport.toLowerCase();
  if (!TRANSPORTS.has(transport)) return;
  const address = literalAddress(paramOf(theirs.params, "received") || theirs.host);
  if (address === null) return;
  const port = Number(paramOf(theirs.params, "rport")) || theirs.port || defaultPort(transport as Transport);
  const flow = wayBack(core, { address, port }, transport as Transport);
  if (flow !== null) send(core, flow, messageText(withoutTopVia(response)), null);
}

/** By the connection that the request came over; who opened it does not matter to the driver, which knows them by their far end. */
function wayBack(
  core: CoreState,
  remote: { readonly address: string; readonly port: number },
  transport: Transport,
): Flow | null {
  const flow = flowTo(core, remote, transport);
  if (flow !== null) return flow;
  const local = core.config.listeners.find((item) => item.transport === transport);
  return local === undefined ? null : { transport, local, remote, connection: null };
}
