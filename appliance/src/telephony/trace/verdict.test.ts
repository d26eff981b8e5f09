import { Q850_WORDS, SIP_STATUS_WORDS, VERDICT_WORDS, wordsOfCode } from "@intramuros/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { judge, NOTHING_SEEN, type VerdictInput } from "./verdict.ts";

const call: VerdictInput = {
  direction: "inbound",
  peer: "trunk",
  finalStatus: 200,
  ended: true,
  endedBy: "caller",
  reason: "",
  isStale: false,
  told: null,
  seen: NOTHING_SEEN,
};
const code = (input: Partial<VerdictInput>) => {
  const verdict = judge({ ...call, ...input });
  return verdict === undefined ? undefined : [verdict.code, verdict.side];
};

test("a call that rings, or is up, has no verdict yet", () => {
  expect(code({ finalStatus: 0, ended: false })).toBeUndefined();
  expect(code({ ended: false })).toBeUndefined();
});

test("who hung up an answered call is the one who sent the BYE", () => {
  expect(code({})).toEqual(["answered-hung-up-by-caller", "customer"]);
  expect(code({ endedBy: "callee" })).toEqual(["answered-hung-up-by-us", "us"]);
  expect(code({ direction: "outbound", endedBy: "callee" })).toEqual(["answered-hung-up-by-callee", "customer"]);
  expect(code({ direction: "outbound", endedBy: "callee", peer: "phone" })).toEqual([
    "answered-hung-up-by-callee",
    "us",
  ]);
  expect(code({ direction: "outbound" })).toEqual(["answered-hung-up-by-us", "us"]);
});

test("an abnormal cause says more than who sent the BYE", () => {
  expect(code({ reason: 'Q.850;cause=16;text="Normal call clearing"' })).toEqual([
    "answered-hung-up-by-caller",
    "customer",
  ]);
  const verdict = judge({ ...call, reason: 'SIP;cause=200, Q.850;cause=38;text="Network out of order"' });
  expect(verdict).toMatchObject({ code: "q850-38", q850: 38, what: 'the network is down ("Network out of order")' });
});

test("telephony's own account of the end is believed", () => {
  const told = { side: "us" as const, reason: "telephony restarted", sipCode: 0, q850: 41 };
  expect(code({ told })).toEqual(["restarted", "us"]);
  const expired = 'SIP;cause=408;text="Session timer expired"';
  expect(code({ reason: expired, endedBy: "callee" })?.[0]).toBe("session-timer-expired");
  expect(code({ told: { ...told, reason: "no audio came from the caller", side: "carrier" } })).toEqual([
    "media-timeout",
    "carrier",
  ]);
});

test("a CANCEL is the caller giving up, or we withdrawing", () => {
  expect(code({ finalStatus: 487 })).toEqual(["cancelled-by-caller", "customer"]);
  expect(code({ finalStatus: 487, direction: "outbound", endedBy: "caller" })).toEqual(["cancelled-by-us", "us"]);
  expect(code({ finalStatus: 487, endedBy: "server" })).toEqual(["cancelled-by-us", "us"]);
  // 487 though nobody cancelled: no more can be said than that.
  expect(code({ finalStatus: 487, direction: "outbound", endedBy: "callee" })).toEqual(["sip-487", "carrier"]);
});

test("a refusal has a side and a reason", () => {
  const seen = { ...NOTHING_SEEN, passwordTried: true };
  expect(code({ finalStatus: 488, endedBy: "callee" })).toEqual(["no-codec-in-common", "carrier"]);
  expect(code({ finalStatus: 404, endedBy: "callee" })).toEqual(["number-not-mapped", "us"]);
  expect(code({ finalStatus: 407, endedBy: "callee" })).toEqual(["challenge-not-answered", "carrier"]);
  expect(code({ finalStatus: 403, peer: "unknown" })).toEqual(["source-unknown", "carrier"]);
  expect(code({ finalStatus: 401, direction: "outbound", seen })).toEqual(["password-refused", "us"]);
  expect(code({ finalStatus: 486, direction: "outbound" })).toEqual(["sip-486", "customer"]);
  expect(code({ finalStatus: 503, direction: "outbound" })).toEqual(["sip-503", "carrier"]);
  expect(code({ finalStatus: 503, seen: { ...NOTHING_SEEN, retryAfter: true } })).toEqual(["above-limit", "us"]);
  expect(code({ finalStatus: 421, seen: { ...NOTHING_SEEN, prackAsked: true } })).toEqual([
    "prack-required",
    "carrier",
  ]);
  expect(code({ finalStatus: 0, ended: false, isStale: true, direction: "outbound" })).toEqual([
    "no-answer-to-invite",
    "carrier",
  ]);
});

test("every code that can come has words, whatever the numbers are", () => {
  for (const status of Object.keys(SIP_STATUS_WORDS)) expect(wordsOfCode(`sip-${status}`)?.what).toBeTruthy();
  for (const cause of Object.keys(Q850_WORDS)) expect(wordsOfCode(`q850-${cause}`)?.what).toBeTruthy();
  for (const name of Object.keys(VERDICT_WORDS)) expect(wordsOfCode(name)?.what).toBeTruthy();
  expect(wordsOfCode("toString")).toBeNull();
  fc.assert(
    fc.property(fc.integer({ min: 300, max: 699 }), fc.boolean(), fc.string(), (finalStatus, out, reason) => {
      const verdict = judge({ ...call, finalStatus, direction: out ? "outbound" : "inbound", reason });
      expect(verdict?.what).toBeTruthy();
    }),
  );
});
