import { describe, expect, it } from "vitest";
import { figuresOf, NO_STATISTICS, withOutcome, withPeak } from "./statistics.ts";
import { trunkState } from "./trunk-state.ts";

const HOUR = 3_600_000;

describe("what came of the calls of a trunk", () => {
  it("is told as the field's ratios", () => {
    let kept = withPeak(NO_STATISTICS, 3, HOUR);
    kept = withOutcome(kept, { sipCode: 200, talkedMs: 60_000, dialMs: 100 }, HOUR);
    kept = withOutcome(kept, { sipCode: 486, talkedMs: 0, dialMs: 300 }, HOUR);
    kept = withOutcome(kept, { sipCode: 503, talkedMs: 0, dialMs: null }, 2 * HOUR);
    kept = withOutcome(kept, { sipCode: 503, talkedMs: 0, dialMs: null }, 3 * HOUR);
    expect(figuresOf(kept, 3 * HOUR)).toEqual({
      ...{ callsPeak: 3, attempts: 4, answered: 1, asr: 0.25, ner: 0.5, acdSeconds: 60, pddMs: 200 },
      failures: [
        { code: 503, count: 2, lastAt: 3 * HOUR },
        { code: 486, count: 1, lastAt: HOUR },
      ],
    });
  });
  it("a time-out counts as reached only if it rang", () => {
    const outcome = { sipCode: 408, talkedMs: 0 };
    expect(figuresOf(withOutcome(NO_STATISTICS, { ...outcome, dialMs: null }, 0), 0).ner).toBe(0);
    expect(figuresOf(withOutcome(NO_STATISTICS, { ...outcome, dialMs: 9 }, 0), 0).ner).toBe(1);
  });
  it("is forgotten after a day, and has no ratios without calls", () => {
    const kept = withOutcome(NO_STATISTICS, { sipCode: 200, talkedMs: 1, dialMs: 1 }, 0);
    expect(figuresOf(kept, 24 * HOUR)).toEqual({ callsPeak: 0, attempts: 0, answered: 0, failures: [] });
    expect(withOutcome(kept, { sipCode: 200, talkedMs: 1, dialMs: 1 }, 30 * HOUR).hours).toHaveLength(1);
  });
});

describe("one word for a trunk", () => {
  const peer = (state: "up" | "down" | "unknown") => ({ state, problem: "no answer", host: "pbx" });
  const ours = { direction: "ours", registered: true, isFirstTry: false, problem: "" } as const;
  const of = (
    peers: readonly ReturnType<typeof peer>[],
    registration: Parameters<typeof trunkState>[0]["registration"] = null,
  ) => trunkState({ enabled: true, peers, registration });
  it("is what its peers say together", () => {
    expect(of([peer("unknown")]).state).toBe("unknown");
    expect(of([peer("up"), peer("unknown")]).state).toBe("up");
    expect(of([peer("up"), peer("down")])).toEqual({ state: "degraded", problem: "pbx: no answer" });
    expect(of([peer("down")]).state).toBe("down");
  });
  it("is down without a registration that it needs, and not down with one", () => {
    expect(of([peer("up")], { ...ours, registered: false, problem: "wrong password" })).toEqual({
      state: "down",
      problem: "wrong password",
    });
    expect(of([peer("up")], { ...ours, registered: false, isFirstTry: true }).state).toBe("unknown");
    expect(of([peer("down")], ours).state).toBe("degraded");
    expect(of([], ours).state).toBe("up");
  });
});
