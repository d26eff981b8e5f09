import type { TrunkInput, TrunkPeer } from "@intramuros/contracts";
import { hostText, parseUri } from "../server/message/index.ts";
import type { CallerIdentity, PassedHeaders } from "./caller-identity.ts";
import { outboundNumber } from "./number-rules.ts";

/**
 * How a request to the PBX of a trunk is addressed and what it says of us: in one place for calls, REGISTER, OPTIONS and the doctor.
 * `localhost` in an address is where the SIP server writes our own (drachtio protocol, §7.1).
 */
export interface Destination {
  /** Request-URI. */
  readonly uri: string;
  /** Next hop, when it is not the Request-URI. */
  readonly proxy: string | null;
}

/** Where a PBX that registers with us is to be reached. */
export interface RegisteredPeer {
  readonly contact: string;
  readonly address: string;
  readonly port: number;
  /** udp, tcp, tls, ws, wss */
  readonly protocol: string;
}
export type Hop =
  | { readonly type: "peer"; readonly peer: TrunkPeer }
  | { readonly type: "registered"; readonly at: RegisteredPeer };

/** What is called for one hop, for people and logs. */
export const hopName = (hop: Hop): string =>
  hop.type === "peer"
    ? hop.peer.host + (hop.peer.port === 0 ? "" : `:${hop.peer.port}`)
    : `${hop.at.address}:${hop.at.port}`;

const transportParam = (transport: string): string => (transport === "udp" ? "" : `;transport=${transport}`);
const hostPort = (peer: TrunkPeer): string =>
  `${hostText(peer.host.replace(/^\[|\]$/g, ""))}${peer.port === 0 ? "" : `:${peer.port}`}`;

/**
 * The peer itself, as URI of its next hop. UDP with a port is somebody's decision, and large requests must not look for TCP there;
 * without a port RFC 3263 decides.
 */
export const peerUri = (peer: TrunkPeer): string =>
  `sip:${hostPort(peer)}${peer.transport === "udp" && peer.port !== 0 ? ";transport=udp" : transportParam(peer.transport)}`;
/** The same as Request-URI, where `transport=udp` would only be in the way. */
const requestUri = (peer: TrunkPeer): string => `sip:${hostPort(peer)}${transportParam(peer.transport)}`;

const registeredUri = (at: RegisteredPeer): string =>
  `sip:${hostText(at.address)}:${at.port}${transportParam(at.protocol)}`;

/** A request to the PBX itself: OPTIONS. */
export function hostDestination(trunk: TrunkInput, hop: Hop): Destination {
  if (hop.type === "registered") return { uri: hop.at.contact, proxy: registeredUri(hop.at) };
  return via(trunk, hop.peer, requestUri(hop.peer));
}

/** A call to a number behind the PBX; the number is rewritten as the trunk wants to have it. */
export function numberDestination(trunk: TrunkInput, hop: Hop, number: string): Destination {
  const user = escapedUser(outboundNumber(trunk.numbering, number));
  if (hop.type === "registered") {
    const contact = parseUri(hop.at.contact);
    const place =
      contact === null
        ? `${hostText(hop.at.address)}:${hop.at.port}`
        : `${hostText(contact.host)}${contact.port === null ? "" : `:${contact.port}`}${contact.params}`;
    return { uri: `sip:${user}@${place}`, proxy: registeredUri(hop.at) };
  }
  const { peer } = hop;
  const { domain } = trunk.account;
  if (domain === "" || domain === peer.host)
    return via(trunk, peer, `sip:${user}@${hostPort(peer)}${transportParam(peer.transport)}`);
  const uri = `sip:${user}@${hostText(domain)}`;
  return { uri, proxy: trunk.account.outboundProxy || peerUri(peer) };
}

/** A URI that the PBX named itself (Refer-To). One without a host of its own goes to the peer. */
export const uriDestination = (trunk: TrunkInput, hop: Hop, uri: string): Destination => ({
  uri,
  proxy: trunk.account.outboundProxy || (hop.type === "peer" ? peerUri(hop.peer) : registeredUri(hop.at)),
});

/** REGISTER: the domain is the Request-URI, the peer the next hop (RFC 3261 §10.2). */
export function registerDestination(trunk: TrunkInput, peer: TrunkPeer): Destination {
  const { domain } = trunk.account;
  if (domain === "" || domain === peer.host) return via(trunk, peer, requestUri(peer));
  return { uri: `sip:${hostText(domain)}`, proxy: trunk.account.outboundProxy || peerUri(peer) };
}

/** To the peer of the Request-URI: the next hop is named only where it says more. */
function via(trunk: TrunkInput, peer: TrunkPeer, uri: string): Destination {
  if (trunk.account.outboundProxy !== "") return { uri, proxy: trunk.account.outboundProxy };
  return { uri, proxy: peer.transport === "udp" && peer.port !== 0 ? peerUri(peer) : null };
}

export const domainOf = (trunk: TrunkInput, peer: TrunkPeer): string => hostText(trunk.account.domain || peer.host);

/** Address of record that we register. */
export const addressOfRecord = (trunk: TrunkInput, peer: TrunkPeer): string =>
  `sip:${escapedUser(trunk.account.username)}@${domainOf(trunk, peer)}`;

/** `line` tells a call to this contact from any other: no stranger can know it. */
export function ownContact(trunk: TrunkInput, peer: TrunkPeer, line: string): string {
  const user = trunk.account.contactUser || trunk.account.username;
  return `<sip:${escapedUser(user)}@localhost${transportParam(peer.transport)};line=${line}>`;
}

/** What an INVITE to the PBX says of the caller, and what it carries along. */
export function identityHeaders(
  trunk: TrunkInput,
  call: { readonly caller: CallerIdentity; readonly passed: PassedHeaders },
): Record<string, string> {
  const { identity } = trunk;
  const hidden = identity.privacy === "always" || (identity.privacy === "pass" && call.caller.isPrivate);
  const { number } = call.caller;
  const name = displayed(call.caller.displayName);
  const domain = identity.fromDomain === "" ? "localhost" : identity.fromDomain;
  const user = escapedUser(identity.fromUser || number || "anonymous");
  const headers: Record<string, string> = {
    From: hidden ? '"Anonymous" <sip:anonymous@anonymous.invalid>' : `${name}<sip:${user}@${domain}>`,
  };
  const shown = `${name}<sip:${escapedUser(number)}@${domain}>`;
  // Where privacy is asked for, the number goes only to a PBX that is trusted to keep it (RFC 3325 §7).
  if (number !== "" && (!hidden || identity.trusted)) {
    switch (identity.callerId) {
      case "pai":
        headers["P-Asserted-Identity"] = shown;
        break;
      case "ppi":
        headers["P-Preferred-Identity"] = shown;
        break;
      case "rpid":
        headers["Remote-Party-ID"] = `${shown};party=calling;screen=yes;privacy=${hidden ? "full" : "off"}`;
        break;
      case "from":
        break;
    }
  }
  if (hidden) headers.Privacy = "id";
  const { diversion, historyInfo, userToUser } = call.passed;
  if (identity.diversion === "pass" && diversion !== "") headers.Diversion = diversion;
  if (identity.diversion === "pass" && historyInfo !== "") headers["History-Info"] = historyInfo;
  if (identity.userToUser === "pass" && userToUser !== "") headers["User-to-User"] = userToUser;
  return headers;
}

/** From of requests that speak for the trunk itself: OPTIONS. */
export function ownFrom(trunk: TrunkInput): string {
  const user = trunk.identity.fromUser || trunk.account.username;
  const domain = trunk.identity.fromDomain === "" ? "localhost" : trunk.identity.fromDomain;
  return user === "" ? `<sip:${domain}>` : `<sip:${escapedUser(user)}@${domain}>`;
}

/** RFC 3261 §25.1 `user`: what needs no escape stays as it is, `+` and `*` among it; `#` must be escaped. */
export const escapedUser = (user: string): string =>
  encodeURIComponent(user).replace(/%(2B|26|3D|24|2C|3B|3F|2F)/gi, (code) => decodeURIComponent(code));

function displayed(name: string): string {
  const plain = name.replace(/["\\\r\n]/g, "");
  return plain === "" ? "" : `"${plain}" `;
}
