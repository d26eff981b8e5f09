import { describe, expect, it } from "vitest";
import { fullAllowance, takeOne } from "./rate-limit.ts";

describe("the rate limit", () => {
  it("lets a burst through, then so many a second, however long it was quiet", () => {
    const limit = { burst: 3, perSecond: 2 };
    let allowance = fullAllowance(limit, 0);
    const take = (at: number): boolean => {
      const taken = takeOne(allowance, limit, at);
      ({ allowance } = taken);
      return taken.allowed;
    };
    expect([take(0), take(0), take(0), take(0)]).toEqual([true, true, true, false]);
    expect([take(499), take(500), take(501)]).toEqual([false, true, false]);
    expect([take(60_000), take(60_000), take(60_000), take(60_000)]).toEqual([true, true, true, false]);
  });
});
