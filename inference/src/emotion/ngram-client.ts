import type { EmotionScore } from "@intramuros/contracts";
import type { TextEmotion } from "./text-emotion.ts";

/** Until a model of the language is there, nothing is said about emotion. */
export const noTextEmotion: TextEmotion = { analyse: (): Promise<EmotionScore | null> => Promise.resolve(null) };
