import { expect, test } from "vitest";
import {
  canonicalName,
  keyOf,
  markVia,
  paramOf,
  parseNameAddr,
  parseUri,
  parseVia,
  splitList,
  tagOf,
  withParam,
} from "./index.ts";

test("a comma inside quotes or angle brackets does not split a list", () => {
  expect(splitList('"a, b" <sip:x,y@z>;p="q,r", <sip:c>')).toEqual(['"a, b" <sip:x,y@z>;p="q,r"', "<sip:c>"]);
  expect(splitList("")).toEqual([]);
});

test("parameters are found by name, not by a part of one, and not inside quotes", () => {
  expect(paramOf(";xtag=1;tag=2", "tag")).toBe("2");
  expect(paramOf(';a=";tag=3";tag=4', "tag")).toBe("4");
  expect(paramOf(";lr", "lr")).toBe("");
  expect(paramOf(";LR=on", "lr")).toBe("on");
  expect(paramOf("", "tag")).toBe(null);
});

test("a URI is taken apart; what is none is null", () => {
  expect(parseUri("sip:al:pw@[::1]:5070;transport=tcp?x=y")).toEqual({
    scheme: "sip",
    user: "al:pw",
    host: "::1",
    port: 5070,
    params: ";transport=tcp",
  });
  expect(parseUri("SIP:host")).toMatchObject({ scheme: "sip", user: null, host: "host", port: null });
  for (const bad of ["tel:1", "sip:", "sip:@h", "sip:h:0", "sip:h:99999", "sip:a b@h", "nothing"]) {
    expect(parseUri(bad), bad).toBe(null);
  }
});

test("without angle brackets parameters belong to the header", () => {
  expect(parseNameAddr("sip:a@b;tag=1")).toEqual({ display: "", uri: "sip:a@b", params: ";tag=1" });
  expect(parseNameAddr('"x <y>" <sip:a@b;t=1>;tag=2')).toEqual({
    display: '"x <y>"',
    uri: "sip:a@b;t=1",
    params: ";tag=2",
  });
  expect(tagOf("<sip:a;tag=no>")).toBe(null);
  expect(tagOf("<sip:a>; tag = yes ")).toBe("yes");
  expect(parseNameAddr("<sip:a")).toBe(null);
});

test("rport and received are set in the top Via only, other parameters stay", () => {
  expect(markVia("SIP/2.0/UDP h:1;rport;branch=z9hG4bKa, SIP/2.0/UDP k", { received: "1.2.3.4", rport: 9 })).toBe(
    "SIP/2.0/UDP h:1;rport=9;branch=z9hG4bKa;received=1.2.3.4, SIP/2.0/UDP k",
  );
  expect(markVia("SIP/2.0/UDP h;received=9.9.9.9", { received: "1.2.3.4", rport: 9 })).toBe(
    "SIP/2.0/UDP h;received=1.2.3.4;rport=9",
  );
  expect(withParam(";branch=a", "lr", null)).toBe(";branch=a;lr");
});

test("Via of an IPv6 element and of an odd transport", () => {
  expect(parseVia("SIP/2.0/TLS-SCTP [2001:db8::9]:5061;branch=z9")).toEqual({
    transport: "TLS-SCTP",
    host: "2001:db8::9",
    port: 5061,
    params: ";branch=z9",
  });
  expect(parseVia("SIP/3.0/UDP h")).toBe(null);
});

test("names of headers: compact, canonical, unknown", () => {
  expect(keyOf("V")).toBe("via");
  expect(keyOf("bad name")).toBe(null);
  expect(canonicalName("call-id")).toBe("Call-ID");
  expect(canonicalName("p_asserted_identity")).toBe("P-Asserted-Identity");
  expect(canonicalName("x-Foo")).toBe("x-Foo");
  expect(canonicalName("new-fangled")).toBe("New-Fangled");
});
