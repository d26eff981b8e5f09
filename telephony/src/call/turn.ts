import type { EmotionMessage, Language, MonoMs, Wake } from "@intramuros/contracts";
import type { FlowMessage, MenuItemMessage } from "../trunk/set-up.ts";
import type { SayItem, SayKind } from "./playback-machine.ts";

/** Words of the turn machine; its table is in `turn-machine.ts`. */

/** What follows when all that was to be said has been said. */
export type Then =
  | { readonly type: "listen" }
  | { readonly type: "hang-up"; readonly reason: string }
  | { readonly type: "handoff"; readonly queueId: string; readonly reason: string }
  | { readonly type: "take-message" };

/** The appliance's words. */
export interface Answer {
  readonly sayId: string;
  readonly turn: number;
  readonly text: string;
  readonly language: Language;
  readonly rate: number;
  readonly then: Then;
  readonly listenLanguage: Language | null;
  /** Whose prompts go with that language; null: no change. */
  readonly flow: FlowMessage | null;
}

export type Phase =
  | { readonly at: "new" }
  | {
      readonly at: "speaking";
      /** Says not yet heard to their end. */
      readonly left: readonly string[];
      readonly then: Then;
      /** Only prompts of ours: an answer may take their place. */
      readonly isPrompt: boolean;
      /** The caller has been speaking over us since, but not long enough. */
      readonly speechSince: MonoMs | null;
      /** For a say that never tells of its end. */
      readonly deadline: MonoMs;
    }
  | { readonly at: "listening"; readonly deadline: MonoMs }
  /** The customer speaks, or the recogniser works on it. `held`: answers to the turn before, wanted if this was but a cough. */
  | {
      readonly at: "hearing";
      readonly deadline: MonoMs;
      readonly held: readonly Answer[];
      readonly wasWaiting: boolean;
    }
  | { readonly at: "waiting"; readonly deadline: MonoMs }
  | { readonly at: "paused" }
  | { readonly at: "closed" };

export interface TurnState {
  readonly phase: Phase;
  readonly flow: FlowMessage;
  /** Number of the latest utterance. */
  readonly turn: number;
  /** Answers up to this turn are not wanted any more: a key came in between. */
  readonly closedTurn: number;
  readonly noInputs: number;
  /** Menus spoken one after the other because nobody understood. */
  readonly menus: number;
  readonly prompts: number;
  readonly canHear: boolean;
  readonly attached: boolean;
}

export interface Heard {
  readonly text: string;
  readonly language: Language;
  readonly confidence: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly endpointMs: number;
  readonly recognitionMs: number;
  readonly emotion: EmotionMessage | null;
  readonly modelId: string;
  readonly modelSha256: string;
}

export type TurnInput =
  /** `first`: what is said at the beginning. */
  | { readonly type: "start"; readonly first: "greeting" | "interrupted" }
  /** `agoMs`: how long ago, as far as we can tell, the speech that was detected now began. */
  | { readonly type: "speech-started"; readonly agoMs: number }
  | { readonly type: "speech-ended" }
  | { readonly type: "final"; readonly heard: Heard }
  | { readonly type: "answer"; readonly answer: Answer }
  | { readonly type: "finished"; readonly sayId: string; readonly outcome: "heard" | "interrupted" | "failed" }
  | { readonly type: "menu-key"; readonly item: MenuItemMessage; readonly flow: FlowMessage | null }
  | { readonly type: "other-key" }
  | { readonly type: "attached"; readonly on: boolean }
  | { readonly type: "hearing-changed"; readonly canHear: boolean }
  | { readonly type: "pause" }
  | { readonly type: "resume" }
  | { readonly type: "close" }
  | Wake;

export type TurnOutput =
  | { readonly type: "speak"; readonly item: SayItem }
  | { readonly type: "stop-speaking" }
  | { readonly type: "speech-started"; readonly bargeIn: boolean; readonly stoppedAfterMs: number }
  | { readonly type: "utterance"; readonly turn: number; readonly heard: Heard }
  | { readonly type: "no-input"; readonly turn: number; readonly count: number }
  | { readonly type: "no-answer" }
  | { readonly type: "flow"; readonly flow: FlowMessage }
  | { readonly type: "listen-language"; readonly language: Language }
  | { readonly type: "handoff"; readonly queueId: string; readonly reason: string }
  | { readonly type: "hang-up"; readonly reason: string }
  | { readonly type: "take-message" };

export interface TurnConfig {
  readonly answerTimeoutMs: number;
  /** Speech shorter than this does not stop the assistant. */
  readonly bargeInMs: number;
  readonly maxHearingMs: number;
  readonly maxRecognitionMs: number;
  /** Longest time for all that is being said. */
  readonly maxSpeakingMs: number;
}

export type { SayItem, SayKind };
