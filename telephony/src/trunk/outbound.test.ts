import { type TrunkInput, trunkInput } from "@intramuros/contracts";
import { describe, expect, it } from "vitest";
import { callerOf, NOTHING_PASSED } from "./caller-identity.ts";
import { huntOrder } from "./hunting.ts";
import { type Hop, identityHeaders, numberDestination, ownContact, registerDestination } from "./outbound.ts";
import { tlsPeersOf } from "./tls-peers.ts";

type Given = Parameters<typeof trunkInput>[0];
const PBX = { host: "pbx.bank.example", port: 5080, transport: "tcp", priority: 0, weight: 1 } as const;
const trunk = (change: Partial<Given> = {}): TrunkInput => trunkInput({ name: "t", ...change });
const hop: Hop = { type: "peer", peer: PBX };
const caller = { number: "13800138000", displayName: "Lin", isPrivate: false };
const headersOf = (change: Partial<Given>, who = caller) =>
  identityHeaders(trunk(change), { caller: who, passed: { ...NOTHING_PASSED, userToUser: "41;encoding=hex" } });

describe("where a call to the PBX goes", () => {
  it("is the peer, over its transport", () => {
    expect(numberDestination(trunk(), hop, "8001")).toEqual({
      uri: "sip:8001@pbx.bank.example:5080;transport=tcp",
      proxy: null,
    });
  });
  it("is UDP by decision where the form names a port, whatever the size", () => {
    const peer = { ...PBX, transport: "udp" } as const;
    expect(numberDestination(trunk(), { type: "peer", peer }, "8001")).toEqual({
      uri: "sip:8001@pbx.bank.example:5080",
      proxy: "sip:pbx.bank.example:5080;transport=udp",
    });
    expect(numberDestination(trunk(), { type: "peer", peer: { ...peer, port: 0 } }, "8001").proxy).toBeNull();
  });
  it("is told to the SIP server with its TLS, the first trunk's word", () => {
    const secure = { ...PBX, transport: "tls", host: "2001:db8::1" } as const;
    const one = { ...trunk({ peers: [secure, { ...secure, port: 0 }], tls: { caPem: "PEM" } }), id: "a" };
    const two = { ...trunk({ peers: [secure, PBX], tls: { verify: false } }), id: "b" };
    expect(tlsPeersOf([one, two])).toEqual({
      "[2001:db8::1]:5080": { verify: true, minVersion: "TLSv1.2", caPem: "PEM" },
      "2001:db8::1": { verify: true, minVersion: "TLSv1.2", caPem: "PEM" },
    });
  });
  it("is the domain by way of the peer, or of the outbound proxy", () => {
    const account = { domain: "bank.example" };
    expect(numberDestination(trunk({ account }), hop, "#31")).toEqual({
      uri: "sip:%2331@bank.example",
      proxy: "sip:pbx.bank.example:5080;transport=tcp",
    });
    const outboundProxy = "sip:sbc.bank.example;lr";
    expect(registerDestination(trunk({ account: { ...account, outboundProxy } }), PBX)).toEqual({
      uri: "sip:bank.example",
      proxy: outboundProxy,
    });
  });
  it("is the contact of a PBX that registered, by the way that it came", () => {
    const at = { contact: "sip:us@192.0.2.9:5062;ob", address: "203.0.113.5", port: 4711, protocol: "udp" };
    expect(numberDestination(trunk(), { type: "registered", at }, "+86 10 1234")).toEqual({
      uri: "sip:+86101234@192.0.2.9:5062;ob",
      proxy: "sip:203.0.113.5:4711",
    });
  });
});

describe("what a call to the PBX says", () => {
  it("names the caller where the form says", () => {
    expect(headersOf({})).toEqual({
      From: '"Lin" <sip:13800138000@localhost>',
      "P-Asserted-Identity": '"Lin" <sip:13800138000@localhost>',
      "User-to-User": "41;encoding=hex",
    });
    expect(headersOf({ identity: { callerId: "rpid", fromUser: "trunk1", userToUser: "drop" } })).toEqual({
      From: '"Lin" <sip:trunk1@localhost>',
      "Remote-Party-ID": '"Lin" <sip:13800138000@localhost>;party=calling;screen=yes;privacy=off',
    });
  });
  it("hides a caller who asked for it from everybody, and the number from a PBX that is not trusted", () => {
    const hidden = { ...caller, isPrivate: true };
    expect(headersOf({ identity: { trusted: false, userToUser: "drop" } }, hidden)).toEqual({
      From: '"Anonymous" <sip:anonymous@anonymous.invalid>',
      Privacy: "id",
    });
    expect(headersOf({}, hidden)).toMatchObject({ "P-Asserted-Identity": expect.stringContaining("13800138000") });
    expect(headersOf({ identity: { privacy: "never" } }, hidden).From).toContain("13800138000");
  });
  it("no name ends a header", () => {
    const evil = { ...caller, displayName: 'x"\r\nEvil: 1', number: "1>\r\n" };
    expect(Object.values(headersOf({}, evil)).join("")).not.toMatch(/[\r\n]/);
    expect(ownContact(trunk({ account: { username: "u;x" } }), PBX, "ab")).toBe(
      "<sip:u;x@localhost;transport=tcp;line=ab>",
    );
  });
});

describe("who calls", () => {
  const of = (headers: Record<string, string>, trusted = true) =>
    callerOf((name) => headers[name], { trusted, numbering: null });
  const from = '"Desk" <sip:100@pbx>;tag=1';
  it("is whom a trusted PBX asserts, else whom From names", () => {
    const headers = { from, "p-asserted-identity": '"Lin" <sip:13800138000@pbx>, <tel:+86138>' };
    expect(of(headers)).toEqual({ number: "13800138000", displayName: "Lin", isPrivate: false });
    expect(of(headers, false)).toEqual({ number: "100", displayName: "Desk", isPrivate: false });
    expect(of({ from, "remote-party-id": "<sip:200@pbx>;privacy=full" })).toMatchObject({
      number: "200",
      isPrivate: true,
    });
  });
  it("is nobody when anonymous, and whom P-Preferred-Identity says then", () => {
    const anonymous = '"Anonymous" <sip:anonymous@anonymous.invalid>;tag=1';
    expect(of({ from: anonymous })).toEqual({ number: "", displayName: "", isPrivate: true });
    expect(of({ from: anonymous, "p-preferred-identity": "<tel:+8610>" }).number).toBe("+8610");
    expect(of({})).toMatchObject({ number: "" });
  });
});

describe("which peer is tried first", () => {
  const peer = (priority: number, weight: number) => ({ ...PBX, priority, weight });
  const peers = [peer(1, 1), peer(0, 1), peer(0, 9)];
  const order = (down: readonly number[], random: number) =>
    huntOrder(
      peers,
      (index) => down.includes(index),
      () => random,
    ).map(({ index }) => index);
  it("the lower priority, by weight; those that are down last", () => {
    expect(order([], 0)).toEqual([1, 2, 0]);
    expect(order([], 0.5)).toEqual([2, 1, 0]);
    expect(order([1, 2], 0.5)).toEqual([0, 2, 1]);
  });
});
