import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type Credentials, challenge, makeNonce, NONCE_LIFE_MS, parseCredentials, REALM, verify } from "./digest.ts";

const key = "server key";
const md5 = (text: string) => createHash("md5").update(text).digest("hex");
function credentials(change: Partial<Credentials> = {}, password = "secret"): Credentials {
  const nonce = change.nonce ?? makeNonce(key, 1000, "r");
  const so = {
    username: "desk",
    realm: REALM,
    nonce,
    uri: "sip:x",
    qop: "auth",
    nc: "00000001",
    cnonce: "c",
    ...change,
  };
  const response = md5(
    `${md5(`${so.username}:${so.realm}:${password}`)}:${nonce}:${so.nc}:${so.cnonce}:auth:${md5(`REGISTER:${so.uri}`)}`,
  );
  return { algorithm: "MD5", response, ...so };
}
const request = { method: "REGISTER", password: "secret", key, now: 2000, lastCount: 0 };

describe("digest", () => {
  it("takes the right password", () => {
    expect(verify(credentials(), request)).toEqual({ type: "ok", nonceCount: 1 });
  });
  it("refuses a wrong password, and no password never counts as one", () => {
    expect(verify(credentials({}, "guess"), request)).toEqual({ type: "wrong" });
    expect(verify(credentials({}, ""), { ...request, password: "" })).toEqual({ type: "wrong" });
  });
  it("refuses the same nonce-count twice", () => {
    expect(verify(credentials(), { ...request, lastCount: 1 })).toEqual({ type: "stale" });
    expect(verify(credentials({ nc: "00000002" }), { ...request, lastCount: 1 })).toMatchObject({ nonceCount: 2 });
  });
  it("asks again for a nonce that is old, of another server or of the future", () => {
    expect(verify(credentials(), { ...request, now: 1001 + NONCE_LIFE_MS })).toEqual({ type: "stale" });
    expect(verify(credentials({ nonce: makeNonce("other", 1000, "r") }), request)).toEqual({ type: "stale" });
    expect(verify(credentials({ nonce: makeNonce(key, 9000, "r") }), request)).toEqual({ type: "stale" });
  });
  it("does not do without qop", () => {
    expect(verify(credentials({ qop: "" }), request)).toEqual({ type: "wrong" });
  });
  it("reads what phones send", () => {
    const header = `Digest username="desk", realm="${REALM}", nonce="n.o", uri="sip:1;x=\\"y\\"", response="AB", algorithm=MD5, cnonce="c", qop=auth, nc=00000001`;
    expect(parseCredentials(header)).toMatchObject({ username: "desk", nonce: "n.o", response: "ab", nc: "00000001" });
    expect(parseCredentials("Basic abc")).toBeNull();
    expect(challenge("n", true)).toContain("stale=true");
  });
});
