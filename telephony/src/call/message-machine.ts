import type { MonoMs, Step, Wake } from "@intramuros/contracts";

/**
 * Taking a message: the prompt, a beep, the caller's voice until `#`, silence, the limit or the hang-up, then its words.
 *
 * | state     | prompt-done | beep-done   | level          | hash/hang-up      | words        | wake                        |
 * | --------- | ----------- | ----------- | -------------- | ----------------- | ------------ | --------------------------- |
 * | idle      | –           | –           | –              | –                 | –            | –                           |
 * | prompting | beep        | –           | –              | → beeping / done  | –            | beep (prompt never ended)   |
 * | beeping   | –           | record      | –              | – / done          | –            | record                      |
 * | recording | –           | –           | notes the voice| → wording         | noted        | → wording (silence, limit)  |
 * | wording   | –           | –           | –              | – / → done        | → done       | → done                      |
 * | done      | –           | –           | –              | –                 | –            | –                           |
 */
export type Message =
  | { readonly at: "idle" }
  | { readonly at: "prompting"; readonly deadline: MonoMs }
  | { readonly at: "beeping"; readonly deadline: MonoMs }
  | {
      readonly at: "recording";
      readonly startedAt: MonoMs;
      readonly voiceAt: MonoMs | null;
      readonly words: readonly string[];
    }
  | {
      readonly at: "wording";
      readonly durationMs: number;
      readonly words: readonly string[];
      readonly deadline: MonoMs;
    }
  | { readonly at: "done" };

export type MessageInput =
  | { readonly type: "start" }
  | { readonly type: "prompt-done" }
  | { readonly type: "beep-done" }
  /** Loudness of 20 ms of the caller, dBFS. */
  | { readonly type: "level"; readonly dbfs: number }
  | { readonly type: "hash" }
  | { readonly type: "hang-up" }
  | { readonly type: "words"; readonly text: string }
  /** The recogniser has given its last words, or was never there. */
  | { readonly type: "words-end" }
  | Wake;

export type MessageOutput =
  | { readonly type: "prompt" }
  | { readonly type: "beep" }
  | { readonly type: "record" }
  /** Close the file; ask the recogniser for what is left. */
  | { readonly type: "stop-recording" }
  | { readonly type: "taken"; readonly durationMs: number; readonly transcript: string }
  /** The caller said nothing: the file is of no use. */
  | { readonly type: "nothing-said" }
  | { readonly type: "done" };

export interface MessageConfig {
  readonly maxMs: number;
  readonly silenceMs: number;
  /** Silence before the first word. */
  readonly firstSilenceMs: number;
  readonly wordsMs: number;
  readonly promptMs: number;
  readonly voiceDbfs: number;
}
export const MESSAGE_CONFIG: MessageConfig = {
  maxMs: 120_000,
  silenceMs: 5_000,
  firstSilenceMs: 8_000,
  wordsMs: 4_000,
  promptMs: 40_000,
  voiceDbfs: -45,
};
const BEEP_MS = 2_000;

export const NO_MESSAGE: Message = { at: "idle" };
type MessageStep = Step<Message, MessageOutput>;

export function step(
  state: Message,
  input: MessageInput,
  now: MonoMs,
  config: MessageConfig = MESSAGE_CONFIG,
): MessageStep {
  switch (state.at) {
    case "idle":
      return input.type === "start"
        ? go({ at: "prompting", deadline: plus(now, config.promptMs) }, config, [{ type: "prompt" }])
        : go(state, config);
    case "prompting":
      if (input.type === "hang-up") return go({ at: "done" }, config, [{ type: "done" }]);
      if (input.type === "prompt-done" || input.type === "hash" || isDue(state, input, now, config)) {
        return go({ at: "beeping", deadline: plus(now, BEEP_MS) }, config, [{ type: "beep" }]);
      }
      return go(state, config);
    case "beeping":
      if (input.type === "hang-up") return go({ at: "done" }, config, [{ type: "done" }]);
      if (input.type === "beep-done" || isDue(state, input, now, config)) {
        return go({ at: "recording", startedAt: now, voiceAt: null, words: [] }, config, [{ type: "record" }]);
      }
      return go(state, config);
    case "recording":
      return recording(state, input, now, config);
    case "wording": {
      const words = input.type === "words" && input.text !== "" ? [...state.words, input.text] : state.words;
      if (input.type === "words-end" || input.type === "hang-up" || isDue(state, input, now, config)) {
        const taken: MessageOutput = { type: "taken", durationMs: state.durationMs, transcript: words.join(" ") };
        return go({ at: "done" }, config, [taken, { type: "done" }]);
      }
      return go({ ...state, words }, config);
    }
    case "done":
      return go(state, config);
  }
}

function recording(
  state: Extract<Message, { at: "recording" }>,
  input: MessageInput,
  now: MonoMs,
  config: MessageConfig,
): MessageStep {
  const voiced = input.type === "level" && input.dbfs > config.voiceDbfs;
  const words = input.type === "words" && input.text !== "" ? [...state.words, input.text] : state.words;
  const after = { ...state, words, voiceAt: voiced ? now : state.voiceAt };
  const over = input.type === "hash" || input.type === "hang-up" || isDue(state, input, now, config);
  if (!over) return go(after, config);
  const stop: MessageOutput = { type: "stop-recording" };
  if (after.voiceAt === null) {
    return go({ at: "done" }, config, [stop, { type: "nothing-said" }, { type: "done" }]);
  }
  const durationMs = Math.round(now - state.startedAt);
  if (input.type === "hang-up") {
    // The line is gone, the words that are known must do: the end of the call must not wait for a recogniser.
    const taken: MessageOutput = { type: "taken", durationMs, transcript: words.join(" ") };
    return go({ at: "done" }, config, [stop, taken, { type: "done" }]);
  }
  return go({ at: "wording", durationMs, words, deadline: plus(now, config.wordsMs) }, config, [stop]);
}

function wakeOf(state: Message, config: MessageConfig): MonoMs | null {
  switch (state.at) {
    case "idle":
    case "done":
      return null;
    case "prompting":
    case "beeping":
    case "wording":
      return state.deadline;
    case "recording": {
      const quiet =
        state.voiceAt === null ? plus(state.startedAt, config.firstSilenceMs) : plus(state.voiceAt, config.silenceMs);
      const limit = plus(state.startedAt, config.maxMs);
      return quiet < limit ? quiet : limit;
    }
  }
}

function isDue(state: Message, input: MessageInput, now: MonoMs, config: MessageConfig): boolean {
  const due = wakeOf(state, config);
  return input.type === "wake" && due !== null && now >= due;
}

const go = (state: Message, config: MessageConfig, outputs: readonly MessageOutput[] = []): MessageStep => ({
  state,
  outputs,
  wakeAt: wakeOf(state, config),
});
const plus = (time: MonoMs, ms: number): MonoMs => (time + ms) as MonoMs;
