import { describe, expect, it } from "vitest";
import { type Challenge, chooseChallenge, digestAnswer, parseChallenges } from "./digest-answer.ts";

/** RFC 7616 §3.9.1, its request for both hashes. */
const RFC = {
  username: "Mufasa",
  password: "Circle of Life",
  method: "GET",
  uri: "/dir/index.html",
  body: "",
  nonceCount: 1,
  cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
};
const challenge = (change: Partial<Challenge> = {}): Challenge => ({
  realm: "http-auth@example.org",
  nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
  opaque: "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
  algorithm: "MD5",
  qop: ["auth", "auth-int"],
  stale: false,
  ...change,
});

describe("what we show to a PBX that challenges us", () => {
  it("is the response of RFC 7616 for both hashes", () => {
    expect(digestAnswer(challenge(), RFC)).toContain('response="8ca523f5e9506fed4657c9700eebdbec"');
    const sha = digestAnswer(challenge({ algorithm: "SHA-256" }), RFC);
    expect(sha).toContain('response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"');
    expect(sha).toContain("algorithm=SHA-256, qop=auth, nc=00000001");
  });
  it("does without qop as RFC 2069 did", () => {
    const answer = digestAnswer(challenge({ qop: [] }), RFC);
    expect(answer).not.toMatch(/qop|nc=|cnonce/);
  });
  it("quotes what would end a field", () => {
    expect(digestAnswer(challenge(), { ...RFC, username: 'a"b\r\nEvil: 1' })).toContain('username="a\\"bEvil: 1"');
  });
});

describe("which challenge is answered", () => {
  const header =
    'Digest realm="pbx", nonce="a,b", algorithm=MD5, qop="auth",Digest realm="pbx", nonce="c", algorithm=SHA-256, stale=TRUE, qop="auth-int,auth"';
  it("is the better hash of several, joined in one header or not", () => {
    const list = parseChallenges(header);
    expect(list.map(({ nonce, algorithm, qop }) => ({ nonce, algorithm, qop }))).toEqual([
      { nonce: "a,b", algorithm: "MD5", qop: ["auth"] },
      { nonce: "c", algorithm: "SHA-256", qop: ["auth-int", "auth"] },
    ]);
    expect(chooseChallenge(list, "")).toMatchObject({ nonce: "c", stale: true });
  });
  it("is none of another realm than the password's, and none with a hash that we do not know", () => {
    expect(chooseChallenge(parseChallenges(header), "bank")).toBe("realm");
    expect(chooseChallenge([challenge({ algorithm: "AKAv1-MD5" })], "")).toBe("algorithm");
    expect(chooseChallenge(parseChallenges("Basic realm=x"), "")).toBe("none");
  });
});
