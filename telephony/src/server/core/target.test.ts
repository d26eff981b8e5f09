import fc from "fast-check";
import { expect, test } from "vitest";
import { parseUri } from "../message/index.ts";
import type { Listener, Transport } from "./state.ts";
import { chooseListener, hopOf, literalAddress, literalPlace } from "./target.ts";

const hop = (text: string) => {
  const uri = parseUri(text);
  return uri === null ? null : hopOf(uri);
};
const at = (transport: Transport, address: string): Listener => ({ transport, address, port: 5060 });

test.each([
  ["sip:10.0.0.5", "udp", 5060],
  ["sip:10.0.0.5:5070;transport=TCP", "tcp", 5070],
  ["sip:10.0.0.5;transport=tls", "tls", 5061],
  ["sips:10.0.0.5", "tls", 5061],
  ["sips:10.0.0.5;transport=tcp", "tls", 5061],
  ["sip:[2001:db8::5]:5080", "udp", 5080],
  ["sip:pbx.test;maddr=10.0.0.9", "udp", 5060],
  ["sips:a.invalid;transport=ws", "wss", 443],
])("%s is %s to port %d", (uri, transport, port) => {
  const found = hop(uri);
  if (found === null) throw new Error("no hop");
  expect(literalPlace(found, literalAddress(found.host) ?? "")).toMatchObject({ transport, port });
});

test.each(["sip:a.test;transport=sctp", "sips:a.test;transport=udp"])("%s is none of our transports", (uri) => {
  expect(hop(uri)).toBe(null);
});

test("requests leave from the nearest listener of their family and transport, from loopback only to loopback", () => {
  const listeners = [
    at("udp", "127.0.0.1"),
    at("udp", "10.1.0.1"),
    at("udp", "10.2.0.1"),
    at("udp", "::1"),
    at("udp", "2001:db8:0:1::1"),
    at("udp", "2001:db8:0:2::1"),
    at("tcp", "10.1.0.1"),
  ];
  const from = (address: string, transport: Transport = "udp") =>
    chooseListener(listeners, { address, transport })?.address ?? null;
  expect(from("10.2.0.77")).toBe("10.2.0.1");
  expect(from("10.2.0.77", "tcp")).toBe("10.1.0.1");
  expect(from("192.0.2.1")).toBe("10.1.0.1");
  expect(from("127.0.0.9")).toBe("127.0.0.1");
  expect(from("2001:0db8:0000:0002::99")).toBe("2001:db8:0:2::1");
  expect(from("::1")).toBe("::1");
  expect(from("2001:db8::1", "tls")).toBe(null);
});

test("no URI makes the choice throw", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const found = hop(`sip:${text}`);
      if (found !== null) chooseListener([at("udp", "::1")], { address: found.host, transport: "udp" });
    }),
  );
});
