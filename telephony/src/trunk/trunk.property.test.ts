import { TRUNK_MODES, trunkInput, unixMs } from "@intramuros/contracts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { callerOf, passedHeaders } from "./caller-identity.ts";
import { chooseChallenge, digestAnswer, parseChallenges } from "./digest-answer.ts";
import { huntOrder } from "./hunting.ts";
import { readInvite, replacesOf, requestUser } from "./inbound-call.ts";
import * as keepalive from "./keepalive.ts";
import { identityHeaders, numberDestination } from "./outbound.ts";
import * as registration from "./registration.ts";

const text = fc.oneof(
  fc.string({ maxLength: 80 }),
  fc.string({ unit: fc.constantFrom(...'<>";=,@:%\\\r\n sipdgetuaronymvl0123+*#'), maxLength: 120 }),
);
const headers = fc.dictionary(
  fc.constantFrom(
    "from",
    "to",
    "p-asserted-identity",
    "remote-party-id",
    "privacy",
    "require",
    "session-expires",
    "diversion",
  ),
  text,
);

describe("what comes from the PBX", () => {
  it("is read without a throw, and no header of ours is broken by it", () => {
    fc.assert(
      fc.property(text, headers, fc.constantFrom(...TRUNK_MODES), (uri, given, mode) => {
        const trunk = { ...trunkInput({ name: "t", mode, account: { username: "u" } }), id: "t" };
        const header = (name: string): string | undefined => given[name];
        const call = readInvite(trunk, { uri, header, sdp: uri });
        requestUser(uri);
        replacesOf(uri);
        expect(call.dialled.length).toBeLessThanOrEqual(128);
        const caller = callerOf(header, { trusted: true, numbering: null });
        const ours = identityHeaders(trunk, { caller, passed: passedHeaders(header) });
        const hop = { type: "peer", peer: { host: "pbx", port: 0, transport: "udp", priority: 0, weight: 1 } } as const;
        const { uri: target } = numberDestination(trunk, hop, call.dialled);
        expect([...Object.values(ours), target].join("")).not.toMatch(/[\r\n]/);
        expect(target).toMatch(/^sip:[^\s<>"]*@pbx$/);
      }),
    );
  });
  it("a challenge is answered or not, never with a throw", () => {
    const fields = fc.string({ unit: fc.constantFrom(...'realmnoce=",qpalgithSHA-256MD5 Digest'), maxLength: 200 });
    fc.assert(
      fc.property(fc.oneof(text, fields), (header) => {
        const challenge = chooseChallenge(parseChallenges(`Digest realm="r", nonce="n", ${header}`), "");
        if (typeof challenge === "string") return;
        const input = {
          username: "u",
          password: "p",
          method: "INVITE",
          uri: "sip:x",
          body: "",
          nonceCount: 1,
          cnonce: "c",
        };
        expect(digestAnswer(challenge, input)).toMatch(/response="[0-9a-f]{32,64}"/);
      }),
    );
  });
});

describe("the machines of a trunk", () => {
  it("registration: no wake lies in the past, one REGISTER at a time, and removal ends it", () => {
    const input = fc.oneof(
      fc.constantFrom<registration.RegistrationInput>(
        { type: "wake" },
        { type: "remove" },
        { type: "retry" },
        { type: "unsent", problem: "x" },
        { type: "silent", problem: "x" },
      ),
      fc.integer({ min: 1, max: 90_000 }).map((seconds) => ({ type: "granted", seconds }) as const),
      fc.integer({ min: 1, max: 90_000 }).map((minExpires) => ({ type: "brief", minExpires }) as const),
      fc
        .constantFrom(401, 403, 500, 503)
        .map((sipCode) => ({ type: "refused", sipCode, problem: "x", retryAfterSeconds: null }) as const),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(input, fc.nat(700_000)), { maxLength: 40 }),
        fc.integer({ min: 0, max: 4 }),
        (inputs, peers) => {
          let state = registration.newRegistration(600, unixMs(0));
          let now = 0;
          for (const [given, later] of inputs) {
            now += later;
            const made = registration.step(state, given, unixMs(now), { peers, random: 0.5 });
            expect(made.outputs.length).toBeLessThanOrEqual(1);
            if (made.wakeAt !== null && given.type !== "retry")
              expect(made.wakeAt).toBeGreaterThanOrEqual(state.nextAt === made.wakeAt ? 0 : now);
            ({ state } = made);
          }
          for (const given of [
            { type: "remove" },
            { type: "granted", seconds: 60 },
            { type: "granted", seconds: 0 },
          ] as const) {
            ({ state } = registration.step(state, given, unixMs(now), { peers, random: 0 }));
          }
          expect(state.at).toBe("gone");
        },
      ),
    );
  });
  it("keep-alive: never two OPTIONS at once, and always a next one", () => {
    const input = fc.constantFrom<keepalive.KeepaliveInput>(
      { type: "wake" },
      { type: "silent" },
      { type: "unsent" },
      { type: "retry" },
      { type: "answered", sipCode: 200, roundTripMs: 1 },
      { type: "answered", sipCode: 503, roundTripMs: 1 },
    );
    const form = trunkInput({ name: "t" }).keepalive;
    fc.assert(
      fc.property(fc.array(fc.tuple(input, fc.nat(90_000)), { maxLength: 60 }), (inputs) => {
        let state = keepalive.newKeepalive(unixMs(0), 0);
        let now = 0;
        for (const [given, later] of inputs) {
          now += later;
          const made = keepalive.step(state, given, unixMs(now), form);
          if (made.send) expect(state.isAsking).toBe(false);
          expect(made.state.isAsking || made.wakeAt !== null).toBe(true);
          ({ state } = made);
        }
      }),
    );
  });
  it("hunting: every peer once", () => {
    const peer = fc.record({ priority: fc.nat(3), weight: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(peer, { maxLength: 16 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (list, random) => {
        const peers = list.map((item) => ({ host: "h", port: 0, transport: "udp" as const, ...item }));
        const order = huntOrder(
          peers,
          (index) => index % 2 === 0,
          () => random,
        ).map(({ index }) => index);
        expect(order.toSorted((a, b) => a - b)).toEqual(peers.map((_, index) => index));
      }),
    );
  });
});
