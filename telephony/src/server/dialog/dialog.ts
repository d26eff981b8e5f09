import {
  type Essentials,
  headerOf,
  paramOf,
  parseNameAddr,
  parseUri,
  type SipMessage,
  splitList,
} from "../message/index.ts";

/** The peer-to-peer relation of RFC 3261 §12, as a value; who sends what over which socket is the core's. */
export interface DialogState {
  readonly role: "uas" | "uac";
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  /** Our side as a From or To value, with its tag. */
  readonly local: string;
  readonly remote: string;
  /** Request-URI of our requests: the peer's Contact. */
  readonly remoteTarget: string;
  /** Route values in the order in which they are visited. */
  readonly routeSet: readonly string[];
  /** CSeq number of the last request of ours; 0 before the first. */
  readonly localSeq: number;
  /** CSeq number of the peer's last request, null before the first. */
  readonly remoteSeq: number | null;
}

/** `Call-ID;from-tag=…` of the request that made the dialog: the same in both directions, for all its life (protocol §6.2). */
export const dialogIdOf = (callId: string, fromTag: string): string => `${callId};from-tag=${fromTag}`;

/** How a request finds its dialog. */
export const dialogKeyOf = (callId: string, localTag: string, remoteTag: string): string =>
  `${callId}\n${localTag}\n${remoteTag}`;

export function contactUriOf(message: SipMessage): string | null {
  const value = headerOf(message, "contact");
  if (value === null) return null;
  const first = parseNameAddr(splitList(value)[0] ?? "");
  return first === null || parseUri(first.uri) === null ? null : first.uri;
}

/** Record-Route values, topmost first. */
export function recordRoutesOf(message: SipMessage): readonly string[] {
  const routes: string[] = [];
  for (const { key, value } of message.headers) if (key === "record-route") routes.push(...splitList(value));
  return routes;
}

/** We answer: the route set is that of the request as it came (RFC 3261 §12.1.1). */
export function uasDialog(
  request: SipMessage,
  fields: Essentials,
  { localTag, fallbackTarget }: { readonly localTag: string; readonly fallbackTarget: string },
): DialogState {
  return {
    role: "uas",
    callId: fields.callId,
    localTag,
    remoteTag: fields.fromTag,
    local: fields.toTag === null ? `${fields.to};tag=${localTag}` : fields.to,
    remote: fields.from,
    remoteTarget: contactUriOf(request) ?? fallbackTarget,
    routeSet: recordRoutesOf(request),
    localSeq: 0,
    remoteSeq: fields.cseq.number,
  };
}

/** We asked: the route set is that of the response, reversed (RFC 3261 §12.1.2). */
export function uacDialog(
  response: SipMessage,
  fields: Essentials,
  { fallbackTarget }: { readonly fallbackTarget: string },
): DialogState {
  return {
    role: "uac",
    callId: fields.callId,
    localTag: fields.fromTag,
    remoteTag: fields.toTag ?? "",
    local: fields.from,
    remote: fields.to,
    remoteTarget: contactUriOf(response) ?? fallbackTarget,
    routeSet: recordRoutesOf(response).toReversed(),
    localSeq: fields.cseq.number,
    remoteSeq: null,
  };
}

export interface RequestPath {
  readonly uri: string;
  readonly routes: readonly string[];
  /** URI of the element that gets the request first. */
  readonly nextHop: string;
}

/** Request-URI, Route and first hop of a request in the dialog (RFC 3261 §12.2.1.1), with strict routers as well as loose ones. */
export function pathOf(dialog: Pick<DialogState, "routeSet" | "remoteTarget">): RequestPath {
  const { routeSet, remoteTarget } = dialog;
  const first = routeSet[0];
  if (first === undefined) return { uri: remoteTarget, routes: [], nextHop: remoteTarget };
  const uri = parseNameAddr(first)?.uri ?? first;
  const parsed = parseUri(uri);
  if (parsed === null || paramOf(parsed.params, "lr") !== null) {
    return { uri: remoteTarget, routes: routeSet, nextHop: uri };
  }
  return { uri, routes: [...routeSet.slice(1), `<${remoteTarget}>`], nextHop: uri };
}
