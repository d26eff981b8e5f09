import { describe, expect, it } from "vitest";
import {
  type Algorithm,
  type Credentials,
  challenges,
  hashOf,
  makeNonce,
  NONCE_LIFE_MS,
  parseCredentials,
  REALM,
  verify,
} from "./digest.ts";

const key = "server key";
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
  const algorithm = (change.algorithm ?? "MD5") as Algorithm;
  const hash = (text: string): string => hashOf(algorithm, text);
  const response = hash(
    `${hash(`${so.username}:${so.realm}:${password}`)}:${nonce}:${so.nc}:${so.cnonce}:auth:${hash(`REGISTER:${so.uri}`)}`,
  );
  return { response, ...so, algorithm };
}
const request = { method: "REGISTER", password: "secret", key, now: 2000, lastCount: 0 };

describe("digest", () => {
  it("takes the right password", () => {
    expect(verify(credentials(), request)).toEqual({ type: "ok", nonceCount: 1 });
  });
  it("takes SHA-256 as well, and no hash that was not offered", () => {
    expect(verify(credentials({ algorithm: "SHA-256" }), request)).toEqual({ type: "ok", nonceCount: 1 });
    const other = { ...credentials(), algorithm: "SHA-512-256" };
    expect(verify(other, request)).toEqual({ type: "wrong" });
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
    expect(challenges("n", true)).toEqual([
      expect.stringMatching(/algorithm=MD5.*stale=true/),
      expect.stringMatching(/algorithm=SHA-256.*stale=true/),
    ]);
  });
});
