/** The first message of a stream, as it comes. */
export interface StartRequest {
  readonly streamId: string;
  readonly party: string;
  readonly language: string;
  readonly sampleRateHz: number;
  readonly partials: boolean;
  readonly phrases: readonly string[];
  readonly endpointSilenceMs: number;
  readonly maxUtteranceMs: number;
}

export type CheckedStart =
  | { readonly type: "ok"; readonly start: StartRequest }
  | { readonly type: "faulty"; readonly problem: string };

/** The limits that a stream's first message must keep. */
export function checkStart(start: StartRequest): CheckedStart {
  const faulty = (problem: string): CheckedStart => ({ type: "faulty", problem });
  if (start.streamId.length > 100) return faulty("stream_id: at most 100 characters");
  if (start.party !== "customer" && start.party !== "agent") return faulty("party: customer or agent");
  if (start.language !== "zh" && start.language !== "en") return faulty("language: zh or en");
  if (start.sampleRateHz !== 8000 && start.sampleRateHz !== 16000) return faulty("sample_rate_hz: 8000 or 16000");
  if (start.phrases.length > 500 || start.phrases.some((phrase) => phrase.length > 100)) {
    return faulty("phrases: at most 500 of 100 characters");
  }
  if (start.endpointSilenceMs !== 0 && (start.endpointSilenceMs < 150 || start.endpointSilenceMs > 5000)) {
    return faulty("endpoint_silence_ms: 0, or 150 to 5000");
  }
  if (start.maxUtteranceMs !== 0 && (start.maxUtteranceMs < 1000 || start.maxUtteranceMs > 60_000)) {
    return faulty("max_utterance_ms: 0, or 1000 to 60000");
  }
  return { type: "ok", start };
}
