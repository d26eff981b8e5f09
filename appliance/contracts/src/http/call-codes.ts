/**
 * Why calls fail, in plain words. Each row has a stable code (`sip-486`, `q850-17`, `no-codec-in-common`); the console has its own
 * words for it in each language, and these are the English ones. `look` says where to look next.
 */
export interface CodeWords {
  readonly name: string;
  readonly what: string;
  readonly look: string;
}
const row = (name: string, what: string, look = ""): CodeWords => ({ name, what, look });

/** Final responses of SIP (RFC 3261 §21, RFC 3326 and the registry of IANA). Their code is `sip-<status>`. */
export const SIP_STATUS_WORDS: Readonly<Record<number, CodeWords>> = {
  300: row(
    "Multiple Choices",
    "the other side names several addresses to call instead",
    "forwarding there; we do not follow it",
  ),
  301: row(
    "Moved Permanently",
    "the number has moved to another address",
    "the Contact in the answer; we do not follow it",
  ),
  302: row(
    "Moved Temporarily",
    "calls to this number are forwarded by redirection",
    "forwarding there; let the PBX forward by itself",
  ),
  305: row("Use Proxy", "the other side wants the call through a proxy", "outbound proxy of the trunk"),
  380: row("Alternative Service", "the other side offers another service instead"),
  400: row(
    "Bad Request",
    "the message could not be read",
    "the reason phrase names the header; compare it in the ladder",
  ),
  401: row(
    "Unauthorized",
    "a password was asked for and not given, or it was wrong",
    "user name, password and realm on both sides",
  ),
  402: row("Payment Required", "the carrier wants the account to be paid", "the contract with the carrier"),
  403: row(
    "Forbidden",
    "the other side knows who asks and does not allow it",
    "address list, user name and dial permissions there",
  ),
  404: row("Not Found", "nobody has this number", "number mapping, prefixes and the plus sign"),
  405: row("Method Not Allowed", "the other side does not do this kind of request"),
  406: row("Not Acceptable", "no form of answer that the caller would accept", "Accept and Content-Type headers"),
  407: row(
    "Proxy Authentication Required",
    "a password was asked for and not given, or it was wrong",
    "user name, password and realm on both sides",
  ),
  408: row("Request Timeout", "no answer in time", "whether the address is reachable and its port open"),
  410: row("Gone", "the number was given up", "the number"),
  412: row("Conditional Request Failed", "a publication is not the one it refers to"),
  413: row(
    "Request Entity Too Large",
    "the message is larger than the other side takes",
    "number of headers and codecs offered",
  ),
  414: row("Request-URI Too Long", "the address is longer than the other side takes"),
  415: row(
    "Unsupported Media Type",
    "the body has a form that the other side does not read",
    "Content-Type of the request",
  ),
  416: row("Unsupported URI Scheme", "the address is neither sip: nor tel:", "number format of the trunk"),
  417: row("Unknown Resource-Priority", "the priority asked for is not known there"),
  420: row(
    "Bad Extension",
    "an extension was required that the other side does not have",
    "Require header; PRACK and timer settings",
  ),
  421: row(
    "Extension Required",
    "the other side insists on an extension",
    "Require header in the answer; PRACK and timer settings",
  ),
  422: row(
    "Session Interval Too Small",
    "the session timer asked for is too short",
    "Min-SE in the answer and the session timer settings",
  ),
  423: row(
    "Interval Too Brief",
    "the registration asked for is too short",
    "Min-Expires in the answer and the registration period",
  ),
  424: row("Bad Location Information", "the location sent along is faulty"),
  425: row("Too Early", "the other side will not take early data of TLS"),
  428: row(
    "Use Identity Header",
    "the other side wants a signed identity (STIR)",
    "the carrier's rules for caller identity",
  ),
  429: row("Provide Referrer Identity", "a transfer lacks the identity of who transfers", "Referred-By header"),
  430: row("Flow Failed", "the connection through which the phone registered is gone", "the phone's network"),
  433: row(
    "Anonymity Disallowed",
    "calls without a caller's number are not taken there",
    "privacy setting of the trunk",
  ),
  436: row("Bad Identity Info", "the certificate of the signed identity is not to be had"),
  437: row("Unsupported Credential", "the certificate of the signed identity is not trusted"),
  438: row("Invalid Identity Header", "the signature of the identity is wrong"),
  439: row("First Hop Lacks Outbound Support", "the first proxy does not keep connections open (RFC 5626)"),
  440: row("Max-Breadth Exceeded", "the call was split into too many branches"),
  469: row("Bad Info Package", "a kind of INFO that was not agreed"),
  470: row("Consent Needed", "the called party must agree first"),
  480: row(
    "Temporarily Unavailable",
    "nobody can take the call now",
    "whether the phone is registered, and its do-not-disturb",
  ),
  481: row(
    "Call/Transaction Does Not Exist",
    "the other side does not know this call any more",
    "restarts and routing of requests inside a call (Record-Route)",
  ),
  482: row("Loop Detected", "the call came back to where it had been", "routes that point at each other"),
  483: row("Too Many Hops", "the call went round until its hops were used up", "routes that point at each other"),
  484: row("Address Incomplete", "the number is too short", "digits dialled, prefix and strip rules"),
  485: row("Ambiguous", "the number fits more than one target", "the number"),
  486: row("Busy Here", "the line is busy"),
  487: row("Request Terminated", "the caller gave up before the answer"),
  488: row(
    "Not Acceptable Here",
    "no codec or encryption that both sides have",
    "codec list and SRTP setting on both sides; compare offer and answer",
  ),
  489: row("Bad Event", "a subscription to an event that is not known there"),
  491: row("Request Pending", "both sides changed the call in the same moment; it is tried again"),
  493: row("Undecipherable", "the body is encrypted with a key that the other side lacks"),
  494: row(
    "Security Agreement Required",
    "the other side wants a security agreement first (RFC 3329)",
    "IMS settings of the trunk",
  ),
  500: row("Server Internal Error", "a fault inside the other side", "log of the side that answered"),
  501: row("Not Implemented", "the other side does not know this method"),
  502: row("Bad Gateway", "the gateway behind the other side answered nonsense", "log of the gateway"),
  503: row(
    "Service Unavailable",
    "overloaded, above a limit, or shut for service",
    "call limits, Retry-After and load",
  ),
  504: row("Server Time-out", "something behind the other side did not answer", "the next hop behind it"),
  505: row("Version Not Supported", "another version of SIP"),
  513: row(
    "Message Too Large",
    "the message is larger than the other side takes",
    "number of headers and codecs offered",
  ),
  555: row("Push Notification Service Not Supported", "push is not to be had there"),
  580: row(
    "Precondition Failure",
    "resources that were asked for beforehand are not to be had (RFC 3312)",
    "precondition settings of the IMS trunk",
  ),
  600: row("Busy Everywhere", "busy on every line"),
  603: row("Decline", "the called party refused the call"),
  604: row("Does Not Exist Anywhere", "nobody has this number anywhere", "the number"),
  606: row(
    "Not Acceptable",
    "the called party cannot take this kind of call",
    "codec list and SRTP setting on both sides",
  ),
  607: row("Unwanted", "the called party marked calls of this number as unwanted", "caller's number shown"),
  608: row("Rejected", "an automatic screen refused the call", "caller's number shown"),
};

/** Causes of ITU-T Q.850, as they come in Reason headers (RFC 3326). Their code is `q850-<cause>`. */
export const Q850_WORDS: Readonly<Record<number, CodeWords>> = {
  1: row("Unallocated number", "nobody has this number", "number, prefix and strip rules"),
  2: row("No route to transit network", "the carrier chosen cannot be reached", "carrier selection code"),
  3: row("No route to destination", "no way leads to this number", "routing in the PBX or at the carrier"),
  4: row("Special information tone", "the network plays an announcement of failure"),
  5: row("Misdialled trunk prefix", "the prefix for the trunk is wrong", "prefix rules"),
  6: row("Channel unacceptable", "the channel offered cannot be used", "the ISDN or E1 side of the gateway"),
  7: row("Call awarded in an established channel", "the call goes to a channel that is up already"),
  8: row("Preemption", "a call of higher priority took the line"),
  9: row("Preemption, circuit reserved", "a call of higher priority took the line"),
  14: row("Ported number", "the number belongs to another carrier now", "number portability at the carrier"),
  16: row("Normal clearing", "somebody hung up"),
  17: row("User busy", "the line is busy"),
  18: row("No user responding", "the called device did not answer", "whether it is switched on and reachable"),
  19: row("No answer", "it rang and nobody took the call"),
  20: row("Subscriber absent", "the called device is not registered", "registration of the phone"),
  21: row("Call rejected", "the called party refused the call", "permissions and screening there"),
  22: row("Number changed", "the number has changed", "the new number, often in the diagnostics"),
  23: row("Redirected to new destination", "the call was sent elsewhere"),
  25: row("Exchange routing error", "the call went in a circle", "routes that point at each other"),
  26: row("Non-selected user clearing", "another device took the call"),
  27: row("Destination out of order", "the line of the called party is faulty", "the carrier"),
  28: row("Invalid number format", "the number is incomplete or in a wrong form", "digits, plus sign and number type"),
  29: row("Facility rejected", "a feature asked for is refused"),
  30: row("Response to status enquiry", "an answer to a question about the state"),
  31: row("Normal, unspecified", "ended in order, no more was told"),
  34: row("No circuit available", "all lines are taken", "number of lines; hours of load"),
  38: row("Network out of order", "the network is down", "the carrier"),
  39: row("Frame connection out of service", "the permanent connection is down"),
  40: row("Frame connection operational", "the permanent connection is up again"),
  41: row(
    "Temporary failure",
    "a fault that should pass; a restart counts as one",
    "try again; then the log of the side that ended it",
  ),
  42: row("Switching equipment congestion", "the exchange is overloaded", "load and limits"),
  43: row("Access information discarded", "something sent along was dropped on the way"),
  44: row("Requested circuit not available", "the line asked for is taken", "glare settings of the gateway"),
  46: row("Precedence call blocked", "no line of lower priority to take"),
  47: row("Resource unavailable", "something needed is used up", "channels, transcoders and licences"),
  49: row("Quality of service not available", "the quality asked for is not to be had"),
  50: row("Facility not subscribed", "the feature is not part of the contract", "the carrier"),
  53: row("Outgoing calls barred", "the group may not call out", "permissions of the line"),
  55: row("Incoming calls barred", "the group takes no calls", "permissions of the line"),
  57: row(
    "Bearer capability not authorised",
    "this kind of call is not allowed for the line",
    "bearer settings of the gateway",
  ),
  58: row("Bearer capability not available", "this kind of call cannot be carried now", "codec and bearer settings"),
  62: row("Inconsistent access information", "what was asked for contradicts the kind of line"),
  63: row("Service not available", "the service is not to be had"),
  65: row(
    "Bearer capability not implemented",
    "the exchange does not know this kind of call",
    "codec and bearer settings",
  ),
  66: row("Channel type not implemented", "the exchange does not know this kind of channel"),
  69: row("Facility not implemented", "the exchange does not know this feature"),
  70: row("Only restricted digital bearer available", "only restricted digital calls are possible"),
  79: row("Service not implemented", "the exchange does not know this service"),
  81: row("Invalid call reference", "the exchange does not know this call"),
  82: row("Channel does not exist", "the channel named does not exist", "channel numbering on both sides"),
  83: row("Suspended call identity unknown", "no suspended call of this name"),
  84: row("Call identity in use", "the name for a suspended call is taken"),
  85: row("No call suspended", "nothing is suspended"),
  86: row("Call cleared meanwhile", "the suspended call has ended"),
  87: row("Not a member of the group", "the caller is not in the closed user group"),
  88: row(
    "Incompatible destination",
    "the called device cannot take this kind of call",
    "codec list; fax or data instead of voice",
  ),
  90: row("Closed user group unknown", "no such closed user group"),
  91: row("Invalid transit network", "the carrier selection is malformed"),
  95: row("Invalid message", "a message that could not be read"),
  96: row("Mandatory element missing", "a message lacked something it must have", "the gateway's log"),
  97: row("Message type unknown", "a message of an unknown kind"),
  98: row("Message not compatible with call state", "a message at the wrong moment"),
  99: row("Element not implemented", "a part of a message is not known"),
  100: row("Invalid element contents", "a part of a message has a wrong value", "number type and plan"),
  101: row("Message not compatible with call state", "a message at the wrong moment"),
  102: row("Timer expired", "no answer in time", "the network behind the gateway"),
  103: row("Parameter not implemented", "a parameter is not known and was passed on"),
  110: row("Message with unknown parameter discarded", "a message was dropped for a parameter"),
  111: row("Protocol error", "the two sides disagree about the protocol", "the gateway's log"),
  127: row("Interworking", "another network ended it and did not say why", "the network behind the gateway"),
};

/** What is judged from more than one number. A verdict has one of these codes, else `sip-<status>` or `q850-<cause>`. */
export const VERDICT_WORDS = {
  "answered-hung-up-by-caller": row("Ended by the caller", "the call was answered and the caller hung up"),
  "answered-hung-up-by-callee": row("Ended by the called party", "the call was answered and the called party hung up"),
  "answered-hung-up-by-us": row("Ended by us", "the call was answered and we ended it in order"),
  "cancelled-by-caller": row("Given up", "the caller gave up before anybody answered"),
  "cancelled-by-us": row(
    "Withdrawn by us",
    "we withdrew the call before anybody answered, as another phone took it or it rang long enough",
  ),
  "no-answer-to-invite": row(
    "No answer at all",
    "no answer at all came to our INVITE",
    "address, port, transport and firewall of the peer",
  ),
  "challenge-not-answered": row(
    "No password given",
    "a password was asked for and the other side did not try again",
    "user name and password in the PBX; or add its address to the trunk",
  ),
  "password-refused": row(
    "Password refused",
    "the password shown was not accepted",
    "user name, password and realm on both sides",
  ),
  "source-unknown": row(
    "Unknown source",
    "no trunk knows the address that this call came from",
    "addresses of the trunk; NAT or an SBC in between",
  ),
  "number-not-mapped": row(
    "Number not mapped",
    "no flow belongs to the number dialled",
    "numbers of the trunk and its number rules",
  ),
  "no-codec-in-common": row(
    "No codec in common",
    "offer and answer have no codec in common",
    "codec list on both sides",
  ),
  "encryption-mismatch": row(
    "Encryption does not fit",
    "one side insists on SRTP and the other does not have it",
    "SRTP setting on both sides",
  ),
  "prack-required": row(
    "PRACK required",
    "the other side insists on reliable provisional responses",
    "PRACK setting of the trunk",
  ),
  "above-limit": row("Above a limit", "more calls than allowed", "limits of the trunk and of the machine"),
  "no-application": row(
    "Not ready",
    "no application took the call",
    "whether the process telephony runs and is connected",
  ),
  "media-timeout": row(
    "Audio stopped",
    "no audio came for too long, and the call was ended",
    "firewall and NAT between the audio addresses; hold",
  ),
  "session-timer-expired": row(
    "Session timer ran out",
    "the call was not refreshed in time",
    "session timer settings; whether requests inside a call get through",
  ),
  restarted: row("Restart", "one of our processes was started anew", "log of that process"),
  "no-ack": row(
    "Answer not acknowledged",
    "our answer was never acknowledged (ACK)",
    "address in our Contact and Via; NAT; Record-Route",
  ),
} as const satisfies Readonly<Record<string, CodeWords>>;
export type VerdictCode = keyof typeof VERDICT_WORDS | `sip-${number}` | `q850-${number}`;

/** The words of any code of a verdict or of a failure; null for one that nobody registered. */
export function wordsOfCode(code: string): CodeWords | null {
  const special: Readonly<Record<string, CodeWords>> = VERDICT_WORDS;
  if (Object.hasOwn(special, code)) return special[code] ?? null;
  const [, kind, number] = /^(sip|q850)-(\d{1,3})$/.exec(code) ?? [];
  if (kind === "sip") return SIP_STATUS_WORDS[Number(number)] ?? null;
  return kind === "q850" ? (Q850_WORDS[Number(number)] ?? null) : null;
}
