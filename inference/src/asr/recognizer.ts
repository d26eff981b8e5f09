import type { ModelIdentity } from "../model/model-state.ts";

/**
 * Port: turns one utterance into text. An adapter for another family of models (a customer's Mandarin pack) implements this and is
 * put into the `Recognizers` table under its languages; nothing else changes.
 */
export interface Recognizer {
  readonly model: ModelIdentity;
  recognise(request: RecognitionRequest): RecognitionTicket;
  readonly queued: number;
}

/** What a recognition is for decides its turn: finals first, then guesses at an end, then partials. */
export type RecognitionUse = "final" | "speculative" | "partial";

export interface RecognitionRequest {
  readonly use: RecognitionUse;
  readonly samples: Int16Array;
  readonly rateHz: number;
  /** Words expected now; an adapter that cannot use them leaves them. */
  readonly phrases: readonly string[];
}

export interface RecognitionTicket {
  readonly outcome: Promise<RecognitionOutcome>;
  /** Its result is wanted no more; a running recognition stops at its next token. */
  cancel(): void;
  /** A guess has become the final: it moves up in the queue. */
  promote(): void;
}

export type RecognitionOutcome =
  | { readonly type: "text"; readonly text: string; readonly confidence: number; readonly ms: number }
  | { readonly type: "cancelled" }
  | { readonly type: "refused"; readonly reason: string; readonly hint: string }
  | { readonly type: "failed"; readonly reason: string; readonly hint: string };

/** Recognisers by language; a language without one is answered with voice events and empty finals. */
export type Recognizers = ReadonlyMap<string, Recognizer>;
