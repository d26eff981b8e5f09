import { createHmac } from "node:crypto";
import {
  type Essentials,
  header,
  headerOf,
  paramOf,
  parseNameAddr,
  parseUri,
  parseVia,
  type SipHeader,
  type SipRequest,
  type SipResponse,
  type SipUri,
  splitList,
  type Via,
} from "../message/index.ts";

/** Messages as they pass through a proxy (RFC 3261 §16.3–§16.7): values in, values out. */

/**
 * What a proxied request carries so that we know our own marks again: in Record-Route, so that strangers cannot use us as a relay, and
 * in Via, so that loops are seen and responses cannot be bounced off us.
 */
export const sealOf = (secret: string, ...parts: readonly string[]): string =>
  createHmac("sha256", secret).update(parts.join("\n")).digest("hex").slice(0, 16);

/** Parameter of our Record-Route that holds the seal of the Call-ID. */
export const ROUTE_SEAL = "ri";

/** Same request with the same purpose: what a loop repeats, and a spiral does not (RFC 3261 §16.6 step 8). */
export const loopSeal = (secret: string, request: SipRequest, fields: Essentials): string =>
  sealOf(
    secret,
    "loop",
    request.uri,
    fields.fromTag,
    fields.toTag ?? "",
    fields.callId,
    String(fields.cseq.number),
    headerOf(request, "proxy-authorization") ?? "",
    headerOf(request, "proxy-require") ?? "",
  );

/** Whether the request has been here before with the same purpose (RFC 3261 §16.3 step 4). */
export function isLooped(
  request: SipRequest,
  seal: string,
  isOwn: (host: string, port: number | null) => boolean,
): boolean {
  return listOf(request.headers, "via").some((value) => {
    const via = parseVia(value);
    return via !== null && isOwn(via.host, via.port) && (paramOf(via.params, "branch") ?? "").endsWith(`.${seal}`);
  });
}

/** Hops left; 70 when the sender did not say (RFC 3261 §16.6 step 3). */
export function hopsOf(request: SipRequest): number {
  const given = headerOf(request, "max-forwards");
  return given !== null && /^\d{1,3}$/.test(given) ? Number(given) : 71;
}

/** All values of a list header, one by one. */
export const listOf = (headers: readonly SipHeader[], key: string): readonly string[] =>
  headers.flatMap((item) => (item.key === key ? splitList(item.value) : []));

export interface Forwarding {
  readonly uri: string;
  readonly via: string;
  /** Ours, the one nearest to the next hop first. */
  readonly recordRoutes: readonly string[];
  /** For REGISTER instead of Record-Route (RFC 3327). */
  readonly path: string | null;
  /** Replaces the Route headers. */
  readonly routes: readonly string[];
  readonly extra: readonly SipHeader[];
}

/** The request as it goes on (RFC 3261 §16.6 steps 1–8). */
export function forwardedRequest(request: SipRequest, forwarding: Forwarding): SipRequest {
  const headers: SipHeader[] = [
    header("Via", forwarding.via),
    ...forwarding.recordRoutes.map((value) => header("Record-Route", value)),
    ...forwarding.routes.map((value) => header("Route", value)),
  ];
  if (forwarding.path !== null) headers.push(header("Path", forwarding.path));
  headers.push(header("Max-Forwards", String(hopsOf(request) - 1)));
  let hasLength = false;
  let requiresPath = false;
  for (const item of request.headers) {
    if (item.key === "route" || item.key === "max-forwards") continue;
    if (item.key === "content-length") hasLength = true;
    if (item.key === "require" && /\bpath\b/i.test(item.value)) requiresPath = true;
    headers.push(item);
  }
  if (forwarding.path !== null && !requiresPath) headers.push(header("Require", "path"));
  headers.push(...forwarding.extra);
  if (!hasLength) headers.push(header("Content-Length", String(request.body.length)));
  return { ...request, uri: forwarding.uri, headers };
}

/** The response without the Via that we put on its request (RFC 3261 §16.7 step 3). */
export function withoutTopVia(response: SipResponse): SipResponse {
  const headers: SipHeader[] = [];
  let done = false;
  for (const item of response.headers) {
    if (done || item.key !== "via") {
      headers.push(item);
      continue;
    }
    done = true;
    const rest = splitList(item.value).slice(1);
    if (rest.length > 0) headers.push(header("Via", rest.join(", ")));
  }
  return { ...response, headers };
}

/** Where a request in a dialog goes on, when it came by a Record-Route of ours. */
export interface Passage {
  readonly uri: string;
  readonly routes: readonly string[];
  readonly nextHop: SipUri;
}

/**
 * Takes our own entries off the route (RFC 3261 §16.4, strict routers included) and finds the next hop (§16.6 step 6); null when the
 * request did not come by a route of ours.
 */
export function passageOf(request: SipRequest, isOurs: (uri: SipUri) => boolean): Passage | null {
  let uri = request.uri;
  let routes = listOf(request.headers, "route");
  let sealed = false;
  const own = parseUri(uri);
  if (own !== null && routes.length > 0 && isOurs(own)) {
    // A strict router put us into the Request-URI and its own target at the end of the route.
    uri = uriOf(routes.at(-1) ?? "");
    routes = routes.slice(0, -1);
    sealed = true;
  }
  for (;;) {
    const first = routes[0];
    const parsed = first === undefined ? null : parseUri(uriOf(first));
    if (parsed === null || !isOurs(parsed)) break;
    routes = routes.slice(1);
    sealed = true;
  }
  if (!sealed) return null;
  const next = routes[0];
  if (next === undefined) {
    const nextHop = parseUri(uri);
    return nextHop === null ? null : { uri, routes, nextHop };
  }
  const nextHop = parseUri(uriOf(next));
  if (nextHop === null) return null;
  if (paramOf(nextHop.params, "lr") !== null) return { uri, routes, nextHop };
  return { uri: uriOf(next), routes: [...routes.slice(1), `<${uri}>`], nextHop };
}

const uriOf = (value: string): string => parseNameAddr(value)?.uri ?? value;

/** What of a Via comes back unchanged with the response. */
export const viaMark = (via: Via): string =>
  [
    via.transport,
    via.host,
    via.port ?? "",
    paramOf(via.params, "branch") ?? "",
    paramOf(via.params, "received") ?? "",
    paramOf(via.params, "rport") ?? "",
  ].join(" ");

/** Option tags that a request demands of proxies, none of which we offer beyond what all proxies do. */
export const proxyDemands = (request: SipRequest): readonly string[] => listOf(request.headers, "proxy-require");

/** Contacts of a redirection that can be targets. */
export const contactsOf = (response: SipResponse): readonly string[] =>
  listOf(response.headers, "contact")
    .map(uriOf)
    .filter((uri) => parseUri(uri) !== null);

/** Nonce and realm of each challenge or credential, as one text. */
export function challengesOf(headers: readonly SipHeader[], keys: readonly string[]): readonly string[] {
  return headers.flatMap(({ key, value }) => {
    if (!keys.includes(key)) return [];
    const nonce = /\bnonce\s*=\s*"([^"]*)"/i.exec(value)?.[1];
    const realm = /\brealm\s*=\s*"([^"]*)"/i.exec(value)?.[1] ?? "";
    return nonce === undefined ? [] : [`${nonce}\n${realm}`];
  });
}

/** `2s` or `1500ms`, or null. */
export function durationMs(text: string): number | null {
  const match = /^(\d{1,7})(ms|s)$/i.exec(text.trim());
  return match === null ? null : Number(match[1]) * (match[2]?.toLowerCase() === "s" ? 1000 : 1);
}
