import type { ProcessState } from "@intramuros/contracts";
import { expect, test } from "vitest";
import { datedAlarms, findAlarms, healthOf, type Signs } from "./alarms.ts";

const well: Signs = {
  processes: [],
  diskFreeShare: 0.5,
  storeFault: null,
  auditFault: null,
  damage: null,
  certificateDaysLeft: null,
  clockStep: null,
  trunks: [],
};
const state = (name: ProcessState["name"], at: ProcessState["state"]): ProcessState => ({
  name,
  state: at,
  since: 0,
  problem: "p",
});
const codes = (signs: Partial<Signs>) =>
  findAlarms({ ...well, ...signs }).map(({ code, severity }) => [code, severity]);

test("a house that is well has no alarm and good health", () => {
  expect(findAlarms({ ...well, processes: [state("sip", "up")] })).toEqual([]);
  expect(healthOf([])).toBe("good");
});

test("each sign has its alarm", () => {
  expect(codes({ processes: [state("sip", "down"), state("inference", "degraded")] })).toEqual([
    ["process-down", "critical"],
    ["process-degraded", "warning"],
  ]);
  expect(codes({ diskFreeShare: 0.07 })).toEqual([["disk-low", "warning"]]);
  expect(codes({ diskFreeShare: 0.04 })).toEqual([["disk-low", "critical"]]);
  expect(codes({ auditFault: "x", storeFault: "y" })).toEqual([
    ["audit-unavailable", "critical"],
    ["store-failed", "critical"],
  ]);
  expect(codes({ damage: "x" })).toEqual([["records-damaged", "critical"]]);
  expect(
    codes({
      trunks: [
        { kind: "down", trunk: "PBX", problem: "no answer" },
        { kind: "degraded", trunk: "SBC", problem: "no answer" },
        { kind: "certificate", trunk: "SBC", days: 3 },
      ],
    }),
  ).toEqual([
    ["trunk-down", "critical"],
    ["trunk-degraded", "warning"],
    ["trunk-certificate", "warning"],
  ]);
  expect(codes({ certificateDaysLeft: 3 })).toEqual([["certificate-expires", "warning"]]);
  expect(codes({ clockStep: { ms: -5_000, at: 0 } })).toEqual([["clock-stepped", "warning"]]);
});

test("an alarm keeps the time since when it stands, each process its own", () => {
  const first = datedAlarms([], findAlarms({ ...well, processes: [state("sip", "down")] }), 100);
  const second = datedAlarms(
    first,
    findAlarms({ ...well, processes: [state("sip", "down"), state("telephony", "down")] }),
    200,
  );
  expect(second.map(({ since }) => since)).toEqual([100, 200]);
  expect(datedAlarms(second, [], 300)).toEqual([]);
  expect(healthOf(second)).toBe("bad");
});
