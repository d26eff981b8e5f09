import { expect, test } from "vitest";
import { hostName, isCrossSite, isLoopback } from "./origin.ts";

test("loopback is the whole of 127/8, ::1 in its forms and localhost, and nothing that merely looks like it", () => {
  for (const yes of ["127.0.0.1", "127.29.5.1", "::1", "[::1]", "::ffff:127.0.0.1", "localhost"])
    expect(isLoopback(yes), yes).toBe(true);
  for (const no of ["10.0.0.1", "0.0.0.0", "::", "127.0.0.1.evil.example", "localhost.evil.example", "128.0.0.1", ""]) {
    expect(isLoopback(no), no).toBe(false);
  }
});

test("a host name loses its port only", () => {
  expect(hostName("Localhost:8080")).toBe("localhost");
  expect(hostName("[::1]:8080")).toBe("[::1]");
  expect(hostName("bank.example")).toBe("bank.example");
});

test("what a page of another site sends is known by either sign", () => {
  const host = "bank.example:8443";
  const none = { origin: undefined, host, fetchSite: undefined };
  expect(isCrossSite(none)).toBe(false);
  expect(isCrossSite({ ...none, origin: "https://bank.example:8443", fetchSite: "same-origin" })).toBe(false);
  expect(isCrossSite({ ...none, fetchSite: "none" })).toBe(false);
  for (const origin of [
    "https://evil.example",
    "https://bank.example",
    "https://bank.example:8443.evil.example",
    "null",
    "",
  ]) {
    expect(isCrossSite({ ...none, origin }), origin).toBe(true);
  }
  for (const fetchSite of ["cross-site", "same-site", "anything"])
    expect(isCrossSite({ ...none, fetchSite }), fetchSite).toBe(true);
});
