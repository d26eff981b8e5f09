import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCredentials } from "../trunk/digest.ts";
import { choose, isSdpFault, parseSdp } from "./sdp.ts";
import { contactsOfHeader, hostOf, infoDigit, q850Of, reasonHeader, userOf } from "./sip-fields.ts";

const sdpLine = fc.oneof(
  fc.constantFrom(
    "m=audio 4000 RTP/AVP 0 8",
    "a=rtpmap:0 PCMU/8000",
    "a=sendonly",
    "c=IN IP4 192.0.2.1",
    "a=rtpmap:",
    "m=",
  ),
  fc.string({ maxLength: 40 }),
);

describe("what comes from outside never makes a parser throw", () => {
  it("SDP", () => {
    fc.assert(
      fc.property(fc.array(sdpLine, { maxLength: 30 }), (list) => {
        const remote = parseSdp(["v=0", ...list].join("\r\n"));
        if (!isSdpFault(remote)) choose(remote, ["PCMA", "PCMU", "G722"]);
      }),
    );
  });

  it("SIP fields", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.string({ maxLength: 200 }), (a, b) => {
        contactsOfHeader(a, b);
        parseCredentials(`Digest ${a}`);
        infoDigit(a, b);
        userOf(a);
        hostOf(a);
        expect(q850Of(reasonHeader(16, a))).toBe(16);
        expect(reasonHeader(16, a)).not.toMatch(/[\r\n]/);
      }),
    );
  });
});
