import fc from "fast-check";
import { expect, test } from "vitest";
import { parseCidr } from "./cidr.ts";
import { buildSetup, type SetupRecords } from "./setup.ts";

test("no text makes the address reader throw", () => {
  fc.assert(fc.property(fc.string({ maxLength: 60 }), (text) => void parseCidr(text)));
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(..."0123456789abcdef:./"), maxLength: 45 }),
      (text) => void parseCidr(text),
    ),
  );
});

test("an address of either family is read to its bits", () => {
  fc.assert(
    fc.property(fc.ipV4(), (text) => {
      const bits = text.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);
      expect(parseCidr(text)).toEqual({ family: 4, prefix: 32, bits });
    }),
  );
  fc.assert(
    fc.property(fc.ipV6(), (text) => {
      expect(parseCidr(text)).toMatchObject({ family: 6, prefix: 128 });
    }),
  );
  expect(parseCidr("::ffff:192.0.2.1")?.bits).toBe(0xffff_c000_0201n);
  expect(parseCidr("2001:db8::1/32")?.bits).toBe(0x2001_0db8n << 96n);
  for (const bad of ["", "1.2.3", "1.2.3.4/33", "1.2.3.4/", "1.2.3.4/-1", "fe80::1%eth0", "1.2.3.4/8/8", "pbx"]) {
    expect(parseCidr(bad)).toBeNull();
  }
});

test("a trunk's own numbers come first, the more exact before the less", () => {
  const number = (pattern: string, trunkId = "") => ({
    id: pattern + trunkId,
    pattern,
    trunkId,
    flowId: "f",
    note: "",
    calendarId: "",
    closedFlowId: "",
  });
  const records: SetupRecords = {
    trunks: [],
    flows: [],
    queues: [],
    phones: [],
    calendars: [],
    numbers: [number("*"), number("80*"), number("8001"), number("*", "t"), number("800*"), number("8001", "t")],
  };
  const order = buildSetup(records, 1).numbers?.map((entry) => `${entry.pattern}${entry.trunkId}`);
  expect(order).toEqual(["8001t", "*t", "8001", "800*", "80*", "*"]);
});
