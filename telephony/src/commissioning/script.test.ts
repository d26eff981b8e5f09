import { monoMs } from "@intramuros/contracts";
import { expect, test } from "vitest";
import { type Script, type ScriptInput, startScript, stepScript } from "./script.ts";

/** Plays inputs at their times, waking the script whenever it asks; gives the outputs with their times. */
function play(inputs: readonly (readonly [number, ScriptInput])[], untilMs: number): string[] {
  const said: string[] = [];
  let { state, wakeAt }: { state: Script; wakeAt: number | null } = startScript(monoMs(0));
  const take = (input: ScriptInput | { type: "wake" }, now: number): void => {
    const step = stepScript(state, input, monoMs(now));
    state = step.state;
    wakeAt = step.wakeAt;
    for (const output of step.outputs) said.push(`${now} ${output.type}`);
  };
  let next = 0;
  for (;;) {
    const input = inputs[next];
    const at = Math.min(input?.[0] ?? Number.POSITIVE_INFINITY, wakeAt ?? Number.POSITIVE_INFINITY);
    if (at > untilMs) return said;
    if (input !== undefined && input[0] <= (wakeAt ?? Number.POSITIVE_INFINITY)) {
      next++;
      take(input[1], input[0]);
    } else take({ type: "wake" }, at);
  }
}

const voice = (from: number, to: number): (readonly [number, ScriptInput])[] =>
  Array.from({ length: Math.floor((to - from) / 20) }, (_, n) => [from + n * 20, { type: "voice" }] as const);

test("the caller waits for the end of the greeting, and a pause between sentences is not the end", () => {
  const said = play([...voice(200, 2000), ...voice(2600, 4000)], 10_000);
  expect(said[0]).toBe("4980 speak");
});

test("a silent line is spoken to all the same", () => {
  expect(play([], 10_000)[0]).toBe("6000 speak");
});

test("the call ends some time after the answer", () => {
  const said = play([[100, { type: "voice" }], [3000, { type: "spoken" }], ...voice(3600, 6000)], 20_000);
  expect(said).toEqual(["1100 speak", "3600 answer-began", "7480 hang-up"]);
});

test("no answer ends the call too", () => {
  expect(
    play(
      [
        [100, { type: "voice" }],
        [3000, { type: "spoken" }],
      ],
      60_000,
    ),
  ).toEqual(["1100 speak", "15000 hang-up"]);
});

test("when the other side ends, nothing more is done", () => {
  expect(
    play(
      [
        [100, { type: "voice" }],
        [500, { type: "remote-ended" }],
      ],
      60_000,
    ),
  ).toEqual([]);
});
