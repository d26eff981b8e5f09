import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/**
 * Digest access (RFC 2617 with qop=auth, MD5: what PBXs and desk phones of this decade speak). The nonce carries its own time and
 * an HMAC over it, so that we keep nothing for those who were merely challenged.
 */
export const REALM = "intramuros";
export const NONCE_LIFE_MS = 120_000;
const MAX_HEADER = 2048;

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

export const challenge = (nonce: string, stale: boolean): string =>
  `Digest realm="${REALM}", nonce="${nonce}", algorithm=MD5, qop="auth"${stale ? ", stale=true" : ""}`;

/** Null: not a Digest header that can be worked with. */
export function parseCredentials(header: string): Credentials | null {
  if (header.length > MAX_HEADER || !/^\s*Digest\s/i.test(header)) return null;
  const fields = new Map<string, string>();
  for (const match of header.matchAll(/([a-zA-Z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^",\s]+))/g)) {
    fields.set(match[1]!.toLowerCase(), (match[2] ?? match[3] ?? "").replace(/\\(.)/g, "$1"));
  }
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
  const { username, realm, nonce, uri, qop, nc, cnonce } = credentials;
  const [time = "", random = "", mac = ""] = nonce.split(".");
  if (!same(seal(request.key, `${time}.${random}`), mac)) return { type: "stale" };
  const age = request.now - Number.parseInt(time, 36);
  if (!(age >= 0 && age <= NONCE_LIFE_MS)) return { type: "stale" };
  if (realm !== REALM || qop !== "auth" || credentials.algorithm !== "MD5" || request.password === "") {
    return { type: "wrong" };
  }
  const ha1 = md5(`${username}:${realm}:${request.password}`);
  const ha2 = md5(`${request.method}:${uri}`);
  if (!same(md5(`${ha1}:${nonce}:${nc}:${cnonce}:${qop}:${ha2}`), credentials.response)) return { type: "wrong" };
  const nonceCount = /^[0-9a-f]{8}$/i.test(nc) ? Number.parseInt(nc, 16) : 0;
  return nonceCount > request.lastCount ? { type: "ok", nonceCount } : { type: "stale" };
}

const md5 = (text: string): string => createHash("md5").update(text, "utf8").digest("hex");
const seal = (key: string, text: string): string => createHmac("sha256", key).update(text).digest("hex").slice(0, 32);
/** In a time that depends on neither text. */
function same(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
