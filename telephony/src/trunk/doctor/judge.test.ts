import { trunkInput } from "@intramuros/contracts";
import { describe, expect, it } from "vitest";
import { type AudioFacts, judgeAudio, judgeDtmf, judgeHold } from "./judge-media.ts";
import { judgeOptions, judgeTls, judgeTransport, type TlsFacts } from "./judge-reach.ts";
import { type AnsweredFacts, judgeCall, judgeRegistration } from "./judge-signalling.ts";

const trunk = trunkInput({
  name: "PBX",
  mode: "register",
  peers: [{ host: "pbx.example", port: 5060, transport: "udp", priority: 0, weight: 1 }],
  account: { username: "trunk", password: "secret" },
});
const answered = (status: number, change: Partial<AnsweredFacts> = {}): AnsweredFacts => ({
  ...{ status, line: `SIP/2.0 ${status}`, challenged: false, realm: "", reason: "", required: "" },
  ...change,
});
const call = (status: number, change: Partial<AnsweredFacts> = {}, wouldTake: readonly string[] = []) =>
  judgeCall(trunk, { ...answered(status, change), setupMs: 5, offeredCodecs: ["PCMA"], wouldTake });

describe("what a refusal means", () => {
  it("a second challenge, or 403 after one, is the password; 403 at once is not", () => {
    for (const facts of [answered(401, { challenged: true }), answered(403, { challenged: true, realm: "pbx" })]) {
      expect(judgeRegistration(trunk, facts)).toMatchObject({ code: "password-wrong", field: "account.password" });
    }
    expect(judgeRegistration(trunk, answered(403))).toMatchObject({ code: "forbidden" });
    const without = { ...trunk, account: { ...trunk.account, password: "" } };
    expect(judgeRegistration(without, answered(401))).toMatchObject({ code: "password-missing" });
  });

  it("404 to a registration is the domain; to a call it is the number, unless a domain was set", () => {
    expect(judgeRegistration(trunk, answered(404))).toMatchObject({ code: "domain-wrong", field: "account.domain" });
    expect(call(404)).toMatchObject({ code: "number-unknown" });
    const elsewhere = { ...trunk, account: { ...trunk.account, domain: "other.example" } };
    expect(
      judgeCall(elsewhere, { ...answered(404), setupMs: 1, offeredCodecs: ["PCMA"], wouldTake: [] }),
    ).toMatchObject({ code: "domain-wrong" });
  });

  it("421 for 100rel is PRACK, 488 the codec with the one that would do, 503 the PBX's lines", () => {
    expect(call(421, { required: "100rel" })).toMatchObject({
      step: "prack",
      code: "prack-required",
      field: "session.prack",
    });
    expect(call(488, {}, ["G722"])).toMatchObject({ step: "codec", code: "codec-other", field: "codecs" });
    expect(call(488)).toMatchObject({ code: "codec-none-in-common" });
    expect(call(503)).toMatchObject({ code: "congestion" });
    expect(call(486)).toMatchObject({ result: "warning" });
    expect(call(599)).toMatchObject({ code: "call-refused", result: "failed" });
  });

  it("every failure says what to change", () => {
    for (const status of [
      0, 302, 400, 401, 403, 404, 407, 408, 421, 422, 480, 486, 488, 500, 503, 600, 603, 604, 606,
    ]) {
      for (const challenged of [false, true]) {
        const finding = call(status, { challenged });
        expect(finding.what).not.toBe("");
        expect(finding.change, String(status)).not.toBe("");
      }
    }
  });
});

describe("what a certificate means", () => {
  const now = Date.UTC(2026, 10, 23);
  const facts = (change: Partial<TlsFacts>, days = { from: -100, to: 100 }): TlsFacts => ({
    peer: 0,
    certificate: {
      ...{ subject: "pbx.example", issuer: "Bank CA", names: ["pbx.example"] },
      ...{ validFrom: now + days.from * 86_400_000, validTo: now + days.to * 86_400_000 },
    },
    ...{ protocol: "TLSv1.3", untrusted: "", nameFits: true, wantedName: "pbx.example", problem: "", now },
    ...change,
  });
  const codes = (given: TlsFacts) => judgeTls(given).map(({ code, result }) => `${code} ${result}`);

  it("expired, not begun, ending soon, good", () => {
    expect(codes(facts({ untrusted: "CERT_HAS_EXPIRED" }, { from: -100, to: -1 }))).toEqual([
      "certificate-expired failed",
    ]);
    expect(codes(facts({ untrusted: "CERT_NOT_YET_VALID" }, { from: 1, to: 100 }))).toEqual([
      "certificate-not-yet-valid failed",
    ]);
    expect(codes(facts({}, { from: -100, to: 10 }))).toEqual(["certificate-expires-soon warning"]);
    expect(codes(facts({}))).toEqual(["certificate-good passed"]);
  });

  it("untrusted and of another name are two findings", () => {
    expect(codes(facts({ untrusted: "DEPTH_ZERO_SELF_SIGNED_CERT", nameFits: false }))).toEqual([
      "certificate-untrusted failed",
      "certificate-name failed",
    ]);
  });

  it("a handshake that is broken off may want a certificate of ours", () => {
    expect(codes(facts({ certificate: null, problem: "tlsv13 alert certificate required" }))).toEqual([
      "tls-client-certificate failed",
    ]);
    expect(codes(facts({ certificate: null, problem: "wrong version number" }))).toEqual(["tls-handshake failed"]);
  });
});

describe("where audio is lost", () => {
  const audio = (change: Partial<AudioFacts>) =>
    judgeAudio({
      ...{ via: "echo", sent: 100, received: 100, strangers: 0, probeHeard: true, returnHeard: false, lossFraction: 0 },
      ...{ sdpAddress: "192.0.2.1", signallingAddress: "192.0.2.1", ourAddress: "192.0.2.9", ourAddressIsLocal: true },
      ...change,
    }).code;

  it("names the side and the reason", () => {
    expect(audio({})).toBe("audio-both-ways");
    expect(audio({ probeHeard: false })).toBe("one-way-audio");
    expect(audio({ via: "loop", returnHeard: false })).toBe("one-way-audio");
    expect(audio({ via: "loop", returnHeard: true })).toBe("audio-both-ways");
    expect(audio({ received: 0 })).toBe("rtp-blocked");
    expect(audio({ received: 0, strangers: 40 })).toBe("audio-from-elsewhere");
    expect(audio({ received: 0, sdpAddress: "10.1.1.1" })).toBe("nat-address");
    expect(audio({ received: 0, sdpAddress: "10.1.1.1", signallingAddress: "10.1.1.1" })).toBe("rtp-blocked");
    expect(audio({ received: 0, ourAddressIsLocal: false })).toBe("nat-address-ours");
    expect(audio({ lossFraction: 0.05 })).toBe("audio-lossy");
    expect(audio({ via: "anything" })).toBe("audio-inbound-only");
  });
});

describe("keys, hold and the network", () => {
  it("telephone-event that is not offered fails where it is required and warns where tones may do", () => {
    const dtmf = { via: "echo", sent: "12#", returned: "12#", negotiated: false } as const;
    expect(judgeDtmf({ ...dtmf, mode: "rfc4733" })).toMatchObject({ code: "dtmf-not-negotiated", result: "failed" });
    expect(judgeDtmf({ ...dtmf, mode: "auto" })).toMatchObject({ code: "dtmf-not-negotiated", result: "warning" });
    expect(judgeDtmf({ ...dtmf, mode: "info" }).result).toBe("skipped");
    expect(judgeDtmf({ ...dtmf, negotiated: true, mode: "auto" }).code).toBe("dtmf-works");
    expect(judgeDtmf({ ...dtmf, negotiated: true, returned: "", mode: "auto" }).code).toBe("dtmf-lost");
    expect(judgeDtmf({ ...dtmf, negotiated: true, returned: "1#", mode: "auto" }).code).toBe("dtmf-changed");
  });

  it("hold that is refused, and silence after it", () => {
    const hold = { holdStatus: 200, resumeStatus: 200, packetsBefore: 10, packetsAfterResume: 10 };
    expect(judgeHold(hold).code).toBe("hold-works");
    expect(judgeHold({ ...hold, holdStatus: 488 }).code).toBe("hold-refused");
    expect(judgeHold({ ...hold, packetsAfterResume: 0 }).code).toBe("hold-silent");
    expect(judgeHold({ ...hold, packetsBefore: 0, packetsAfterResume: 0 }).code).toBe("hold-works");
  });

  it("a port that is closed, a firewall that swallows, a PBX that is up but ill", () => {
    const place = { place: "192.0.2.1:5061", peer: 0, transport: "tls" } as const;
    expect(judgeTransport({ ...place, outcome: "refused" }).code).toBe("connection-refused");
    expect(judgeTransport({ ...place, outcome: "silent" }).code).toBe("connection-silent");
    const options = { line: "", roundTripMs: 3, transport: "udp", connected: false };
    expect(judgeOptions({ ...options, status: 0 }).code).toBe("options-no-answer");
    expect(judgeOptions({ ...options, status: 503 }).code).toBe("options-server-error");
    expect(judgeOptions({ ...options, status: 405 }).code).toBe("options-answered");
  });
});
