import { createHash } from "node:crypto";
import { digestFields } from "./digest.ts";

/**
 * Digest access as the client (RFC 2617, RFC 7616, RFC 8760): what we show to a PBX that challenges us. drachtio-srf has its own,
 * which knows MD5 and the first challenge only.
 */
export interface Challenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string;
  /** As written; empty: none, which means MD5. */
  readonly algorithm: string;
  readonly qop: readonly string[];
  readonly stale: boolean;
}

export type ChallengeFault = "none" | "realm" | "algorithm" | "qop";

const MAX_HEADER = 8192;
const MAX_CHALLENGES = 8;
const HASHES: Readonly<Record<string, string>> = {
  MD5: "md5",
  "MD5-SESS": "md5",
  "SHA-256": "sha256",
  "SHA-256-SESS": "sha256",
  "SHA-512-256": "sha512-256",
  "SHA-512-256-SESS": "sha512-256",
};
/** Better ones first; the plain form before the session one. */
const ORDER = ["SHA-512-256", "SHA-256", "MD5", "SHA-512-256-SESS", "SHA-256-SESS", "MD5-SESS"];

/** The challenges of WWW-Authenticate or Proxy-Authenticate, repeated headers joined by commas. */
export function parseChallenges(header: string): readonly Challenge[] {
  if (header.length > MAX_HEADER) return [];
  return splitAtSchemes(header)
    .slice(0, MAX_CHALLENGES)
    .map(digestFields)
    .filter((fields) => fields.has("nonce") && fields.has("realm"))
    .map((fields) => ({
      realm: fields.get("realm") ?? "",
      nonce: fields.get("nonce") ?? "",
      opaque: fields.get("opaque") ?? "",
      algorithm: fields.get("algorithm") ?? "",
      qop: (fields.get("qop") ?? "").toLowerCase().split(",").map(trimmed).filter(Boolean),
      stale: fields.get("stale")?.toLowerCase() === "true",
    }));
}

/** The best challenge that we can answer. `realm`: the only one that our password is meant for; empty: any. */
export function chooseChallenge(challenges: readonly Challenge[], realm: string): Challenge | ChallengeFault {
  if (challenges.length === 0) return "none";
  const ours = challenges.filter((challenge) => realm === "" || challenge.realm === realm);
  if (ours.length === 0) return "realm";
  const known = ours.filter((challenge) => nameOf(challenge) in HASHES);
  if (known.length === 0) return "algorithm";
  const usable = known.filter(({ qop }) => qop.length === 0 || qop.includes("auth") || qop.includes("auth-int"));
  if (usable.length === 0) return "qop";
  return usable.toSorted((a, b) => ORDER.indexOf(nameOf(a)) - ORDER.indexOf(nameOf(b)))[0]!;
}

export interface AnswerInput {
  readonly username: string;
  readonly password: string;
  readonly method: string;
  /** Request-URI of the request that carries it. */
  readonly uri: string;
  readonly body: string;
  /** 1, 2, 3 … for each use of one nonce. */
  readonly nonceCount: number;
  readonly cnonce: string;
}

/** Value of Authorization or Proxy-Authorization. */
export function digestAnswer(challenge: Challenge, input: AnswerInput): string {
  const { username, password, method, uri, body, cnonce } = input;
  const { realm, nonce, opaque } = challenge;
  const name = nameOf(challenge);
  const hash = (text: string): string =>
    createHash(HASHES[name] ?? "md5")
      .update(text, "utf8")
      .digest("hex");
  const qop = challenge.qop.includes("auth") ? "auth" : challenge.qop.includes("auth-int") ? "auth-int" : "";
  const stem = hash(`${username}:${realm}:${password}`);
  const ha1 = name.endsWith("-SESS") ? hash(`${stem}:${nonce}:${cnonce}`) : stem;
  const ha2 = hash(qop === "auth-int" ? `${method}:${uri}:${hash(body)}` : `${method}:${uri}`);
  const nc = input.nonceCount.toString(16).padStart(8, "0");
  const response = hash(qop === "" ? `${ha1}:${nonce}:${ha2}` : `${ha1}:${nonce}:${nc}:${cnonce}:${qop}:${ha2}`);
  return [
    `Digest username="${quoted(username)}"`,
    `realm="${quoted(realm)}"`,
    `nonce="${quoted(nonce)}"`,
    `uri="${quoted(uri)}"`,
    `response="${response}"`,
    // The name as the PBX wrote it: some compare it letter by letter.
    `algorithm=${challenge.algorithm === "" ? "MD5" : challenge.algorithm}`,
    ...(qop === "" ? [] : [`qop=${qop}`, `nc=${nc}`]),
    ...(qop === "" && !name.endsWith("-SESS") ? [] : [`cnonce="${cnonce}"`]),
    ...(opaque === "" ? [] : [`opaque="${quoted(opaque)}"`]),
  ].join(", ");
}

const nameOf = (challenge: Challenge): string => challenge.algorithm.toUpperCase() || "MD5";
const quoted = (text: string): string => text.replace(/[\r\n]/g, "").replace(/(["\\])/g, "\\$1");
const trimmed = (text: string): string => text.trim();

/** Each scheme begins with its name and a space, outside of quotes. */
function splitAtSchemes(header: string): string[] {
  const parts: string[] = [];
  let quotedNow = false;
  let start = -1;
  for (let i = 0; i < header.length; i++) {
    const char = header[i];
    if (quotedNow && char === "\\") i++;
    else if (char === '"') quotedNow = !quotedNow;
    else if (!quotedNow && (i === 0 || /[\s,]/.test(header[i - 1]!)) && /^Digest\s/i.test(header.slice(i, i + 7))) {
      if (start !== -1) parts.push(header.slice(start, i));
      start = i + 7;
    }
  }
  return start === -1 ? [] : [...parts, header.slice(start)];
}
