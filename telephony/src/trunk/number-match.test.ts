import { describe, expect, it } from "vitest";
import { matchNumber } from "./number-match.ts";

const entry = (pattern: string, trunkId = "") => ({
  ...{ id: `${trunkId}/${pattern}`, trunkId, pattern, flowId: "f" },
  ...{ calendarId: "", closedFlowId: "" },
});
const match = (dialled: string, trunkId: string, ...entries: readonly ReturnType<typeof entry>[]) =>
  matchNumber(entries, { trunkId, dialled })?.id ?? null;

describe("where a number leads", () => {
  it("exact before the longest prefix before the rest", () => {
    const all = [entry("*"), entry("80*"), entry("8*"), entry("8002")];
    expect(match("8002", "t", ...all)).toBe("/8002");
    expect(match("8003", "t", ...all)).toBe("/80*");
    expect(match("8100", "t", ...all)).toBe("/8*");
    expect(match("95588", "t", ...all)).toBe("/*");
  });

  it("the trunk's own entries come first, those of another trunk never", () => {
    const all = [entry("8002"), entry("*", "t"), entry("8002", "other")];
    expect(match("8002", "t", ...all)).toBe("t/*");
    expect(match("8002", "u", ...all)).toBe("/8002");
    expect(match("9", "u", entry("*", "t"))).toBeNull();
  });

  it("a plus and separators make no difference", () => {
    expect(match("+86-10-1234", "t", entry("86101234"))).toBe("/86101234");
    expect(match("86101234", "t", entry("+8610*"))).toBe("/+8610*");
  });
});
