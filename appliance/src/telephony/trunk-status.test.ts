import { type TrunkStatus, trunkInput } from "@intramuros/contracts";
import { expect, test } from "vitest";
import { statusOfAll, troublesOf } from "./trunk-status.ts";

const trunk = (id: string, enabled = true) => ({ ...trunkInput({ name: `trunk ${id}`, enabled }), id });
const DAY_MS = 86_400_000;
const status = (trunkId: string, state: TrunkStatus["state"], certificateExpiresAt?: number): TrunkStatus => ({
  trunkId,
  state,
  problem: state === "up" ? "" : "no answer",
  peers: [
    {
      host: "pbx",
      address: "",
      transport: "tls",
      state: "up",
      sinceAt: 0,
      problem: "",
      ...(certificateExpiresAt === undefined ? {} : { certificateExpiresAt }),
    },
  ],
  callsNow: 0,
  callsPeak: 0,
  callsLimit: 0,
  attempts: 0,
  answered: 0,
  failures: [],
});

test("what is wrong with trunks is told once each, and nothing of those that are off or unknown", () => {
  const trunks = [trunk("a"), trunk("b"), trunk("c"), trunk("d", false), trunk("e")];
  const told = [
    status("a", "down"),
    status("b", "up", 5.5 * DAY_MS),
    status("c", "up", 90 * DAY_MS),
    status("d", "down"),
  ];
  expect(troublesOf(trunks, [...told, status("e", "unknown"), status("gone", "down")], 0)).toEqual([
    { kind: "down", trunk: "trunk a", problem: "no answer" },
    { kind: "certificate", trunk: "trunk b", days: 5 },
  ]);
});

test("an answer that cannot be read leaves every trunk unknown, and says so", () => {
  for (const json of ["", "{", "[{}]", "null", "7"]) {
    expect(statusOfAll([trunk("a"), trunk("b", false)], { json }).map((each) => each.state)).toEqual([
      "unknown",
      "disabled",
    ]);
  }
});
