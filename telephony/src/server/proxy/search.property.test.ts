import { monoMs } from "@intramuros/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type SearchConfig, type SearchInput, type SearchOutput, startSearch, stepSearch } from "./search.ts";

const input = fc.oneof(
  fc.record({ type: fc.constant("provisional" as const), branch: fc.nat(4), status: fc.constantFrom(100, 180, 183) }),
  fc.record({
    type: fc.constant("final" as const),
    branch: fc.nat(4),
    status: fc.constantFrom(200, 302, 401, 404, 408, 486, 500, 503, 603),
    contacts: fc.array(fc.constantFrom("sip:a", "sip:b", "sip:c", "sip:d"), { maxLength: 3 }),
  }),
  fc.record({ type: fc.constant("cancel" as const) }),
  fc.record({ type: fc.constant("wake" as const), ms: fc.constantFrom(100, 3000, 60_000, 200_000) }),
);

test("whatever the branches say, one answer goes up at most, the end is told once, and time ends every search", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.constantFrom("sip:a", "sip:b", "sip:c", "sip:d"), { minLength: 1 }),
      fc.record({ parallel: fc.boolean(), followRedirects: fc.boolean(), provisionalMs: fc.constantFrom(null, 2000) }),
      fc.array(input, { maxLength: 30 }),
      (targets, wish, inputs) => {
        const config: SearchConfig = { ...wish, isInvite: true, finalMs: null, timerCMs: 185_000 };
        let now = 0;
        const all: SearchOutput[] = [];
        let step = startSearch(targets, monoMs(now), config);
        const take = (): void => {
          all.push(...step.outputs);
          if (step.wakeAt !== null) expect(step.wakeAt).toBeGreaterThan(now);
        };
        take();
        for (const item of inputs) {
          if (item.type === "wake") {
            // Wakes come when they were asked for, not later.
            now = Math.min(now + item.ms, step.wakeAt ?? now + item.ms);
            step = stepSearch(step.state, { type: "wake" }, monoMs(now), config);
          } else step = stepSearch(step.state, item satisfies SearchInput, monoMs(now), config);
          take();
        }
        for (let i = 0; i < 100 && step.wakeAt !== null; i++) {
          now = step.wakeAt;
          step = stepSearch(step.state, { type: "wake" }, monoMs(now), config);
          take();
        }
        expect(step.wakeAt).toBe(null);
        const count = (type: SearchOutput["type"]): number => all.filter((output) => output.type === type).length;
        expect(count("respond")).toBeLessThanOrEqual(1);
        // When all branches are cancelled the search ends with the last of them, and their transactions see to that.
        if (step.state.at !== "cancelled" && step.state.at !== "refused") expect(count("done")).toBe(1);
        expect(count("open")).toBeLessThanOrEqual(20);
        for (const branch of step.state.branches.keys()) {
          expect(
            all.filter((output) => output.type === "cancel" && output.branch === branch).length,
          ).toBeLessThanOrEqual(1);
        }
      },
    ),
    { numRuns: 500 },
  );
});
