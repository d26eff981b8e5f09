import { monoMs } from "@intramuros/contracts";
import { expect, test } from "vitest";
import { createSourceGuard, sourceOf } from "./source-guard.ts";

const INVITE = Buffer.from("INVITE sip:a SIP/2.0");
const open = (rate: number, maxTransactions = 1000) =>
  createSourceGuard({ maxRequestsPerSecond: rate, maxTransactions });

/** Offers requests evenly for some seconds; what became of them, by outcome. */
function offer(
  guard: ReturnType<typeof open>,
  perSecond: number,
  fromMs: number,
  seconds: number,
  address = "10.0.0.9",
) {
  const outcome = { pass: 0, refuse: 0, ignore: 0, unheard: 0 };
  for (let i = 0; i < perSecond * seconds; i++) {
    const now = monoMs(fromMs + (i * 1000) / perSecond);
    if (guard.hears(address, INVITE, now)) outcome[guard.admits(address, now)]++;
    else outcome.unheard++;
  }
  return outcome;
}

test("at its rate a source passes, all of it", () => {
  expect(offer(open(2000), 2000, 0, 5)).toEqual({ pass: 10_000, refuse: 0, ignore: 0, unheard: 0 });
});

test("a little above its rate, what is above is told to come again", () => {
  const outcome = offer(open(1000), 1150, 0, 10);
  expect(outcome.pass).toBeGreaterThan(10_000);
  expect(outcome.refuse).toBe(11_500 - outcome.pass);
  expect(outcome.ignore + outcome.unheard).toBe(0);
});

test("a flood gets 503 for a moment, then silence; its datagrams are not read; 3 s of calm later it is heard again", () => {
  const guard = open(2000);
  const outcome = offer(guard, 20_000, 0, 3);
  expect(outcome.pass).toBeLessThan(500);
  expect(outcome.refuse).toBeGreaterThan(100);
  expect(outcome.refuse).toBeLessThan(1500);
  expect(outcome.unheard).toBeGreaterThan(55_000);
  // The ends of its calls are still heard.
  for (const text of ["BYE sip:a", "ACK sip:a", "CANCEL sip:a", "SIP/2.0 200", "PRACK sip:a", "UPDATE sip:a"]) {
    expect(guard.hears("10.0.0.9", Buffer.from(text), monoMs(3000)), text).toBe(true);
  }
  for (const text of ["SUBSCRIBE sip:a", "PUBLISH sip:a", "\r\nOPTIONS", ""]) {
    expect(guard.hears("10.0.0.9", Buffer.from(text), monoMs(3000)), text).toBe(false);
  }
  expect(guard.hears("10.0.0.9", INVITE, monoMs(6100))).toBe(true);
  expect(guard.admits("10.0.0.9", monoMs(6100))).toBe("pass");
});

test("one source's flood is nobody else's", () => {
  const guard = open(1000);
  offer(guard, 20_000, 0, 1);
  expect(offer(guard, 200, 1000, 1, "10.0.0.8")).toMatchObject({ pass: 200 });
});

test("whatever it sends is bounded, not only what begins something", () => {
  const guard = open(100);
  let heard = 0;
  for (let i = 0; i < 5000; i++) if (guard.hears("10.0.0.9", Buffer.from("BYE sip:a"), monoMs(i / 10))) heard++;
  expect(heard).toBeLessThan(1600);
});

test("a source cannot hold more transactions than its part, and can again when they end", () => {
  const guard = open(0, 2);
  guard.opened("10.0.0.9", monoMs(0));
  guard.opened("10.0.0.9", monoMs(0));
  expect(guard.admits("10.0.0.9", monoMs(0))).toBe("refuse");
  expect(guard.admits("10.0.0.8", monoMs(0))).toBe("pass");
  guard.closed("10.0.0.9");
  expect(guard.admits("10.0.0.9", monoMs(0))).toBe("pass");
});

test("without a limit nothing is counted by rate", () => {
  expect(offer(open(0), 50_000, 0, 1)).toEqual({ pass: 50_000, refuse: 0, ignore: 0, unheard: 0 });
});

test("sources that keep nothing are forgotten, those with transactions are not", () => {
  const guard = open(1000);
  guard.opened("10.9.9.9", monoMs(0));
  for (let i = 0; i < 100_000; i++) guard.admits(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, monoMs(i * 10));
  expect(guard.size).toBeLessThan(10);
  guard.closed("10.9.9.9");
});

test("addresses of one /64 are one source; who is connected is another than who sends datagrams under his address", () => {
  const of = (address: string, transport = "udp"): string => sourceOf({ transport, remote: { address } });
  expect(of("2001:db8::1")).toBe("2001:db8:0:0");
  expect(of("2001:db8:1:2:3:4:5:6")).toBe("2001:db8:1:2");
  expect(of("::1")).toBe("0:0:0:0");
  expect(of("10.0.0.1")).toBe("10.0.0.1");
  expect(of("10.0.0.1", "tls")).not.toBe(of("10.0.0.1"));
  expect(of("10.0.0.1", "tls")).toBe(of("10.0.0.1", "tcp"));
});
