import type { EmotionScore } from "@intramuros/contracts";
import type { ModelIdentity } from "../model/model-state.ts";
import type { SpeechEvent } from "./events.ts";
import type { RecognisedText } from "./utterance.ts";

/** The messages of `inference.proto` that this room writes. */
export interface EmotionMessageOut {
  readonly label: string;
  readonly probabilities: { [label: string]: number };
  readonly intensity: number;
  readonly abstained: boolean;
  readonly evidence: string[];
  readonly source: string;
  readonly model: ModelIdentity;
}

interface TranscriptMessage {
  readonly utterance: number;
  readonly text: string;
  readonly language: string;
  readonly confidence: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly words: never[];
  readonly model: ModelIdentity | null;
  readonly recognitionMs: number;
  readonly emotion: EmotionMessageOut | null;
}

export type EventMessage =
  | { readonly body: "started"; readonly started: { readonly utterance: number; readonly atMs: number } }
  | {
      readonly body: "ended";
      readonly ended: {
        readonly utterance: number;
        readonly startMs: number;
        readonly endMs: number;
        readonly decidedMs: number;
      };
    }
  | { readonly body: "partial"; readonly partial: TranscriptMessage }
  | { readonly body: "final"; readonly final: TranscriptMessage }
  | { readonly body: "degraded"; readonly degraded: { readonly reason: string; readonly hint: string } };

interface Voice {
  readonly language: string;
  readonly model: ModelIdentity | null;
}

export function messageOf(event: SpeechEvent, voice: Voice): EventMessage {
  switch (event.type) {
    case "started":
      return { body: "started", started: { utterance: event.utterance, atMs: event.atMs } };
    case "ended": {
      const { utterance, startMs, endMs, decidedMs } = event;
      return { body: "ended", ended: { utterance, startMs, endMs, decidedMs } };
    }
    case "partial":
      return { body: "partial", partial: transcript(event, null, voice) };
    case "final":
      return { body: "final", final: transcript(event, event.emotion, voice) };
    case "degraded":
      return { body: "degraded", degraded: { reason: event.reason, hint: event.hint } };
  }
}

function transcript(
  event: {
    readonly utterance: number;
    readonly startMs: number;
    readonly endMs: number;
    readonly result: RecognisedText;
  },
  emotion: EmotionScore | null,
  voice: Voice,
): TranscriptMessage {
  const { utterance, startMs, endMs, result } = event;
  return {
    utterance,
    text: result.text,
    language: voice.language,
    confidence: result.confidence,
    startMs,
    endMs,
    words: [],
    model: voice.model,
    recognitionMs: Math.round(result.ms),
    emotion: emotion && emotionMessage(emotion),
  };
}

export function emotionMessage(score: EmotionScore): EmotionMessageOut {
  return {
    label: score.label,
    probabilities: { ...score.probabilities },
    intensity: score.intensity,
    abstained: score.abstained,
    evidence: [...score.evidence],
    source: score.source,
    model: { id: score.modelId, version: score.modelVersion, sha256: score.modelSha256 },
  };
}
