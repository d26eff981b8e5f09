import { type MonoMs, monoMs, type Step, type Wake } from "@intramuros/contracts";

/**
 * What the caller does once the call is answered, by what they hear. One turn: greeting, question, answer.
 *
 * | state     | input                              | next      | outputs            | deadline                       |
 * | --------- | ---------------------------------- | --------- | ------------------ | ------------------------------ |
 * | greeting  | voice heard, then quiet for a while | speaking  | speak              | 30 s (speaks all the same)      |
 * | greeting  | nothing heard                      | speaking  | speak              | 6 s                            |
 * | speaking  | spoken                             | waiting   |                    | none: the driver knows the end  |
 * | waiting   | voice heard                        | answer    | answer-began       | 12 s: finished                  |
 * | answer    | quiet for a while                  | finished  | hang-up            | 60 s                           |
 * | any       | remote-ended                       | finished  |                    |                                |
 */
export type Script =
  | {
      readonly at: "greeting";
      readonly heardAt: MonoMs | null;
      readonly lastVoiceAt: MonoMs | null;
      readonly since: MonoMs;
    }
  | { readonly at: "speaking" }
  | { readonly at: "waiting"; readonly since: MonoMs }
  | { readonly at: "answer"; readonly since: MonoMs; readonly lastVoiceAt: MonoMs }
  | { readonly at: "finished" };

export type ScriptInput = { readonly type: "voice" } | { readonly type: "spoken" } | { readonly type: "remote-ended" };

export type ScriptOutput =
  | { readonly type: "speak" }
  | { readonly type: "answer-began" }
  | { readonly type: "hang-up"; readonly answered: boolean };

/** Pauses between sentences of a voice stay below these. */
const GREETING_QUIET_MS = 1000;
const ANSWER_QUIET_MS = 1500;
const NO_GREETING_MS = 6000;
const GREETING_LIMIT_MS = 30_000;
const WAIT_LIMIT_MS = 12_000;
const ANSWER_LIMIT_MS = 60_000;

type Answer = Step<Script, ScriptOutput>;

export function startScript(now: MonoMs): Answer {
  return rest({ at: "greeting", heardAt: null, lastVoiceAt: null, since: now }, []);
}

export function stepScript(state: Script, input: ScriptInput | Wake, now: MonoMs): Answer {
  if (input.type === "remote-ended") return rest({ at: "finished" }, []);
  switch (state.at) {
    case "greeting":
      if (input.type === "voice") return rest({ ...state, heardAt: state.heardAt ?? now, lastVoiceAt: now }, []);
      return now >= greetingEnd(state) ? rest({ at: "speaking" }, [{ type: "speak" }]) : rest(state, []);
    case "speaking":
      return input.type === "spoken" ? rest({ at: "waiting", since: now }, []) : rest(state, []);
    case "waiting":
      if (input.type === "voice")
        return rest({ at: "answer", since: now, lastVoiceAt: now }, [{ type: "answer-began" }]);
      return now >= state.since + WAIT_LIMIT_MS
        ? rest({ at: "finished" }, [{ type: "hang-up", answered: false }])
        : rest(state, []);
    case "answer":
      if (input.type === "voice") return rest({ ...state, lastVoiceAt: now }, []);
      return now >= answerEnd(state)
        ? rest({ at: "finished" }, [{ type: "hang-up", answered: true }])
        : rest(state, []);
    case "finished":
      return rest(state, []);
  }
}

const greetingEnd = (state: Extract<Script, { at: "greeting" }>): number =>
  state.lastVoiceAt === null
    ? state.since + NO_GREETING_MS
    : Math.min(state.lastVoiceAt + GREETING_QUIET_MS, state.since + GREETING_LIMIT_MS);
const answerEnd = (state: Extract<Script, { at: "answer" }>): number =>
  Math.min(state.lastVoiceAt + ANSWER_QUIET_MS, state.since + ANSWER_LIMIT_MS);

function rest(state: Script, outputs: readonly ScriptOutput[]): Answer {
  switch (state.at) {
    case "greeting":
      return { state, outputs, wakeAt: monoMs(greetingEnd(state)) };
    case "waiting":
      return { state, outputs, wakeAt: monoMs(state.since + WAIT_LIMIT_MS) };
    case "answer":
      return { state, outputs, wakeAt: monoMs(answerEnd(state)) };
    case "speaking":
    case "finished":
      return { state, outputs, wakeAt: null };
  }
}
