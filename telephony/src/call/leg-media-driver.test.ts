import { setTimeout as wait } from "node:timers/promises";
import { defaultConfig, trunkInput } from "@intramuros/contracts";
import { afterAll, describe, expect, it } from "vitest";
import { createRtpPortPool } from "../rtp/rtp-endpoint-driver.ts";
import { openCallMedia } from "./call-media-store.ts";
import { LegMedia, type LegMediaOptions } from "./leg-media-driver.ts";
import { type MediaTerms, plainTerms, termsOf } from "./media-terms.ts";
import { choose, isSdpFault, parseSdp } from "./sdp.ts";

/** Both ends of a call as legs of ours, on real sockets: what one offers the other answers. */
const ADDRESS = "127.29.46.35";
const pool = createRtpPortPool({ min: 46_960, max: 46_999 });
const store = openCallMedia(defaultConfig().telephony.mediaPackets);
const legs: LegMedia[] = [];
afterAll(async () => {
  for (const leg of legs) await leg.close();
  store.close();
});

const terms = (media: Partial<Parameters<typeof trunkInput>[0]["media"]>, dtmf: "auto" | "info" | "inband" = "auto") =>
  termsOf(trunkInput({ name: "t", dtmf, media: { ...media } }));

interface End {
  readonly leg: LegMedia;
  readonly digits: string[];
}
async function open(wish: MediaTerms, change: Partial<LegMediaOptions> = {}): Promise<End> {
  const digits: string[] = [];
  const leg = await LegMedia.open({
    ...{ pool, bindAddress: ADDRESS, sdpAddress: ADDRESS, preference: wish.preference, terms: wish, remote: null },
    ...{ signallingSource: ADDRESS, onFrame: () => undefined, onDigit: (digit, via) => digits.push(`${digit} ${via}`) },
    ...change,
  });
  legs.push(leg);
  return { leg, digits };
}
/** The callee of an offer; null: it refuses. */
async function answerTo(offer: string, wish: MediaTerms): Promise<End | null> {
  const audio = parseSdp(offer, wish);
  if (isSdpFault(audio)) return null;
  const choice = choose(audio, wish.preference, wish);
  return isSdpFault(choice) ? null : open(wish, { remote: { audio, choice } });
}
async function call(ours: MediaTerms, theirs: MediaTerms): Promise<[End, End] | null> {
  const caller = await open(ours);
  const callee = await answerTo(caller.leg.firstSdp(), theirs);
  if (callee === null || caller.leg.takeAnswer(callee.leg.firstSdp()) === null) return null;
  return [caller, callee];
}

describe("encryption between two ends", () => {
  const plain = plainTerms(["PCMA"]);
  it.each([
    ["require", "require", "AES_CM_128_HMAC_SHA1_80"],
    ["require", "allow", "AES_CM_128_HMAC_SHA1_80"],
    ["allow", "require", "AES_CM_128_HMAC_SHA1_80"],
    ["allow", "allow", "AES_CM_128_HMAC_SHA1_80"],
    ["allow", "off", ""],
    ["off", "allow", ""],
    ["require", "off", null],
    ["off", "require", null],
  ] as const)("caller %s, callee %s: %s", async (ours, theirs, suite) => {
    const both = await call({ ...terms({ srtp: ours }) }, { ...terms({ srtp: theirs }) });
    expect(both === null ? null : both[0].leg.srtp).toBe(suite);
    if (both === null) return;
    expect(both[1].leg.srtp).toBe(suite);
    await wait(150);
    expect(both[0].leg.sendDigit("5", 60)).toBe("rfc4733");
    await wait(250);
    expect(both[1].digits).toEqual(["5 rfc4733"]);
    for (const { leg } of both) {
      const { packetsIn, undecipheredIn } = leg.endpoint.report();
      expect(packetsIn).toBeGreaterThan(5);
      expect(undecipheredIn).toBe(0);
      await leg.close();
    }
  });

  it("goes on over hold and resume, over new keys of the peer's, and in a new process of ours", async () => {
    const both = await call(terms({ srtp: "require" }), terms({ srtp: "allow" }));
    if (both === null) throw new Error("no call");
    const [a, b] = both;
    const hold = b.leg.takeOffer(a.leg.nextOffer("sendonly"));
    expect(hold).toMatchObject({ type: "answer", hold: true });
    const resumed = b.leg.takeOffer(a.leg.nextOffer());
    if (resumed.type !== "answer") throw new Error("refused");
    a.leg.takeAnswer(resumed.sdp);
    const other = await open(terms({ srtp: "require" }));
    const moved = b.leg.takeOffer(other.leg.firstSdp());
    if (moved.type !== "answer") throw new Error("refused");
    other.leg.takeAnswer(moved.sdp);
    await wait(200);
    expect(other.leg.endpoint.report().packetsIn).toBeGreaterThan(5);
    const kept = b.leg.kept();
    if (kept === null) throw new Error("nothing kept");
    await b.leg.close();
    const again = JSON.parse(JSON.stringify(kept)) as typeof kept;
    const { audio, choice, ...place } = again;
    const next = await open(again.terms, { ...place, remote: { audio, choice }, before: again });
    await wait(200);
    expect(next.leg.endpoint.report().packetsIn).toBeGreaterThan(5);
    const before = other.leg.endpoint.report();
    await wait(200);
    const after = other.leg.endpoint.report();
    expect(after.packetsIn - before.packetsIn).toBeGreaterThan(5);
    expect(after.undecipheredIn).toBe(0);
    for (const { leg } of [a, other, next]) await leg.close();
  });

  it("an answer without keys is none where they are required", async () => {
    const caller = await open(terms({ srtp: "require" }));
    const callee = await open(plain);
    expect(caller.leg.takeAnswer(callee.leg.firstSdp())).toBeNull();
    await caller.leg.close();
    await callee.leg.close();
  });
});

describe("keys by the trunk's form", () => {
  it("tones when the form says so, INFO is left to the dialog", async () => {
    const both = await call(terms({}, "inband"), terms({}, "inband"));
    if (both === null) throw new Error("no call");
    const [a, b] = both;
    await wait(100);
    expect(a.leg.sendDigit("#", 80)).toBe("inband");
    await wait(400);
    expect(b.digits).toEqual(["# inband"]);
    const info = await open(terms({}, "info"));
    expect(info.leg.sendDigit("1")).toBe("info");
    expect(info.leg.takesKeys).toBe(false);
    for (const { leg } of [a, b, info]) await leg.close();
  });
});

describe("what is kept of a call", () => {
  it("reports of all its legs by any SIP Call-ID of it, during it and after", async () => {
    const leg = (legId: string, sipCallId: string) => ({ store, leg: { callId: "call-1", legId, sipCallId } });
    const a = await open(plainTerms(["PCMA"]), { record: leg("agent", "") });
    const b = await answerTo(a.leg.firstSdp(), plainTerms(["PCMA"]));
    if (b === null) throw new Error("refused");
    const c = await open(plainTerms(["PCMA"]), { record: leg("", "sip-1") });
    a.leg.takeAnswer(b.leg.firstSdp());
    a.leg.answered("sip-2");
    await wait(200);
    const during = store.reportOf("sip-2");
    expect(during).toMatchObject({ callId: "call-1", sipCallIds: ["sip-1", "sip-2"] });
    expect(during?.legs.map((item) => item.legId)).toEqual(["", "agent"]);
    expect(during?.legs[1]?.in.packets).toBeGreaterThan(3);
    for (const end of [a, b, c]) await end.leg.close();
    expect(store.reportOf("sip-1")?.legs[1]?.out.packets).toBeGreaterThan(3);
    expect(store.reportOf("sip-3")).toBeNull();
    expect(store.packetsOf("sip-1", true).length).toBeGreaterThan(store.packetsOf("sip-1", false).length);
    expect(store.packetsOf("sip-3", true)).toEqual([]);
  });

  it("a leg whose audio could not be opened is over at once", async () => {
    const own = openCallMedia({ rtcpBytes: 0, rtpBytes: 0, minutes: 1 });
    const record = { store: own, leg: { callId: "c", legId: "", sipCallId: "s" } };
    await expect(open(plainTerms(["PCMA"]), { record, bindAddress: "192.0.2.77" })).rejects.toThrow("cannot bind RTP");
    for (let i = 0; i < 501; i++) own.begin({ callId: `c${i}`, legId: "", sipCallId: `s${i}` }).end();
    expect(own.reportOf("s")).toBeNull(); // it was the oldest of those that are over
    own.close();
  });

  it("of the calls that ended, only the newest few hundred", () => {
    const own = openCallMedia({ rtcpBytes: 0, rtpBytes: 0, minutes: 1 });
    for (let i = 0; i < 800; i++) own.begin({ callId: `c${i}`, legId: "", sipCallId: `s${i}` }).end();
    expect(own.reportOf("s0")).toBeNull();
    expect(own.reportOf("s299")).toBeNull();
    expect(own.reportOf("s300")).not.toBeNull();
    own.close();
  });
});
