import fc from "fast-check";
import { expect, test } from "vitest";
import { externalOf } from "./external-address.ts";
import { namesSipDomain, refusalText } from "./tls-name.ts";
import { findTlsPeer, parseTlsPeers } from "./tls-peers.ts";

test("TLS options are found by host and port, then by host, whether name or address; faulty ones are named", () => {
  const { peers, faults } = parseTlsPeers(
    JSON.stringify({
      "PBX.test": { verify: false },
      "10.0.0.5:5061": { serverName: "sbc.test" },
      "[2001:db8::1]:5061": { minVersion: "TLSv1.3" },
      "bad.test": { minVersion: "TLSv1.0" },
      "worse.test": 7,
    }),
  );
  expect(faults).toEqual(["bad.test", "worse.test"]);
  expect(findTlsPeer(peers, { names: ["pbx.test", "10.0.0.4"], port: 5061 })?.verify).toBe(false);
  expect(findTlsPeer(peers, { names: ["x.test", "10.0.0.5"], port: 5061 })?.serverName).toBe("sbc.test");
  expect(findTlsPeer(peers, { names: ["10.0.0.5"], port: 5062 })).toBe(null);
  expect(findTlsPeer(peers, { names: ["2001:DB8::1"], port: 5061 })?.minVersion).toBe("TLSv1.3");
});

test("no file makes the reader throw", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseTlsPeers(text)));
});

test("a certificate speaks for a SIP domain by its URI (RFC 5922)", () => {
  const certificate = { subjectaltname: "DNS:host7.test, URI:sip:bank.test, IP Address:10.0.0.1" };
  expect(namesSipDomain(certificate, "Bank.test")).toBe(true);
  expect(namesSipDomain(certificate, "host7.test")).toBe(false);
  expect(namesSipDomain({}, "bank.test")).toBe(false);
});

test("refusals are told in words, unknown ones as they are", () => {
  const fault = (code: string) => refusalText(Object.assign(new Error("x"), { code }));
  expect(fault("CERT_HAS_EXPIRED")).toBe("the certificate has expired");
  expect(fault("ERR_SSL_NO_SHARED_CIPHER")).toBe("no shared cipher");
});

test("the external address is for peers outside of the networks given; what is no network is told", () => {
  const { external, faults } = externalOf({
    externalAddress: "203.0.113.7",
    localNetworks: ["10.0.0.0/8", "192.0.2.9", "fd00::/8", "10.0.0.0/40", "office"],
  });
  expect(faults).toEqual(["10.0.0.0/40", "office"]);
  const isLocal = (address: string) => external?.isLocal(address);
  expect(["10.9.8.7", "192.0.2.9", "fd00::1", "192.0.2.8", "198.51.100.1"].map(isLocal)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
  expect(externalOf({ externalAddress: "", localNetworks: [] }).external).toBe(null);
  expect(externalOf({ externalAddress: "pbx.test", localNetworks: [] }).faults).toEqual(["pbx.test"]);
});
