import { randomBytes } from "node:crypto";
import { challenges, makeNonce, NONCE_LIFE_MS, parseCredentials, verify } from "../trunk/digest.ts";
import type { Account, Directory } from "../trunk/identify.ts";
import type { SipRequest, SipResponse } from "./sip-types.ts";

/** Digest for whom the address does not tell: phones, and trunks behind changing addresses. */
export interface Accounts {
  /** The account; null: a challenge was sent; "refused": the caller of this must refuse. */
  authenticate(request: SipRequest, response: SipResponse): Account | "refused" | null;
  /** How often a wrong password was shown. */
  readonly failures: number;
}

const MAX_NONCES = 20_000;
const MAX_SOURCES = 10_000;
/** Wrong passwords of one address within a minute; more are not looked at. */
const MAX_FAILURES = 20;
const FAILURE_WINDOW_MS = 60_000;
/** Its library gives up when any of the challenges has an algorithm that it does not know. */
const KNOWS_ONLY_MD5 = /^baresip v?[0-2]\./i;

export function createAccounts(directory: () => Directory | null): Accounts {
  let key = randomBytes(32).toString("hex");
  const counts = new Map<string, { count: number; readonly until: number }>();
  const failed = new Map<string, { count: number; readonly since: number }>();
  let failures = 0;

  const ask = (request: SipRequest, response: SipResponse, stale: boolean): null => {
    const nonce = makeNonce(key, Date.now(), randomBytes(8).toString("hex"));
    // drachtio-srf writes one line for each header name; the break makes two headers of it, as RFC 3261 §7.3.1 wants.
    const [first = "", ...more] = challenges(nonce, stale);
    const others = KNOWS_ONLY_MD5.test(request.get("user-agent") ?? "") ? [] : more;
    const value = [first, ...others.map((other) => `WWW-Authenticate: ${other}`)].join("\r\n");
    response.send(401, { headers: { "WWW-Authenticate": value } });
    return null;
  };
  const note = (nonce: string, count: number, now: number): void => {
    if (counts.size >= MAX_NONCES) {
      for (const [old, entry] of counts) if (entry.until < now) counts.delete(old);
      if (counts.size >= MAX_NONCES) {
        // No room to notice a replay: every nonce that is out becomes stale, and its owner is challenged again.
        counts.clear();
        key = randomBytes(32).toString("hex");
        return;
      }
    }
    counts.set(nonce, { count, until: now + NONCE_LIFE_MS });
  };
  const fail = (address: string, now: number): void => {
    failures++;
    const entry = failed.get(address);
    if (entry !== undefined && now - entry.since < FAILURE_WINDOW_MS) entry.count++;
    else {
      if (failed.size >= MAX_SOURCES) failed.clear();
      failed.set(address, { count: 1, since: now });
    }
  };

  return {
    get failures() {
      return failures;
    },
    authenticate(request, response) {
      const now = Date.now();
      const entry = failed.get(request.source_address);
      if (entry !== undefined && now - entry.since < FAILURE_WINDOW_MS && entry.count >= MAX_FAILURES) {
        return "refused";
      }
      const credentials = parseCredentials(request.get("authorization") ?? "");
      if (credentials === null) return ask(request, response, false);
      const account = directory()?.accounts.get(credentials.username) ?? null;
      const password =
        account === null ? "" : account.kind === "phone" ? account.phone.password : account.trunk.password;
      const lastCount = counts.get(credentials.nonce)?.count ?? 0;
      const verdict = verify(credentials, { method: request.method, password, key, now, lastCount });
      switch (verdict.type) {
        case "stale":
          return ask(request, response, true);
        case "wrong":
          fail(request.source_address, now);
          return "refused";
        case "ok":
          if (account === null) return "refused";
          note(credentials.nonce, verdict.nonceCount, now);
          return account;
      }
    },
  };
}
