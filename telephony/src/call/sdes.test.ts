import { trunkInput } from "@intramuros/contracts";
import { describe, expect, it } from "vitest";
import { type MediaTerms, sdpAddressOf, termsOf, tonesOf } from "./media-terms.ts";
import { cryptoLine, isSameKey, keyOf, readCrypto, type SdesKey } from "./sdes.ts";
import { answerSdp, choose, isSdpFault, offerSdp, parseSdp, ptimeFor, type RemoteAudio } from "./sdp.ts";

const KEY = "PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR";
const line = { id: 1, suite: "AES_CM_128_HMAC_SHA1_80", config: `inline:${KEY}|2^20|1:4` };
const terms = (media: Partial<Parameters<typeof trunkInput>[0]["media"]> = {}, dtmf: "auto" | "info" = "auto") =>
  termsOf(trunkInput({ name: "t", dtmf, media: { ...media } }));
const head = ["v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0"];
const read = (wish: MediaTerms, ...list: readonly string[]) => parseSdp([...head, ...list, ""].join("\r\n"), wish);
const audio = (wish: MediaTerms, ...list: readonly string[]): RemoteAudio => {
  const result = read(wish, ...list);
  if (isSdpFault(result)) throw new Error(result.fault);
  return result;
};
const own: SdesKey = { tag: 1, suite: "AES_CM_128_HMAC_SHA1_80", keySalt: KEY, mki: null };
const local = { address: "192.0.2.9", port: 20_000, sessionId: 7, version: 1, keys: [own] };
const crypto = `a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:${KEY}`;

describe("a=crypto", () => {
  it("is read with its lifetime passed over and its key identifier kept (RFC 4568 §9.1)", () => {
    const key = readCrypto(line)!;
    expect(key).toEqual({ ...own, mki: { value: "1", bytes: 4 } });
    expect(cryptoLine(key)).toBe(`a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${KEY}|1:4`);
    expect(keyOf(key)).toMatchObject({
      masterKey: { length: 16 },
      masterSalt: { length: 14 },
      mki: Buffer.from("00000001", "hex"),
    });
    expect(isSameKey(key, { ...key, tag: 9 })).toBe(true);
    expect(isSameKey(key, own)).toBe(false);
  });

  it("is not taken with an unknown suite, a short key, or a parameter that weakens it", () => {
    expect(readCrypto({ ...line, suite: "F8_128_HMAC_SHA1_80" })).toBeNull();
    expect(readCrypto({ ...line, config: "inline:c2hvcnQ=" })).toBeNull();
    expect(readCrypto({ ...line, config: KEY })).toBeNull();
    expect(readCrypto({ ...line, config: `inline:${KEY}|999:1` })).toBeNull();
    expect(readCrypto({ ...line, sessionConfig: "UNENCRYPTED_SRTP" })).toBeNull();
    expect(readCrypto({ ...line, sessionConfig: "UNAUTHENTICATED_SRTP WSH=64" })).toBeNull();
    expect(readCrypto({ ...line, sessionConfig: "WSH=64" })).not.toBeNull();
    expect(readCrypto({})).toBeNull();
  });
});

describe("SRTP by the trunk's form", () => {
  const plain = ["m=audio 4000 RTP/AVP 8"];
  const secure = ["m=audio 4000 RTP/SAVP 8", crypto];
  const hopeful = [...plain, crypto]; // RFC 8643
  const dtls = ["m=audio 4000 UDP/TLS/RTP/SAVP 8"];
  it.each([
    ["off", plain, null],
    ["off", secure, "encrypted-only"],
    ["off", hopeful, null],
    ["allow", plain, null],
    ["allow", secure, KEY],
    ["allow", hopeful, KEY],
    ["allow", dtls, "encrypted-only"],
    ["allow", [...plain, ...secure], KEY],
    ["require", plain, "not-encrypted"],
    ["require", secure, KEY],
    ["require", hopeful, KEY],
    ["require", ["m=audio 4000 RTP/SAVP 8"], "not-encrypted"],
  ] as const)("%s: an offer of %j", (srtp, offer, result) => {
    const remote = read(terms({ srtp }), ...offer);
    if (isSdpFault(remote)) expect(remote.fault).toBe(result);
    else expect(remote.crypto?.keySalt ?? null).toBe(result);
  });

  it("only suites of the form are taken, in the peer's order", () => {
    const short = `a=crypto:1 AES_CM_128_HMAC_SHA1_32 inline:${KEY}`;
    const offer = ["m=audio 4000 RTP/SAVP 8", short, crypto];
    expect(audio(terms({ srtp: "allow" }), ...offer).crypto?.suite).toBe("AES_CM_128_HMAC_SHA1_32");
    const long = terms({ srtp: "allow", srtpSuites: ["AES_CM_128_HMAC_SHA1_80"] });
    expect(audio(long, ...offer).crypto).toMatchObject({ tag: 3, suite: "AES_CM_128_HMAC_SHA1_80" });
  });

  it("an answer says the offer's profile and tag with our own key, once", () => {
    const wish = terms({ srtp: "allow" });
    for (const [offer, profile] of [
      [secure, "RTP/SAVP"],
      [hopeful, "RTP/AVP"],
    ] as const) {
      const remote = audio(wish, ...offer);
      const choice = choose(remote, ["PCMA"], wish);
      if (isSdpFault(choice)) throw new Error(choice.fault);
      const answer = answerSdp(remote, choice, local, wish);
      expect(answer).toContain(`m=audio 20000 ${profile} 8\r\n`);
      expect(answer.match(/^a=crypto.*$/gm)).toEqual([`a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:${KEY}`]);
    }
  });

  it("our offer: keys beside plain audio where it is allowed, nothing else where it is required", () => {
    const offer = (srtp: "off" | "allow" | "require"): string => offerSdp(["PCMA"], local, "sendrecv", terms({ srtp }));
    expect(offer("off")).not.toContain("crypto");
    expect(offer("allow")).toMatch(/RTP\/AVP 8 101\r\n[\s\S]*a=crypto:1/);
    expect(offer("require")).toMatch(/RTP\/SAVP 8 101\r\n[\s\S]*a=crypto:1/);
  });
});

describe("the rest of the media form", () => {
  it.each([
    [["a=ptime:30"], 30],
    [["a=ptime:10"], 10],
    [["a=ptime:60"], 40],
    [["a=ptime:40", "a=maxptime:20"], 20],
    [["a=maxptime:15"], 10],
    [["a=ptime:abc"], 20],
    [[], 20],
  ] as const)("packets are as long as the peer asks: %j", (lines, ptimeMs) => {
    expect(ptimeFor(audio(terms(), "m=audio 4000 RTP/AVP 8", ...lines), terms())).toBe(ptimeMs);
  });

  it("one telephone-event, of the clock of our codecs, whatever else the peer offers (rtpengine's trouble with two)", () => {
    const remote = audio(
      terms(),
      ...["m=audio 4000 RTP/AVP 96 8 97 101", "a=rtpmap:96 opus/48000/2"],
      ...["a=rtpmap:97 telephone-event/48000", "a=rtpmap:101 telephone-event/8000"],
    );
    const choice = choose(remote, ["PCMA"], terms());
    if (isSdpFault(choice)) throw new Error(choice.fault);
    const answer = answerSdp(remote, choice, local, terms());
    expect(answer.match(/telephone-event.*/g)).toEqual(["telephone-event/8000"]);
    expect(answer).toContain("m=audio 20000 RTP/AVP 8 101\r\n");
  });

  it("keys by INFO or tones alone: no telephone-event is offered or answered", () => {
    const wish = terms({}, "info");
    expect(offerSdp(["PCMA"], local, "sendrecv", wish)).not.toContain("telephone-event");
    const remote = audio(wish, "m=audio 4000 RTP/AVP 8 101", "a=rtpmap:101 telephone-event/8000");
    expect(choose(remote, ["PCMA"], wish)).toMatchObject({ dtmfPayloadType: null });
    expect(tonesOf(wish)).toBe("off");
    expect(tonesOf(terms())).toBe("fallback");
  });

  it("our own payload number for keys, comfort noise where it is wanted on both sides", () => {
    const offer = offerSdp(
      ["PCMA"],
      local,
      "sendrecv",
      terms({ dtmfPayloadType: 96, comfortNoise: true, ptimeMs: 30 }),
    );
    expect(offer).toContain("m=audio 20000 RTP/AVP 8 13 96\r\n");
    expect(offer).toContain("a=ptime:30\r\n");
    const remote = audio(terms(), "m=audio 4000 RTP/AVP 8 13");
    expect(answerSdp(remote, { codec: "PCMA", payloadType: 8, dtmfPayloadType: null }, local, terms())).not.toContain(
      "CN",
    );
  });

  it("RTCP goes where the peer says (RFC 3605), or one above its RTP", () => {
    expect(audio(terms(), "m=audio 4000 RTP/AVP 8", "a=rtcp:4005 IN IP4 192.0.2.7").rtcp).toEqual({
      ...{ address: "192.0.2.7", port: 4005 },
    });
    expect(audio(terms(), "m=audio 4000 RTP/AVP 8", "a=rtcp:4005").rtcp).toEqual({ address: "192.0.2.1", port: 4005 });
    expect(audio(terms(), "m=audio 4000 RTP/AVP 8", "a=rtcp:99999").rtcp).toBeNull();
    expect(audio(terms(), "m=audio 4000 RTP/AVP 8").rtcp).toBeNull();
  });

  it("the address in our SDP: the trunk's, else the machine's public one, else its own", () => {
    const trunk = trunkInput({ name: "t", media: { natAddress: "198.51.100.1" } });
    const site = { publicAddress: "203.0.113.1", bindAddress: "10.0.0.1" };
    expect(sdpAddressOf(trunk, site)).toBe("198.51.100.1");
    expect(sdpAddressOf(trunkInput({ name: "t" }), site)).toBe("203.0.113.1");
    expect(sdpAddressOf(null, { ...site, publicAddress: "" })).toBe("10.0.0.1");
  });
});
