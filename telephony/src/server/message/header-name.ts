/** Names of headers: compact forms, canonical spelling, tokens. */
const COMPACT: Readonly<Record<string, string>> = {
  a: "accept-contact",
  b: "referred-by",
  c: "content-type",
  d: "request-disposition",
  e: "content-encoding",
  f: "from",
  i: "call-id",
  j: "reject-contact",
  k: "supported",
  l: "content-length",
  m: "contact",
  o: "event",
  r: "refer-to",
  s: "subject",
  t: "to",
  u: "allow-events",
  v: "via",
  x: "session-expires",
  y: "identity",
};

const KNOWN = [
  "Accept",
  "Accept-Contact",
  "Accept-Encoding",
  "Accept-Language",
  "Alert-Info",
  "Allow",
  "Allow-Events",
  "Authentication-Info",
  "Authorization",
  "Call-ID",
  "Call-Info",
  "Contact",
  "Content-Disposition",
  "Content-Encoding",
  "Content-Language",
  "Content-Length",
  "Content-Type",
  "CSeq",
  "Date",
  "Diversion",
  "Error-Info",
  "Event",
  "Expires",
  "From",
  "History-Info",
  "Identity",
  "In-Reply-To",
  "Join",
  "Max-Forwards",
  "MIME-Version",
  "Min-Expires",
  "Min-SE",
  "Organization",
  "P-Asserted-Identity",
  "P-Preferred-Identity",
  "Path",
  "Priority",
  "Privacy",
  "Proxy-Authenticate",
  "Proxy-Authorization",
  "Proxy-Require",
  "RAck",
  "Reason",
  "Record-Route",
  "Refer-To",
  "Referred-By",
  "Reject-Contact",
  "Remote-Party-ID",
  "Replaces",
  "Reply-To",
  "Request-Disposition",
  "Require",
  "Retry-After",
  "Route",
  "RSeq",
  "Server",
  "Service-Route",
  "Session-Expires",
  "SIP-ETag",
  "SIP-If-Match",
  "Subject",
  "Subscription-State",
  "Supported",
  "Timestamp",
  "To",
  "Unsupported",
  "User-Agent",
  "User-to-User",
  "Via",
  "Warning",
  "WWW-Authenticate",
] as const;

const CANONICAL = new Map<string, string>(KNOWN.map((name) => [name.toLowerCase(), name]));
/** As spelt → key, for the spellings seen nearly always, so that the hot path neither lowers case nor checks tokens. */
const KEYS = new Map<string, string>([
  ...KNOWN.map((name): [string, string] => [name, name.toLowerCase()]),
  ...KNOWN.map((name): [string, string] => [name.toLowerCase(), name.toLowerCase()]),
  ["Call-Id", "call-id"],
  ...Object.entries(COMPACT),
  ...Object.entries(COMPACT).map(([name, key]): [string, string] => [name.toUpperCase(), key]),
]);

const TOKEN = /^[A-Za-z0-9\-.!%*_+`'~]+$/;
/** A token of RFC 3261 §25.1. */
export const isToken = (text: string): boolean => TOKEN.test(text);

/** Lower-case full name of a header, or null when the name is not a token. */
export function keyOf(name: string): string | null {
  const known = KEYS.get(name);
  if (known !== undefined) return known;
  return isToken(name) ? name.toLowerCase() : null;
}

/**
 * Canonical spelling of an application's header: known names as in their RFC, `X-` names as given, others capitalised after each
 * dash. `_` in place of `-` is read as a dash when that makes a known name.
 */
export function canonicalName(name: string): string {
  if (name.startsWith("X-") || name.startsWith("x-")) return name;
  const known = CANONICAL.get(keyOf(name) ?? "") ?? CANONICAL.get(name.toLowerCase().replaceAll("_", "-"));
  if (known !== undefined) return known;
  return name.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
}
