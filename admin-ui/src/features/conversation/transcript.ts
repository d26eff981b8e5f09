import type { ConversationEvent, ConversationEventBody, EmotionScore } from "@intramuros/contracts/browser";

/** Events as a conversation is read: lines that somebody said, and marks for what happened between them. */
type Body<T extends ConversationEventBody["type"]> = Extract<ConversationEventBody, { type: T }>;

export interface Line {
  readonly kind: "line";
  readonly seq: number;
  readonly at: number;
  readonly who: "customer" | "assistant" | "agent";
  readonly name: string;
  readonly text: string;
  readonly language: "zh" | "en";
  readonly customer: Body<"customer-said"> | null;
  readonly assistant: (Body<"assistant-said"> & { readonly playback: Playback }) | null;
  readonly emotion: EmotionScore | undefined;
}
export interface Playback {
  readonly synthesisMs: number | null;
  readonly responseMs: number | null;
  readonly interruptedAfterMs: number | null;
}
export type MarkBody = Exclude<
  ConversationEventBody,
  { type: "customer-said" | "assistant-said" | "agent-said" | "playback-started" | "playback-finished" }
>;
export interface Mark {
  readonly kind: "mark";
  readonly seq: number;
  readonly at: number;
  readonly body: MarkBody;
}
export type TranscriptItem = Line | Mark;

const SILENT: Playback = { synthesisMs: null, responseMs: null, interruptedAfterMs: null };

export function readTranscript(events: readonly ConversationEvent[]): readonly TranscriptItem[] {
  const playbacks = new Map<string, Playback>();
  for (const { body } of events) {
    if (body.type === "playback-started")
      playbacks.set(body.sayId, { ...SILENT, synthesisMs: body.synthesisMs, responseMs: body.responseMs });
    if (body.type === "playback-finished" && body.interrupted)
      playbacks.set(body.sayId, { ...(playbacks.get(body.sayId) ?? SILENT), interruptedAfterMs: body.playedMs });
  }
  const items: TranscriptItem[] = [];
  for (const { seq, at, body } of events) {
    switch (body.type) {
      case "customer-said":
        items.push({
          kind: "line",
          seq,
          at,
          who: "customer",
          name: "",
          text: body.text,
          language: body.language,
          customer: body,
          assistant: null,
          emotion: body.emotion,
        });
        break;
      case "assistant-said":
        items.push({
          kind: "line",
          seq,
          at,
          who: "assistant",
          name: "",
          text: body.text,
          language: body.language,
          customer: null,
          assistant: { ...body, playback: playbacks.get(body.sayId) ?? SILENT },
          emotion: undefined,
        });
        break;
      case "agent-said":
        items.push({
          kind: "line",
          seq,
          at,
          who: "agent",
          name: body.agentName,
          text: body.text,
          language: body.language,
          customer: null,
          assistant: null,
          emotion: undefined,
        });
        break;
      case "playback-started":
      case "playback-finished":
        break;
      default:
        items.push({ kind: "mark", seq, at, body });
    }
  }
  return items;
}

export interface Figures {
  readonly median: number;
  readonly worst: number;
  readonly count: number;
}
export type Stage = "endpoint" | "recognition" | "synthesis" | "response";
export const STAGES: readonly Stage[] = ["endpoint", "recognition", "synthesis", "response"];

/** Median and worst of each stage's latency in this conversation. */
export function stageFigures(events: readonly ConversationEvent[]): ReadonlyMap<Stage, Figures> {
  const values: Record<Stage, number[]> = { endpoint: [], recognition: [], synthesis: [], response: [] };
  for (const { body } of events) {
    if (body.type === "customer-said") {
      if (body.endpointMs !== undefined) values.endpoint.push(body.endpointMs);
      if (body.recognitionMs !== undefined) values.recognition.push(body.recognitionMs);
    }
    if (body.type === "playback-started") {
      values.synthesis.push(body.synthesisMs);
      // a greeting answers nobody: its response time is nought
      if (body.responseMs > 0) values.response.push(body.responseMs);
    }
  }
  const figures = new Map<Stage, Figures>();
  for (const stage of STAGES) {
    const sorted = values[stage].sort((left, right) => left - right);
    const worst = sorted.at(-1);
    if (worst === undefined) continue;
    figures.set(stage, { median: sorted[Math.floor((sorted.length - 1) / 2)] ?? worst, worst, count: sorted.length });
  }
  return figures;
}

export function findBody<T extends ConversationEventBody["type"]>(
  events: readonly ConversationEvent[],
  type: T,
): Body<T> | undefined {
  return events.findLast((event) => event.body.type === type)?.body as Body<T> | undefined;
}

/** Emotion labels with their probabilities, likeliest first. */
export function rankedProbabilities(score: EmotionScore): readonly (readonly [string, number])[] {
  return Object.entries(score.probabilities).sort((left, right) => right[1] - left[1]);
}
