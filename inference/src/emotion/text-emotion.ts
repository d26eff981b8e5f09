import type { EmotionScore } from "@intramuros/contracts";

/** Port: the emotion of a customer's words; null while no model can tell. */
export interface TextEmotion {
  analyse(text: string, language: string): Promise<EmotionScore | null>;
}
