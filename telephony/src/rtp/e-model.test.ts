import { describe, expect, it } from "vitest";
import { mosOf, ratingOf } from "./e-model.ts";

const clean = { codec: "PCMA", lossFraction: 0, delayMs: 0, concealed: true } as const;

describe("the E-model", () => {
  it("rates G.711 without delay and loss at 93.2, which is 4.41 (G.107 §7.7)", () => {
    expect(ratingOf(clean)).toBeCloseTo(93.2, 1);
    expect(mosOf(clean)).toBeCloseTo(4.41, 2);
  });

  it("delay alone: hardly felt at 100 ms, many dissatisfied at 400 ms (G.114)", () => {
    const at = (delayMs: number): number => ratingOf({ ...clean, delayMs });
    expect(at(100)).toBeGreaterThan(89);
    expect(at(100)).toBeLessThan(92);
    expect(at(150)).toBeGreaterThan(88);
    expect(at(400)).toBeGreaterThan(58);
    expect(at(400)).toBeLessThan(70);
  });

  it("loss: 2 % is a small thing where it is concealed, and a great one where it is not (G.113 appendix I)", () => {
    expect(ratingOf({ ...clean, lossFraction: 0.02 })).toBeCloseTo(93.2 - (95 * 2) / 27.1, 1);
    expect(ratingOf({ ...clean, lossFraction: 0.02, concealed: false })).toBeCloseTo(93.2 - (95 * 2) / 6.3, 1);
  });

  it("G.722 is a little better than it looks on the common scale, and never above 4.5", () => {
    const mos = mosOf({ ...clean, codec: "G722" });
    expect(mos).toBeGreaterThan(4.2);
    expect(mos).toBeLessThan(4.5);
  });

  it("only falls with loss and delay, and stays within 1 and 4.5", () => {
    for (const codec of ["PCMA", "PCMU", "G722"] as const) {
      let before = Number.POSITIVE_INFINITY;
      for (let step = 0; step <= 50; step++) {
        const mos = mosOf({ codec, concealed: false, lossFraction: step / 50, delayMs: step * 40 });
        expect(mos).toBeLessThanOrEqual(before);
        expect(mos).toBeGreaterThanOrEqual(1);
        expect(mos).toBeLessThanOrEqual(4.5);
        before = mos;
      }
    }
  });
});
