import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseNaptr, orderTargets, placesOf, type Site } from "./server-order.ts";

const naptr = (service: string, order: number, preference: number, flags = "s") => ({
  flags,
  service,
  replacement: `_${service}.test`,
  order,
  preference,
});

test("NAPTR: order before preference; only what leads to a transport of ours", () => {
  const records = [
    naptr("SIP+D2U", 20, 1),
    naptr("SIPS+D2T", 10, 9),
    naptr("sip+d2t", 10, 2),
    naptr("SIP+D2S", 1, 1),
    naptr("SIP+D2T", 1, 1, "a"),
    naptr("E2U+sip", 1, 1, "u"),
  ];
  expect(chooseNaptr(records, ["udp", "tcp", "tls"]).map(({ transport }) => transport)).toEqual(["tcp", "tls", "udp"]);
  expect(chooseNaptr(records, ["tls"]).map(({ name }) => name)).toEqual(["_SIPS+D2T.test"]);
});

const target = (priority: number, weight: number, name = 0) => ({ priority, weight, name });

test("SRV: every server once, lower priority first, whatever the dice say", () => {
  const record = fc.record({ priority: fc.nat(3), weight: fc.nat(10), name: fc.nat() });
  fc.assert(
    fc.property(
      fc.array(record, { maxLength: 12 }),
      fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
      (records, dice) => {
        const ordered = orderTargets(records, () => dice.next().value as number);
        expect(new Set(ordered)).toEqual(new Set(records));
        expect(ordered).toHaveLength(records.length);
        const priorities = ordered.map(({ priority }) => priority);
        expect(priorities).toEqual(priorities.toSorted((a, b) => a - b));
      },
    ),
  );
});

test("SRV: shares follow the weights within 5 %", () => {
  let seed = 1;
  const random = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  const records = [target(1, 70, 1), target(1, 30, 2), target(1, 0, 3)];
  const firsts = [0, 0, 0, 0];
  for (let i = 0; i < 10_000; i++) firsts[orderTargets(records, random)[0]?.name ?? 0]!++;
  expect(firsts[1]! / 10_000).toBeCloseTo(0.7, 1);
  expect(firsts[2]! / 10_000).toBeCloseTo(0.3, 1);
  expect(firsts[3]).toBe(0);
});

test("of a server with both families the preferred one comes first, the other stays as a way out", () => {
  const sites: Site[] = [
    { transport: "tcp", targets: [{ port: 5060, priority: 0, weight: 0, addresses: ["10.0.0.1", "2001:db8::1"] }] },
    { transport: "udp", targets: [{ port: 5070, priority: 0, weight: 0, addresses: ["10.0.0.2"] }] },
  ];
  const order = (prefers6: boolean) => placesOf(sites, () => 0, prefers6).map(({ address }) => address);
  expect(order(true)).toEqual(["2001:db8::1", "10.0.0.1", "10.0.0.2"]);
  expect(order(false)).toEqual(["10.0.0.1", "2001:db8::1", "10.0.0.2"]);
});
