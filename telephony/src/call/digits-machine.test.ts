import { monoMs } from "@intramuros/contracts";
import { describe, expect, it } from "vitest";
import {
  type Digits,
  type DigitsConfig,
  type DigitsInput,
  type DigitsOutput,
  noDigits,
  step,
} from "./digits-machine.ts";
import { flow } from "./test/flow.ts";

function keys(via: DigitsConfig["via"] = "auto") {
  let state: Digits = noDigits(flow().menu);
  return (input: DigitsInput, at = 0): readonly DigitsOutput[] => {
    const made = step(state, input, monoMs(at), { via });
    state = made.state;
    return made.outputs;
  };
}
const key = (digit: string, via: "rfc4733" | "info" = "rfc4733"): DigitsInput => ({ type: "key", digit, via });

describe("the digits machine", () => {
  it("reports every key and acts on those of the menu", () => {
    const give = keys();
    give({ type: "ready" });
    expect(give(key("1"))).toMatchObject([
      { type: "report", digit: "1" },
      { type: "act", item: { digit: "1" } },
    ]);
    expect(give(key("7"))).toMatchObject([{ type: "report" }, { type: "none", digit: "7" }]);
  });

  it("keeps keys that come before the call is up", () => {
    const give = keys();
    expect(give(key("1"))).toMatchObject([{ type: "report" }]);
    expect(give({ type: "ready" })).toMatchObject([{ type: "act", item: { digit: "1" } }]);
  });

  it("hears a key once that a gateway sends both ways, and twice when it is pressed twice", () => {
    const give = keys();
    give({ type: "ready" });
    expect(give(key("1", "rfc4733"), 0)).toHaveLength(2);
    expect(give(key("1", "info"), 100)).toEqual([]);
    expect(give(key("1", "rfc4733"), 200)).toHaveLength(2);
    expect(give(key("1", "info"), 900)).toHaveLength(2);
  });

  it("listens only to the way that the trunk names", () => {
    const give = keys("info");
    give({ type: "ready" });
    expect(give(key("1", "rfc4733"))).toEqual([]);
    expect(give(key("1", "info"))).toHaveLength(2);
  });

  it("acts on nothing while it is closed, and forgets nothing when open again", () => {
    const give = keys();
    give({ type: "ready" });
    give({ type: "closed" });
    expect(give(key("1"))).toMatchObject([{ type: "report" }]);
    expect(give({ type: "ready" })).toEqual([]);
  });

  it("takes nothing for a key that is none", () => {
    const give = keys();
    give({ type: "ready" });
    expect(give(key("x"))).toEqual([]);
    expect(give(key("12"))).toEqual([]);
  });
});
