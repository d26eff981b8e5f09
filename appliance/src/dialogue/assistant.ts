import type { ConversationEventBody, EmotionScore, Language, Medium } from "@intramuros/contracts";

/** The dialogue as the conversation sees it: a turn of the customer in, one decision out. */
export interface Assistant {
  /** Never throws for what a customer says; rejects only when knowledge cannot be read. */
  answer(turn: CustomerTurn): Promise<AssistantDecision>;
}

export interface CustomerTurn {
  readonly medium: Medium;
  /** Words or, with `via: "digits"`, keys. Empty when nothing was understood (no-match). */
  readonly text: string;
  readonly via: "speech" | "text" | "digits";
  readonly language: Language;
  /** Recognition confidence 0..1; 1 for typed text; 0: not known. */
  readonly confidence: number;
  readonly emotion: EmotionScore | null;
  /** The dialogue's own memory of this conversation, as it gave it with the last decision; null on the first turn. */
  readonly memory: DialogueMemory | null;
  readonly customerName: string;
}

/** What the dialogue remembers from turn to turn: plain JSON, kept with the conversation. */
export interface DialogueMemory {
  readonly at: "open" | "confirming-handoff" | "choosing" | "confirming-goodbye";
  /** Articles offered, when `at` is "choosing". */
  readonly choices: readonly { readonly articleId: string; readonly title: string }[];
  readonly noMatches: number;
  readonly lastArticleId: string | null;
  readonly personOffered: boolean;
  /** Why a person was offered last, so that a yes is handed over with its reason; absent: none was. */
  readonly offeredFor?: string;
  /** The customer's last question, so that "and abroad?" has something to be about; at most 200 characters. */
  readonly lastQuestion?: string;
  /** What was said last, without prefix, to say it again when asked; at most 4,000 characters. */
  readonly lastText?: string;
  /** Latest first, at most 10. */
  readonly recentEmotions: readonly { readonly label: EmotionScore["label"]; readonly probability: number }[];
}

type AssistantSaid = Extract<ConversationEventBody, { type: "assistant-said" }>;

export interface AssistantDecision {
  /** What to say; never empty. */
  readonly text: string;
  readonly language: Language;
  readonly reason: AssistantSaid["reason"];
  readonly articleId: string | null;
  readonly score: number | null;
  /** Speaking rate: 1 normal, below 1 calmer. */
  readonly rate: number;
  readonly then: "listen" | "handoff" | "hang-up";
  /** Why a person is asked for, when `then` is "handoff": "asked" | "angry" | "anxious" | "not-understood" | "complaint". */
  readonly handoffReason: string | null;
  readonly policy: { readonly rule: string; readonly action: string; readonly emotion: EmotionScore["label"] } | null;
  readonly memory: DialogueMemory;
}
