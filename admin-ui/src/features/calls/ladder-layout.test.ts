import type { LadderEntry } from "@intramuros/contracts/browser";
import { expect, test } from "vitest";
import { gridLines, layLadder, shortLine, toneOf } from "./ladder-layout.ts";

const entry = (line: string, more: Partial<LadderEntry> = {}): LadderEntry => ({
  at: 1000,
  kind: "sip",
  from: "a",
  to: "b",
  line,
  repeated: false,
  ...more,
});
const lanes = [
  { address: "a", name: "PBX" },
  { address: "b", name: "us" },
];

test("arrows lie between the lanes of their ends, whichever way they point", () => {
  const ladder = [entry("INVITE sip:1@b SIP/2.0"), entry("SIP/2.0 200 OK", { from: "b", to: "a", at: 1250.5 })];
  const { arrows } = layLadder({ lanes, ladder }, true);
  expect(arrows.map(({ from, to, sinceMs }) => [from, to, sinceMs])).toEqual([
    [0, 1, 0],
    [1, 0, 250.5],
  ]);
  expect(arrows.map((arrow) => gridLines(arrow, 2))).toEqual([
    { start: 3, end: 5 },
    { start: 3, end: 5 },
  ]);
  expect(gridLines({ from: 2, to: 2 }, 3)).toEqual({ start: 2, end: 8 });
});

test("an address without a lane gets one, and RTCP can be left out", () => {
  const ladder = [entry("BYE sip:x SIP/2.0", { to: "c" }), entry("SR", { kind: "rtcp" })];
  expect(layLadder({ lanes, ladder }, true).lanes.map((lane) => lane.address)).toEqual(["a", "b", "c"]);
  expect(layLadder({ lanes, ladder }, false).arrows.length).toBe(1);
});

test("an arrow shows method or status, in a tone that tells good from bad", () => {
  expect(shortLine(entry("INVITE sip:95588@b SIP/2.0"))).toBe("INVITE");
  expect(shortLine(entry("SIP/2.0 488 Not Acceptable Here"))).toBe("488 Not Acceptable Here");
  const tones = ["INVITE a SIP/2.0", "SIP/2.0 180 Ringing", "SIP/2.0 200 OK", "SIP/2.0 401 U", "SIP/2.0 503 Busy"].map(
    (line) => toneOf(entry(line)),
  );
  expect(tones).toEqual(["request", "wait", "good", "wait", "bad"]);
});
