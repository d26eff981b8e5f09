import { describe, expect, it } from "vitest";
import {
  answerSdp,
  choose,
  isHold,
  isSdpFault,
  mirrored,
  offerSdp,
  parseSdp,
  preferenceOf,
  type RemoteAudio,
} from "./sdp.ts";

const lines = (...list: readonly string[]): string => [...list, ""].join("\r\n");
const head = ["v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0"];
const audio = ["m=audio 4000 RTP/AVP 0 8 9 101", "a=rtpmap:101 telephone-event/8000", "a=ptime:20"];
const parsed = (...list: readonly string[]): RemoteAudio => {
  const result = parseSdp(lines(...list));
  if (isSdpFault(result)) throw new Error(result.fault);
  return result;
};
const local = { address: "192.0.2.9", port: 20_000, sessionId: 7, version: 1 };

describe("offers and answers", () => {
  it("knows the static payload types without rtpmap", () => {
    expect(parsed(...head, ...audio).codecs.map((codec) => codec.name)).toEqual(["PCMU", "PCMA", "G722"]);
  });

  it("an rtpmap that the m= line does not list offers nothing", () => {
    const body = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n";
    const events = "a=rtpmap:101 telephone-event/8000\r\n";
    expect(parseSdp(`${body}m=audio 4000 RTP/AVP 8\r\n${events}`)).toMatchObject({ dtmfPayloadType: null });
    expect(parseSdp(`${body}m=audio 4000 RTP/AVP 8 101\r\n${events}`)).toMatchObject({ dtmfPayloadType: 101 });
  });

  it("takes the trunk's preference, not the peer's order", () => {
    expect(choose(parsed(...head, ...audio), ["PCMA", "PCMU"])).toEqual({
      ...{ codec: "PCMA", payloadType: 8, dtmfPayloadType: 101 },
    });
  });

  it("takes dynamic payload types as they are named", () => {
    const remote = parsed(
      ...head,
      ...["m=audio 4000 RTP/AVP 98 97", "a=rtpmap:98 PCMA/8000", "a=rtpmap:97 telephone-event/8000"],
    );
    const choice = choose(remote, ["PCMA"]);
    expect(choice).toEqual({ codec: "PCMA", payloadType: 98, dtmfPayloadType: 97 });
    if (isSdpFault(choice)) return;
    const answer = answerSdp(remote, choice, local);
    expect(answer).toContain("m=audio 20000 RTP/AVP 98 97\r\n");
    expect(answer).toContain("a=rtpmap:98 PCMA/8000\r\n");
  });

  it("answers every line of the offer and refuses video with port 0", () => {
    const remote = parsed(...head, ...audio, "m=video 5000 RTP/AVP 96", "a=rtpmap:96 H264/90000");
    const choice = choose(remote, ["PCMU"]);
    if (isSdpFault(choice)) throw new Error(choice.fault);
    const answer = answerSdp(remote, choice, local);
    expect(answer.match(/^m=.*$/gm)).toEqual(["m=audio 20000 RTP/AVP 0 101", "m=video 0 RTP/AVP 96"]);
  });

  it("understands hold in every way that it is said", () => {
    for (const line of ["a=sendonly", "a=inactive"]) {
      expect(isHold(parsed(...head, ...audio, line).direction)).toBe(true);
    }
    const old = parsed("v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "c=IN IP4 0.0.0.0", "t=0 0", ...audio);
    expect(isHold(old.direction)).toBe(true);
    expect(isHold(parsed(...head, ...audio, "a=recvonly").direction)).toBe(false);
    expect(isHold(parsed(...head, "a=sendonly", ...audio).direction)).toBe(true);
  });

  it("mirrors directions (RFC 3264 §6.1)", () => {
    expect(["sendrecv", "sendonly", "recvonly", "inactive"].map((item) => mirrored(item as "sendrecv"))).toEqual([
      "sendrecv",
      "recvonly",
      "sendonly",
      "inactive",
    ]);
  });

  it("what it offers it can read", () => {
    const remote = parseSdp(offerSdp(["G722", "PCMA"], local));
    expect(remote).toMatchObject({
      address: "192.0.2.9",
      port: 20_000,
      codecs: [
        { name: "G722", payloadType: 9 },
        { name: "PCMA", payloadType: 8 },
      ],
      dtmfPayloadType: 101,
    });
  });

  it("names what is wrong", () => {
    expect(parseSdp("nonsense")).toEqual({ fault: "malformed" });
    expect(parseSdp(lines(...head, "m=audio 0 RTP/AVP 0"))).toEqual({ fault: "no-audio" });
    expect(parseSdp(lines(...head, "m=audio 4000 RTP/SAVP 0"))).toEqual({ fault: "encrypted-only" });
    expect(choose(parsed(...head, "m=audio 4000 RTP/AVP 18"), ["PCMA"])).toEqual({ fault: "no-common-codec" });
    expect(parseSdp(lines("v=0", "s=-", "c=IN IP4 example.com", "m=audio 4000 RTP/AVP 0"))).toEqual({
      fault: "malformed",
    });
  });

  it("takes all codecs for a trunk that names none", () => {
    expect(preferenceOf([])).toEqual(["PCMA", "PCMU", "G722"]);
    expect(preferenceOf(["PCMU", "OPUS"])).toEqual(["PCMU"]);
  });
});
