import fc from "fast-check";
import { expect, test } from "vitest";
import { dialPlaceOf, parseRouteAnswer } from "./route-answer.ts";

const parse = (value: unknown) => parseRouteAnswer(JSON.stringify(value));

test("each action of the protocol is read with its defaults", () => {
  expect(parse({ action: "reject", data: { status: 503, reason: "Busy\r\nX: y" } })).toEqual({
    ...{ type: "reject", status: 503, reason: "Busy X: y" },
  });
  expect(parse({ action: "redirect", data: { contact: "<sip:a@b>" } })).toEqual({
    ...{ type: "redirect", contacts: ["<sip:a@b>"] },
  });
  expect(parse({ action: "proxy", data: { destination: ["sip:a@b", "c.example"], provisionalTimeout: "5s" } })).toEqual(
    {
      ...{ type: "proxy", destinations: ["sip:a@b", "sip:c.example"], recordRoute: false, followRedirects: true },
      ...{ simultaneous: false, provisionalTimeout: "5s", finalTimeout: "" },
    },
  );
  expect(parse({ action: "route", data: { uri: "127.0.0.1:3003;transport=tls" } })).toEqual({
    ...{ type: "dial", place: { host: "127.0.0.1", port: 3003, tls: true } },
  });
  expect(parse({ action: "route", data: { uri: "[::1]" } })).toEqual({
    ...{ type: "dial", place: { host: "::1", port: 9021, tls: false } },
  });
  expect(parse({ action: "route", data: { tag: "night" } })).toEqual({ type: "tag", tag: "night" });
});

test("what cannot be understood is a fault", () => {
  for (const value of [
    ...[null, [], "x", {}, { action: "reject" }, { action: "reject", data: { status: 200 } }],
    ...[
      { action: "redirect", data: {} },
      { action: "route", data: {} },
      { action: "route", data: { uri: "a b" } },
    ],
    ...[
      { action: "dance", data: {} },
      { action: "route", data: { uri: "host:99999" } },
    ],
  ]) {
    expect(parse(value)).toEqual({ type: "fault" });
  }
  expect(parseRouteAnswer("{")).toEqual({ type: "fault" });
});

test("an application's own address, and none", () => {
  expect(dialPlaceOf("tcp://127.0.0.1:9999")).toEqual({ host: "127.0.0.1", port: 9999, tls: false });
  expect(dialPlaceOf("tls://app.example")).toEqual({ host: "app.example", port: 9021, tls: true });
  for (const url of ["http://x", "tcp://", "tcp://x:0", "tcp://a b"]) expect(dialPlaceOf(url)).toBe(null);
});

test("no bytes and no JSON make it throw", () => {
  fc.assert(fc.property(fc.string(), (text) => void parseRouteAnswer(text)));
  fc.assert(fc.property(fc.json(), (text) => void parseRouteAnswer(`{"action":"route","data":${text}}`)));
});
