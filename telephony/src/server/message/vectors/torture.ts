import { readFileSync } from "node:fs";
import path from "node:path";

/**
 * What is wanted of a message of the standards' torture tests:
 * `to application` (a request that an application gets), `silence`, or the status of our own answer, with its reason where we choose it.
 * Where an RFC lets us choose between tolerance and 400, `why` says what we do.
 */
export interface TortureVector {
  readonly file: string;
  readonly section: string;
  readonly about: string;
  readonly wanted: "to application" | "silence" | number;
  readonly reason?: string;
  readonly why?: string;
}

const rfc4475 = (
  file: string,
  section: string,
  about: string,
  wanted: TortureVector["wanted"],
  more: { readonly reason?: string; readonly why?: string } = {},
): TortureVector => ({ file: `rfc4475/${file}.dat`, section: `RFC 4475 §${section}`, about, wanted, ...more });
const rfc5118 = (
  file: string,
  section: string,
  about: string,
  wanted: TortureVector["wanted"],
  more: { readonly reason?: string; readonly why?: string } = {},
): TortureVector => ({ file: `rfc5118/${file}.dat`, section: `RFC 5118 §${section}`, about, wanted, ...more });

const APP = "to application";

export const TORTURE: readonly TortureVector[] = [
  rfc4475("wsinv", "3.1.1.1", "a short tortuous INVITE", 481, { why: "sound, but its To has a tag of no dialog of ours" }),
  rfc4475("intmeth", "3.1.1.2", "a wide range of valid characters", 501, { why: "sound, of a method nobody knows" }),
  rfc4475("esc01", "3.1.1.3", "valid use of the % escape", APP),
  rfc4475("escnull", "3.1.1.4", "escaped nulls in URIs", APP),
  rfc4475("esc02", "3.1.1.5", "% that is no escape", 501, { why: "RE%47IST%45R is not REGISTER" }),
  rfc4475("lwsdisp", "3.1.1.6", "no blank between display name and <", APP),
  rfc4475("longreq", "3.1.1.7", "long values", APP),
  rfc4475("dblreq", "3.1.1.8", "extra octets after the message", APP),
  rfc4475("semiuri", "3.1.1.9", "semicolon parameters in the user part", APP),
  rfc4475("transports", "3.1.1.10", "varied and unknown transports", APP),
  rfc4475("mpart01", "3.1.1.11", "multipart MESSAGE with binary parts", APP),
  rfc4475("unreason", "3.1.1.12", "unusual reason phrase", "silence", { why: "sound, but the answer to nothing of ours" }),
  rfc4475("noreason", "3.1.1.13", "empty reason phrase", "silence", { why: "sound, but the answer to nothing of ours" }),
  rfc4475("badinv01", "3.1.2.1", "extraneous separators", 400, { reason: "Bad Via" }),
  rfc4475("clerr", "3.1.2.2", "Content-Length larger than the message", 400, { reason: "Content-Length larger than the body" }),
  rfc4475("ncl", "3.1.2.3", "negative Content-Length", 400, { reason: "Bad Content-Length" }),
  rfc4475("scalar02", "3.1.2.4", "request scalars that are too large", 400, { reason: "Bad CSeq" }),
  rfc4475("scalarlg", "3.1.2.5", "response scalars that are too large", "silence"),
  rfc4475("quotbal", "3.1.2.6", "unterminated quoted string", 400, { reason: "Bad To" }),
  rfc4475("ltgtruri", "3.1.2.7", "<> around the Request-URI", 400, { reason: "Malformed request line" }),
  rfc4475("lwsruri", "3.1.2.8", "blank within the Request-URI", 400, { reason: "Malformed request line" }),
  rfc4475("lwsstart", "3.1.2.9", "several blanks in the request line", 400, { reason: "Malformed request line" }),
  rfc4475("trws", "3.1.2.10", "blanks at the end of the request line", 400, { reason: "Malformed request line" }),
  rfc4475("escruri", "3.1.2.11", "escaped headers in the Request-URI", 400, { reason: "Bad Request-URI" }),
  rfc4475("baddate", "3.1.2.12", "time zone in Date", APP, { why: "tolerated: nothing here depends on Date" }),
  rfc4475("regbadct", "3.1.2.13", "name-addr without <> and with ? in Contact", 400, { reason: "Bad Contact" }),
  rfc4475("badaspec", "3.1.2.14", "blanks within an addr-spec", APP, { why: "tolerated: they stand inside <> and mean nothing" }),
  rfc4475("baddn", "3.1.2.15", "display name with a comma, unquoted; no empty line at the end", 400, {
    reason: "No end of the headers",
  }),
  rfc4475("badvers", "3.1.2.16", "unknown version", 505),
  rfc4475("mismatch01", "3.1.2.17", "method of CSeq is another", 400, { reason: "Bad CSeq" }),
  rfc4475("mismatch02", "3.1.2.18", "method of CSeq is another, and the method unknown", 400, {
    reason: "Bad CSeq",
    why: "501 and 400 are both allowed",
  }),
  rfc4475("bigcode", "3.1.2.19", "overlarge response code", "silence"),
  rfc4475("badbranch", "3.2.1", "branch of nothing but the cookie", APP, { why: "matched as RFC 2543 would" }),
  rfc4475("insuf", "3.3.1", "required headers missing", 400, { reason: "Bad From" }),
  rfc4475("unkscm", "3.3.2", "Request-URI with an unknown scheme", 416),
  rfc4475("novelsc", "3.3.3", "Request-URI with a known but atypical scheme", 416),
  rfc4475("unksm2", "3.3.4", "unknown schemes in headers of a REGISTER", 400, { reason: "Bad To" }),
  rfc4475("bext01", "3.3.5", "Require and Proxy-Require of what nobody knows", 420),
  rfc4475("invut", "3.3.6", "unknown Content-Type", APP, { why: "415 is the application's to say" }),
  rfc4475("regaut01", "3.3.7", "unknown scheme of authorization", APP),
  rfc4475("multi01", "3.3.8", "several values where one may be", 400, { reason: "Bad CSeq" }),
  rfc4475("mcl01", "3.3.9", "two Content-Lengths that differ", 400, { reason: "Bad Content-Length" }),
  rfc4475("bcast", "3.3.10", "200 with a broadcast address in Via", "silence"),
  rfc4475("zeromf", "3.3.11", "Max-Forwards of zero", APP, { why: "we are the end; only `proxy` answers 483" }),
  rfc4475("cparam01", "3.3.12", "REGISTER with a parameter of Contact", APP),
  rfc4475("cparam02", "3.3.13", "REGISTER with a parameter of the Contact's URI", APP),
  rfc4475("regescrt", "3.3.14", "REGISTER with a header in the Contact's URI", APP),
  rfc4475("sdp01", "3.3.15", "Accept without SDP", APP, { why: "406 is the application's to say" }),
  rfc4475("inv2543", "3.4.1", "INVITE of RFC 2543: no branch, no tag", APP),
  rfc5118("ipv6-good", "4.1", "IPv6 reference", APP),
  rfc5118("ipv6-bad", "4.2", "IPv6 address without brackets", 400, { reason: "Bad Request-URI" }),
  rfc5118("port-ambiguous", "4.3", "port inside the brackets is part of the address", APP),
  rfc5118("port-unambiguous", "4.4", "port after the brackets", APP),
  rfc5118("via-received-param-with-delim", "4.5", "received in brackets", 481),
  rfc5118("via-received-param-no-delim", "4.5", "received without brackets", APP),
  rfc5118("ipv6-in-sdp", "4.6", "IPv6 in SDP", APP),
  rfc5118("mult-ip-in-header", "4.7", "IPv4 and IPv6 in Via", 481),
  rfc5118("mult-ip-in-sdp", "4.8", "IPv4 and IPv6 in SDP", APP),
  rfc5118("ipv4-mapped-ipv6", "4.9", "mapped addresses", APP),
  rfc5118("ipv6-bug-abnf-3-colons", "4.10", "three colons, which RFC 3261's grammar allows", APP),
  rfc5118("ipv6-correct-abnf-2-colons", "4.10", "two colons", APP),
];

/** Bytes of a vector, and where they are from. */
export const bytesOfVector = (vector: TortureVector): Buffer =>
  readFileSync(path.join(import.meta.dirname, vector.file));
