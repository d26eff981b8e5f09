import type { CallEventMessage, ConversationEventBody, EmotionScore, Language } from "@intramuros/contracts";
import { type Conversation, outcomeOf } from "./conversation.ts";
import { spokenReason } from "./turn.ts";

/** Events of telephony in the words of the conversation's own log. */
type Body = ConversationEventBody;
const SIDES = ["customer", "carrier", "us", "unknown"] as const;
export type Side = (typeof SIDES)[number];
export const sideOf = (text: string): Side => SIDES.find((side) => side === text) ?? "unknown";

/** What an event leaves behind that asks for nothing else; nothing for kinds that this version does not know. */
export function traceOf(event: CallEventMessage, turn: number): readonly Body[] {
  if (event.speechStarted) {
    const { bargeIn, stoppedAfterMs } = event.speechStarted;
    return bargeIn ? [{ type: "barge-in", stoppedAfterMs }] : [];
  }
  if (event.spoken) {
    const { text, language, kind } = event.spoken;
    return [
      {
        type: "assistant-said",
        sayId: "",
        turn,
        text,
        language: language === "en" ? "en" : "zh",
        reason: spokenReason(kind),
      },
    ];
  }
  if (event.noInput) return [{ type: "no-input", count: event.noInput.count }];
  if (event.playbackStarted) {
    const { sayId, synthesisMs, responseMs } = event.playbackStarted;
    return [{ type: "playback-started", sayId, synthesisMs, responseMs }];
  }
  if (event.playbackFinished) return [{ type: "playback-finished", ...event.playbackFinished }];
  if (event.holdChanged) return [{ type: "hold-changed", onHold: event.holdChanged.onHold }];
  if (event.degraded) return [{ type: "degraded", reason: event.degraded.reason, hint: event.degraded.hint }];
  return [];
}

export function utteranceBody(
  heard: NonNullable<CallEventMessage["utterance"]>,
  language: Language,
  emotion: EmotionScore | null,
): Body {
  const { turn, confidence, startMs, endMs, modelId, modelSha256, endpointMs, recognitionMs } = heard;
  return {
    type: "customer-said",
    text: heard.text.slice(0, 8000),
    language,
    via: "speech",
    ...(emotion === null ? {} : { emotion }),
    ...{ turn, confidence, startMs, endMs, modelId, modelSha256, endpointMs, recognitionMs },
  };
}

/** Some exchanges put the number where the name belongs: that is no name. */
export const displayName = (name: string, from: string): string =>
  name === from || /^[+0-9 ()-]*$/.test(name) ? "" : name.slice(0, 120);

/** The end of the only contact, and with it of the conversation. */
export function endBodies(
  conversation: Conversation,
  ended: Omit<NonNullable<CallEventMessage["ended"]>, "side">,
  side: Side,
): readonly Body[] {
  return [
    {
      type: "contact-ended",
      contactId: conversation.contactId,
      side,
      reason: ended.reason,
      ...(ended.sipCode === 0 ? {} : { sipCode: ended.sipCode }),
      ...(ended.q850 === 0 ? {} : { q850: ended.q850 }),
      durationMs: ended.durationMs,
      ...(ended.media === null ? {} : { media: ended.media }),
    },
    { type: "ended", outcome: outcomeOf({ ...conversation, endedBy: side }) },
  ];
}
