import { expect, test } from "vitest";
import { Latch } from "./latch.ts";

const pbx = { address: "192.0.2.10", port: 4000 };

test("packets go where the SDP says, until the peer is heard from", () => {
  const latch = new Latch(pbx, []);
  expect(latch.target).toEqual(pbx);
  expect(latch.admit(pbx.address, 5004, 0)).toBe(true);
  expect(latch.target).toEqual({ address: pbx.address, port: 5004 });
});

test("a stranger is never latched on", () => {
  const latch = new Latch(pbx, ["192.0.2.11"]);
  expect(latch.admit("198.51.100.1", 4000, 0)).toBe(false);
  expect(latch.target).toEqual(pbx);
  expect(new Latch(null, []).admit("198.51.100.1", 4000, 0)).toBe(false);
});

test("another port of the same peer takes over only when the first has gone silent", () => {
  const latch = new Latch(pbx, ["192.0.2.11"]);
  expect(latch.admit(pbx.address, 4000, 0)).toBe(true);
  expect(latch.admit("192.0.2.11", 6000, 100)).toBe(false);
  expect(latch.admit(pbx.address, 4000, 1000)).toBe(true);
  expect(latch.admit("192.0.2.11", 6000, 2900)).toBe(false);
  expect(latch.admit("192.0.2.11", 6000, 3100)).toBe(true);
  expect(latch.target).toEqual({ address: "192.0.2.11", port: 6000 });
});

test("signalling may move the media at once, and saying the same again moves nothing", () => {
  const latch = new Latch(pbx, []);
  latch.admit(pbx.address, 5004, 0);
  latch.redirect(pbx);
  expect(latch.target).toEqual({ address: pbx.address, port: 5004 });
  latch.redirect({ address: "192.0.2.20", port: 7000 });
  expect(latch.target).toEqual({ address: "192.0.2.20", port: 7000 });
  expect(latch.admit(pbx.address, 5004, 10)).toBe(false);
  expect(latch.admit("192.0.2.20", 7000, 20)).toBe(true);
});

test("an IPv4 address in IPv6 clothes is the same address", () => {
  expect(new Latch(pbx, []).admit("::ffff:192.0.2.10", 4000, 0)).toBe(true);
});

test("IPv6 addresses are the same however signalling writes them", () => {
  const latch = new Latch({ address: "2001:DB8:0:0::0001", port: 4000 }, ["FE80::0:1"]);
  expect(latch.admit("2001:db8::1", 4000, 0)).toBe(true);
  expect(latch.mayCome("fe80::1")).toBe(true);
  expect(latch.mayCome("fe80::2")).toBe(false);
});

test("the signalled address and port win at once over a stale sender on the same address", () => {
  const latch = new Latch(pbx, []);
  expect(latch.admit(pbx.address, 9000, 0)).toBe(true); // still speaks to the call before
  expect(latch.admit(pbx.address, 9000, 20)).toBe(true);
  expect(latch.admit(pbx.address, 4000, 25)).toBe(true);
  expect(latch.target).toEqual(pbx);
  expect(latch.admit(pbx.address, 9000, 40)).toBe(false);
});

test("the stream of the call before is a stranger's, so that a peer behind a NAT is latched on instead", () => {
  const latch = new Latch({ address: "10.0.0.5", port: 4000 }, [pbx.address], { staleSsrc: 77 });
  expect(latch.admit(pbx.address, 9000, 0, 77)).toBe(false);
  expect(latch.admit(pbx.address, 5004, 10, 78)).toBe(true);
  expect(latch.target).toEqual({ address: pbx.address, port: 5004 });
  expect(new Latch(pbx, [], { staleSsrc: 77 }).admit(pbx.address, pbx.port, 0, 77)).toBe(true);
});

test("without symmetric RTP packets go where the signalling says", () => {
  const latch = new Latch(pbx, [], { symmetric: false });
  expect(latch.admit(pbx.address, 5004, 0)).toBe(true);
  expect(latch.target).toEqual(pbx);
});
