import { describe, expect, it } from "vitest";
import { contactsOfHeader, hostOf, infoDigit, q850Of, userOf } from "./sip-fields.ts";

describe("SIP fields", () => {
  it("reads keys of both INFO bodies", () => {
    expect(infoDigit("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n")).toBe("5");
    expect(infoDigit("application/dtmf-relay; charset=utf-8", "Signal= 11\nDuration=100")).toBe("#");
    expect(infoDigit("application/dtmf", "*")).toBe("*");
    expect(infoDigit("application/dtmf", "hello")).toBeNull();
    expect(infoDigit("text/plain", "5")).toBeNull();
  });

  it("reads causes", () => {
    expect(q850Of('SIP;cause=200;text="x", Q.850;cause=31;text="y"')).toBe(31);
    expect(q850Of("SIP;cause=200")).toBe(0);
    expect(q850Of(undefined)).toBe(0);
  });

  it("reads users and hosts", () => {
    expect(userOf("sip:8002@192.0.2.1;user=phone")).toBe("8002");
    expect(userOf("tel:+86-10-1234;phone-context=x")).toBe("+86-10-1234");
    expect(userOf("sip:192.0.2.1")).toBe("");
    expect(userOf("sip:a%20b@c")).toBe("a b");
    expect(hostOf("192.0.2.1:5060")).toBe("192.0.2.1");
    expect(hostOf("[2001:db8::1]:5060")).toBe("2001:db8::1");
  });

  it("reads several contacts with their own expiry", () => {
    const header =
      '"A, B" <sip:a@192.0.2.1:5060;transport=tcp>;expires=60, <sip:b@192.0.2.2>, sip:c@192.0.2.3;expires=0';
    expect(contactsOfHeader(header, "120")).toEqual([
      { uri: "sip:a@192.0.2.1:5060;transport=tcp", expiresSeconds: 60 },
      { uri: "sip:b@192.0.2.2", expiresSeconds: 120 },
      { uri: "sip:c@192.0.2.3", expiresSeconds: 0 },
    ]);
    expect(contactsOfHeader("*", "0")).toEqual([{ uri: "*", expiresSeconds: 0 }]);
    expect(contactsOfHeader(undefined, undefined)).toEqual([]);
  });
});
