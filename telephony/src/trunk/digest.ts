import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/**
 * Digest access as the server (RFC 2617, RFC 8760; qop=auth). MD5 is offered first although SHA-256 is better: stacks that know only
 * MD5 read the first line and give up, those that may not use MD5 read on. The nonce carries its own time and an HMAC over it, so that
 * we keep nothing for those who were merely challenged.
 */
export const REALM = "intramuros";
export const NONCE_LIFE_MS = 120_000;
const MAX_HEADER = 2048;

export const ALGORITHMS = ["MD5", "SHA-256"] as const;
export type Algorithm = (typeof ALGORITHMS)[number];
export const isAlgorithm = (name: string): name is Algorithm => name === "MD5" || name === "SHA-256";

/** Hash of a text by the name that it has in SIP, in lower-case hexadecimal. */
export const hashOf = (algorithm: Algorithm, text: string): string =>
  createHash(algorithm === "MD5" ? "md5" : "sha256")
    .update(text, "utf8")
    .digest("hex");

export interface Credentials {
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  readonly response: string;
  readonly qop: string;
  readonly nc: string;
  readonly cnonce: string;
  readonly algorithm: string;
}

export type Verdict =
  | { readonly type: "ok"; readonly nonceCount: number }
  /** The password may be right, the nonce is not fresh any more: challenge again with stale=true (§3.2.1). */
  | { readonly type: "stale" }
  | { readonly type: "wrong" };

/** `now` in Unix milliseconds; `random` from the caller, so that this file stays pure. */
export function makeNonce(key: string, now: number, random: string): string {
  const stem = `${Math.trunc(now).toString(36)}.${random}`;
  return `${stem}.${seal(key, stem)}`;
}

/** One header value for each algorithm; each goes in a header of its own (RFC 3261 §7.3.1). */
export const challenges = (nonce: string, stale: boolean): readonly string[] =>
  ALGORITHMS.map(
    (algorithm) =>
      `Digest realm="${REALM}", nonce="${nonce}", algorithm=${algorithm}, qop="auth"${stale ? ", stale=true" : ""}`,
  );

/** Null: not a Digest header that can be worked with. */
export function parseCredentials(header: string): Credentials | null {
  if (header.length > MAX_HEADER || !/^\s*Digest\s/i.test(header)) return null;
  const fields = digestFields(header);
  const get = (name: string): string => fields.get(name) ?? "";
  if (get("username") === "" || get("nonce") === "" || get("response") === "") return null;
  return {
    username: get("username"),
    realm: get("realm"),
    nonce: get("nonce"),
    uri: get("uri"),
    response: get("response").toLowerCase(),
    qop: get("qop").toLowerCase(),
    nc: get("nc"),
    cnonce: get("cnonce"),
    algorithm: get("algorithm").toUpperCase() || "MD5",
  };
}

/** `name=value` pairs, names in lower case, quotes taken off. */
export function digestFields(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const match of text.matchAll(/([a-zA-Z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^",\s]+))/g)) {
    fields.set(match[1]!.toLowerCase(), (match[2] ?? match[3] ?? "").replace(/\\(.)/g, "$1"));
  }
  return fields;
}

/** `lastCount`: the highest nonce-count seen with this nonce; a lower or equal one is a replay. */
export function verify(
  credentials: Credentials,
  request: {
    readonly method: string;
    readonly password: string;
    readonly key: string;
    readonly now: number;
    readonly lastCount: number;
  },
): Verdict {
  const { username, realm, nonce, uri, qop, nc, cnonce, algorithm } = credentials;
  const [time = "", random = "", mac = ""] = nonce.split(".");
  if (!same(seal(request.key, `${time}.${random}`), mac)) return { type: "stale" };
  const age = request.now - Number.parseInt(time, 36);
  if (!(age >= 0 && age <= NONCE_LIFE_MS)) return { type: "stale" };
  if (realm !== REALM || qop !== "auth" || !isAlgorithm(algorithm) || request.password === "") return { type: "wrong" };
  const hash = (text: string): string => hashOf(algorithm, text);
  const ha1 = hash(`${username}:${realm}:${request.password}`);
  const ha2 = hash(`${request.method}:${uri}`);
  if (!same(hash(`${ha1}:${nonce}:${nc}:${cnonce}:${qop}:${ha2}`), credentials.response)) return { type: "wrong" };
  const nonceCount = /^[0-9a-f]{8}$/i.test(nc) ? Number.parseInt(nc, 16) : 0;
  return nonceCount > request.lastCount ? { type: "ok", nonceCount } : { type: "stale" };
}

const seal = (key: string, text: string): string => createHmac("sha256", key).update(text).digest("hex").slice(0, 32);
/** In a time that depends on neither text. */
export function same(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
