import { type Calendar, trunkInput } from "@intramuros/contracts";
import fc from "fast-check";
import { generate } from "selfsigned";
import { expect, test } from "vitest";
import { checkCalendar } from "./calendar-check.ts";
import type { SetupRecords, StoredTrunk } from "./setup.ts";
import { checkItem, usedBy } from "./setup-check.ts";
import { checkTrunk } from "./trunk-check.ts";

const none: SetupRecords = { trunks: [], numbers: [], flows: [], queues: [], phones: [], calendars: [] };
const peer = { host: "192.0.2.10", port: 0, transport: "udp", priority: 0, weight: 1 } as const;
const make = (
  given: Omit<Parameters<typeof trunkInput>[0], "name"> & { readonly name?: string },
  id = "t",
): StoredTrunk => ({
  ...trunkInput({ name: "PBX", peers: [peer], ...given }),
  id,
});
const wrong = (given: Parameters<typeof make>[0], records = none): readonly string[] | null => {
  const found = checkTrunk(records, make(given));
  return found === null ? null : [found.field, found.code];
};

test("a name and an address make a trunk, in IPv4, IPv6 or as a name", () => {
  for (const host of [
    "192.0.2.10",
    "2001:db8::1",
    "[2001:db8::1]",
    "pbx.bank.example",
    "_sip._udp.bank.example",
    "sbc1",
  ]) {
    expect(wrong({ peers: [{ ...peer, host }] }), host).toBeNull();
  }
  for (const host of ["192.0.2", "pbx bank", "sip:pbx", "pbx:5060", "-", "a..b"]) {
    expect(wrong({ peers: [{ ...peer, host }] }), host).toEqual(["peers.0.host", "host-invalid"]);
  }
});

test("each mode asks for what it cannot do without", () => {
  expect(wrong({ mode: "peer", peers: [] })).toEqual(["peers", "trunk-unidentified"]);
  expect(wrong({ mode: "register", peers: [] })).toEqual(["peers", "peer-missing"]);
  expect(wrong({ mode: "register" })).toEqual(["account.username", "account-missing"]);
  expect(wrong({ mode: "register", account: { username: "u" } })).toEqual(["account.password", "password-missing"]);
  expect(wrong({ mode: "register", account: { username: "u", password: "p" } })).toBeNull();
  expect(wrong({ mode: "registrar", peers: [] })).toEqual(["username", "username-missing"]);
  expect(wrong({ mode: "registrar", peers: [], username: "u" })).toEqual(["password", "password-missing"]);
  expect(wrong({ mode: "registrar", peers: [], username: "u", password: "p" })).toBeNull();
});

test("a source leads to one trunk; a network within another one is the narrower and may be", () => {
  const known = { ...none, trunks: [make({ name: "other", peers: [], addresses: ["10.0.0.0/8"] }, "o")] };
  expect(wrong({ addresses: ["10.0.0.0/8"] }, known)).toEqual(["addresses.0", "address-taken"]);
  expect(wrong({ addresses: ["10.1.0.0/16", "10.1.0.0/16"] }, known)).toEqual(["addresses.1", "duplicate"]);
  expect(wrong({ addresses: ["10.1.0.0/16"] }, known)).toBeNull();
  const same = { ...none, trunks: [make({ name: "other" }, "o")] };
  expect(wrong({}, same)).toEqual(["peers.0.host", "address-taken"]);
  expect(wrong({ addresses: ["192.0.2.10/32"], peers: [] }, same)).toEqual(["addresses.0", "address-taken"]);
  const account = { username: "u", password: "p" };
  expect(wrong({ mode: "register", account }, same), "two accounts at one carrier").toBeNull();
});

test("ports, timers, codes, names and numbers are checked at their fields", async () => {
  const cases: readonly (readonly [Parameters<typeof make>[0], string, string])[] = [
    [{ peers: [peer, peer] }, "peers.1.host", "duplicate"],
    [{ media: { rtpPortMin: 20001, rtpPortMax: 20101 } }, "media.rtpPortMin", "port-odd"],
    [{ media: { rtpPortMin: 20000, rtpPortMax: 20018 } }, "media.rtpPortMax", "port-range"],
    [{ media: { rtpPortMin: 0, rtpPortMax: 20018 } }, "media.rtpPortMin", "port-range"],
    [{ media: { natAddress: "pbx" } }, "media.natAddress", "address-invalid"],
    [{ codecs: ["PCMA", "PCMA"] }, "codecs", "duplicate"],
    [{ session: { minSeSeconds: 1800, expiresSeconds: 900 } }, "session.minSeSeconds", "min-se-above"],
    [{ session: { huntCodes: [503, 503] } }, "session.huntCodes.1", "duplicate"],
    [{ session: { huntCodes: [487] } }, "session.huntCodes.0", "hunt-code"],
    [{ account: { outboundProxy: "sbc.bank.example" } }, "account.outboundProxy", "sip-uri-invalid"],
    [{ account: { outboundProxy: "sip:sbc:99999" } }, "account.outboundProxy", "sip-uri-invalid"],
    [{ identity: { fromDomain: "bank example" } }, "identity.fromDomain", "host-invalid"],
    [{ identity: { fromUser: "a b" } }, "identity.fromUser", "user-invalid"],
    [{ tls: { caPem: "hello" } }, "tls.caPem", "pem-invalid"],
    [{ tls: { caPem: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----" } }, "tls.caPem", "pem-invalid"],
    [
      { numbering: { outbound: [{ pattern: "9*1", strip: 0, prepend: "" }] } },
      "numbering.outbound.0.pattern",
      "rule-invalid",
    ],
    [
      { numbering: { outbound: [{ pattern: "9X", strip: 3, prepend: "" }] } },
      "numbering.outbound.0.strip",
      "strip-too-long",
    ],
    [
      { numbering: { outbound: [{ pattern: "9*", strip: 1, prepend: "x" }] } },
      "numbering.outbound.0.prepend",
      "number-invalid",
    ],
    [{ numbering: { techPrefix: "abc" } }, "numbering.techPrefix", "number-invalid"],
  ];
  for (const [given, field, code] of cases) expect(wrong(given), `${field} ${code}`).toEqual([field, code]);
  const rule = { strip: 1, prepend: "0" };
  const good = ["9*", "*", "+86*", "0755XXXXXXXX", "xxxx"].map((pattern) => ({ ...rule, pattern, strip: 0 }));
  expect(wrong({ numbering: { outbound: good } })).toBeNull();
  expect(wrong({ numbering: { outbound: [...good, { ...rule, pattern: "XXXX" }] } })?.[1]).toBe("rule-unreachable");
  expect(wrong({ account: { outboundProxy: "sip:[2001:db8::1]:5061;transport=tls;lr" } })).toBeNull();
  expect(wrong({ media: { rtpPortMin: 20000, rtpPortMax: 20019 } })).toBeNull();
  const { cert } = await generate([{ name: "commonName", value: "pbx" }]);
  expect(wrong({ tls: { caPem: `${cert}\n${cert}` } })).toBeNull();
});

test("no text in any field makes the check throw", () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ unit: fc.constantFrom(..."X*+0123#.:/[]-@;=sip") }), (any, near) => {
      for (const text of [any, near]) {
        const form = make({ addresses: [text], tls: { caPem: text }, media: { natAddress: text } });
        checkTrunk(none, { ...form, account: { ...form.account, outboundProxy: text, domain: text, username: text } });
        checkTrunk(none, { ...form, addresses: [], peers: [{ ...peer, host: text }] });
        const rules = [{ pattern: text, strip: 0, prepend: text }];
        checkTrunk(none, { ...make({}), numbering: { ...form.numbering, outbound: rules, techPrefix: text } });
      }
    }),
  );
});

const calendar = (given: Partial<Calendar>): Calendar => ({
  id: "c",
  name: "week",
  timeZone: "Asia/Shanghai",
  hours: [{ weekday: 1, from: "09:00", to: "12:00" }],
  holidays: [],
  workdays: [],
  ...given,
});
const wrongDay = (given: Partial<Calendar>): string | undefined => checkCalendar(none, calendar(given))?.code;

test("opening hours neither cross nor run backwards, days exist, and the zone is known", () => {
  expect(wrongDay({})).toBeUndefined();
  const morning = { weekday: 1, from: "09:00", to: "12:00" };
  expect(wrongDay({ hours: [morning, { weekday: 1, from: "12:00", to: "24:00" }] })).toBeUndefined();
  expect(wrongDay({ hours: [morning, { weekday: 1, from: "11:59", to: "13:00" }] })).toBe("hours-overlap");
  expect(wrongDay({ hours: [{ weekday: 5, from: "22:00", to: "06:00" }] })).toBe("hours-backwards");
  expect(wrongDay({ timeZone: "Asia/Atlantis" })).toBe("time-zone-unknown");
  expect(wrongDay({ holidays: [{ from: "2026-02-30", to: "2026-03-01", name: "" }] })).toBe("day-invalid");
  expect(wrongDay({ holidays: [{ from: "2026-10-07", to: "2026-10-01", name: "" }] })).toBe("days-backwards");
  expect(
    wrongDay({
      workdays: [
        { day: "2026-10-10", likeWeekday: 1 },
        { day: "2026-10-10", likeWeekday: 2 },
      ],
    }),
  ).toBe("duplicate");
});

test("a number with opening hours leads somewhere outside of them; a queue's outside trunk exists and is held", () => {
  const records: SetupRecords = {
    ...none,
    trunks: [make({})],
    calendars: [calendar({})],
    flows: [{ id: "f" } as SetupRecords["flows"][number]],
  };
  const number = { id: "n", pattern: "1", trunkId: "", flowId: "f", calendarId: "c", closedFlowId: "", note: "" };
  expect(checkItem(records, "numbers", number)?.field).toBe("closedFlowId");
  expect(checkItem(records, "numbers", { ...number, closedFlowId: "f" })).toBeNull();
  expect(checkItem(records, "numbers", { ...number, calendarId: "x", closedFlowId: "f" })?.code).toBe(
    "calendar-unknown",
  );
  const queue = {
    id: "q",
    name: "q",
    phoneIds: [],
    ringSeconds: 20,
    outside: [{ trunkId: "x", number: "1", name: "" }],
  };
  expect(checkItem(records, "queues", queue)?.field).toBe("outside.0.trunkId");
  const held = { ...queue, outside: [{ trunkId: "t", number: "1", name: "" }] };
  expect(checkItem(records, "queues", held)).toBeNull();
  expect(usedBy({ ...records, queues: [held] }, "trunks", "t")).toEqual(["queue q"]);
});
