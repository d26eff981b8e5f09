import type { MonoMs, Step } from "@intramuros/contracts";
import type { MenuItemMessage } from "../trunk/set-up.ts";

/**
 * Keys. Every key is reported; keys of the flow's menu act at once, also while the assistant speaks. A gateway that sends a key more
 * than one way (RFC 4733, INFO, tones) is heard once.
 *
 * | state  | key                                  | ready                    | closed    |
 * | ------ | ------------------------------------ | ------------------------ | --------- |
 * | early  | report, keep (bounded)               | act on what was kept     | → closed  |
 * | open   | report, act or tell that it is none  | –                        | → closed  |
 * | closed | report                               | → open                   | –         |
 */
export type DigitVia = "rfc4733" | "info" | "inband";
export interface Digits {
  readonly at: "early" | "open" | "closed";
  readonly kept: readonly string[];
  readonly last: { readonly digit: string; readonly via: DigitVia; readonly at: MonoMs } | null;
  readonly menu: readonly MenuItemMessage[];
}

export type DigitsInput =
  | { readonly type: "key"; readonly digit: string; readonly via: DigitVia }
  | { readonly type: "ready" }
  | { readonly type: "closed" }
  | { readonly type: "menu"; readonly menu: readonly MenuItemMessage[] };

export type DigitsOutput =
  | { readonly type: "report"; readonly digit: string; readonly via: DigitVia }
  | { readonly type: "act"; readonly item: MenuItemMessage }
  /** A key that the menu does not have. */
  | { readonly type: "none"; readonly digit: string };

export interface DigitsConfig {
  /** What the trunk says about its keys. */
  readonly via: DigitVia | "auto";
}

const TWICE_MS = 400;
const MAX_KEPT = 16;
const KEY = /^[0-9*#A-D]$/;

export const noDigits = (menu: readonly MenuItemMessage[]): Digits => ({ at: "early", kept: [], last: null, menu });

export function step(state: Digits, input: DigitsInput, now: MonoMs, config: DigitsConfig): Step<Digits, DigitsOutput> {
  switch (input.type) {
    case "menu":
      return done({ ...state, menu: input.menu });
    case "closed":
      return done({ ...state, at: "closed", kept: [] });
    case "ready":
      return done(
        { ...state, at: "open", kept: [] },
        state.kept.map((digit) => act(state.menu, digit)),
      );
    case "key":
      return key(state, input, now, config);
  }
}

function key(
  state: Digits,
  input: Extract<DigitsInput, { type: "key" }>,
  now: MonoMs,
  config: DigitsConfig,
): Step<Digits, DigitsOutput> {
  const { digit, via } = input;
  if (!KEY.test(digit) || (config.via !== "auto" && via !== config.via)) return done(state);
  const { last } = state;
  if (last !== null && last.digit === digit && last.via !== via && now - last.at < TWICE_MS) return done(state);
  const after: Digits = { ...state, last: { digit, via, at: now } };
  const report: DigitsOutput = { type: "report", digit, via };
  switch (state.at) {
    case "early":
      return done({ ...after, kept: [...state.kept, digit].slice(0, MAX_KEPT) }, [report]);
    case "open":
      return done(after, [report, act(state.menu, digit)]);
    case "closed":
      return done(after, [report]);
  }
}

function act(menu: readonly MenuItemMessage[], digit: string): DigitsOutput {
  const item = menu.find((entry) => entry.digit === digit);
  return item === undefined ? { type: "none", digit } : { type: "act", item };
}

const done = (state: Digits, outputs: readonly DigitsOutput[] = []): Step<Digits, DigitsOutput> => ({
  state,
  outputs,
  wakeAt: null,
});
