import { type CalendarInput, trunkInput } from "@intramuros/contracts";
import { describe, expect, it } from "vitest";
import { isOpen } from "./calendar.ts";
import { inboundNumber, matches, outboundNumber } from "./number-rules.ts";

const numbering = (change: Partial<ReturnType<typeof trunkInput>["numbering"]>) =>
  trunkInput({ name: "t", numbering: change }).numbering;

describe("numbers of a trunk", () => {
  it("follow the first rule that matches the whole number", () => {
    const rules = [
      { pattern: "0XXX", strip: 1, prepend: "8" },
      { pattern: "00*", strip: 2, prepend: "+" },
    ];
    expect(inboundNumber(rules, "0123")).toBe("8123");
    expect(inboundNumber(rules, "0049 30-1234")).toBe("+49301234");
    expect(inboundNumber(rules, "12345")).toBe("12345");
    expect(matches("0XXX", "01234")).toBe(false);
    expect(matches("*", "")).toBe(true);
  });
  it("are dialled with the plus and the prefix that the PBX wants", () => {
    expect(outboundNumber(numbering({ plus: "strip" }), "+8613800138000")).toBe("8613800138000");
    expect(outboundNumber(numbering({ plus: "add" }), "8613800138000")).toBe("+8613800138000");
    expect(outboundNumber(numbering({ plus: "add" }), "0049301234")).toBe("+49301234");
    expect(outboundNumber(numbering({ plus: "add" }), "8001")).toBe("8001");
    const outbound = [{ pattern: "1XXXXXXXXXX", strip: 0, prepend: "0" }];
    expect(outboundNumber(numbering({ outbound, techPrefix: "99" }), "138 0013 8000")).toBe("99013800138000");
  });
});

const calendar = (change: Partial<CalendarInput>): CalendarInput => ({
  name: "c",
  timeZone: "Asia/Shanghai",
  hours: [1, 2, 3, 4, 5].map((weekday) => ({ weekday, from: "09:00", to: "17:30" })),
  holidays: [],
  workdays: [],
  ...change,
});
const at = (text: string): number => Date.parse(text);

describe("opening hours", () => {
  it("are those of the zone, not of the machine", () => {
    expect(isOpen(calendar({}), at("2026-11-23T01:00:00Z"))).toBe(true); // Monday 09:00 in Shanghai
    expect(isOpen(calendar({}), at("2026-11-23T00:59:00Z"))).toBe(false);
    expect(isOpen(calendar({}), at("2026-11-23T09:30:00Z"))).toBe(false); // 17:30: closed
    expect(isOpen(calendar({}), at("2026-11-22T03:00:00Z"))).toBe(false); // Sunday
  });
  it("know holidays, and the working days that make up for them", () => {
    const golden = calendar({
      holidays: [{ from: "2026-10-01", to: "2026-10-08", name: "National Day" }],
      workdays: [{ day: "2026-10-10", likeWeekday: 4 }],
    });
    expect(isOpen(golden, at("2026-10-08T03:00:00Z"))).toBe(false); // a Thursday
    expect(isOpen(golden, at("2026-10-10T03:00:00Z"))).toBe(true); // a Saturday
    expect(isOpen(golden, at("2026-10-17T03:00:00Z"))).toBe(false); // the next Saturday
  });
  it("may go over midnight and over the change to summer time", () => {
    const night = calendar({ timeZone: "Europe/Berlin", hours: [{ weekday: 6, from: "22:00", to: "06:00" }] });
    expect(isOpen(night, at("2026-03-28T22:30:00Z"))).toBe(true); // Saturday 23:30
    expect(isOpen(night, at("2026-03-29T03:30:00Z"))).toBe(true); // Sunday 05:30, an hour of it never was
    expect(isOpen(night, at("2026-03-29T04:00:00Z"))).toBe(false); // Sunday 06:00
  });
  it("a day until 24:00 ends at midnight, and a zone that nobody knows closes nothing", () => {
    const long = calendar({ timeZone: "UTC", hours: [{ weekday: 1, from: "00:00", to: "24:00" }] });
    expect(isOpen(long, at("2026-11-23T23:59:00Z"))).toBe(true);
    expect(isOpen(long, at("2026-11-24T00:00:00Z"))).toBe(false);
    expect(isOpen(calendar({ timeZone: "Mars/Olympus" }), 0)).toBe(true);
  });
});
