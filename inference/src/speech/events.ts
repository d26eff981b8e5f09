import type { EmotionScore } from "@intramuros/contracts";
import type { UtteranceOutput } from "./utterance.ts";

type Said<T extends UtteranceOutput["type"]> = Extract<UtteranceOutput, { type: T }>;

/** What a stream tells its caller. */
export type SpeechEvent =
  | Said<"started">
  | Said<"ended">
  | Said<"partial">
  | Said<"degraded">
  | (Said<"final"> & { readonly emotion: EmotionScore | null });
