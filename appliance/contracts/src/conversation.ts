import { type Static, Type } from "typebox";

/** What conversations are made of: the events that the console, the reports and the audit read. */
const strict = { additionalProperties: false };
const Text = Type.String({ maxLength: 8000 });
const Ms = Type.Integer({ minimum: 0 });

export const LanguageSchema = Type.Union([Type.Literal("zh"), Type.Literal("en")]);
export const MediumSchema = Type.Union([Type.Literal("phone"), Type.Literal("web-chat")]);
export type Medium = Static<typeof MediumSchema>;

export const EMOTIONS = ["angry", "anxious", "sad", "happy", "neutral"] as const;
export const EmotionLabelSchema = Type.Enum(EMOTIONS);
export type EmotionLabel = (typeof EMOTIONS)[number];

/** Emotion of one utterance of the customer. `abstained` means that nothing may be decided on it. */
export const EmotionSchema = Type.Object(
  {
    label: EmotionLabelSchema,
    probabilities: Type.Record(Type.String(), Type.Number({ minimum: 0, maximum: 1 })),
    intensity: Type.Number({ minimum: 0, maximum: 1 }),
    abstained: Type.Boolean(),
    evidence: Type.Array(Type.String({ maxLength: 100 }), { maxItems: 20 }),
    source: Type.Union([Type.Literal("text"), Type.Literal("voice"), Type.Literal("fused")]),
    modelId: Type.String(),
    modelVersion: Type.String(),
    modelSha256: Type.String(),
  },
  strict,
);
export type EmotionScore = Static<typeof EmotionSchema>;

const MediaReport = Type.Object(
  {
    codec: Type.String(),
    packetsIn: Type.Integer(),
    packetsOut: Type.Integer(),
    lostIn: Type.Integer(),
    lateIn: Type.Integer(),
    strangerIn: Type.Integer(),
    jitterInMs: Type.Number(),
    roundTripMs: Type.Number(),
    lossOutFraction: Type.Number(),
    jitterOutMs: Type.Number(),
    concealedMs: Type.Integer(),
  },
  strict,
);

const event = <T extends string, P extends Record<string, ReturnType<typeof Type.Unsafe> | object>>(
  type: T,
  properties: P,
) => Type.Object({ type: Type.Literal(type), ...properties }, strict);

export const ConversationEventBodySchema = Type.Union([
  event("contact-started", {
    contactId: Type.String(),
    medium: MediumSchema,
    from: Text,
    to: Text,
    callId: Type.Optional(Type.String()),
    sipCallId: Type.Optional(Type.String()),
    trunkName: Type.Optional(Type.String()),
    codec: Type.Optional(Type.String()),
  }),
  event("customer-said", {
    turn: Ms,
    text: Text,
    language: LanguageSchema,
    via: Type.Union([Type.Literal("speech"), Type.Literal("text"), Type.Literal("digits")]),
    confidence: Type.Optional(Type.Number()),
    emotion: Type.Optional(EmotionSchema),
    startMs: Type.Optional(Ms),
    endMs: Type.Optional(Ms),
    modelId: Type.Optional(Type.String()),
    modelSha256: Type.Optional(Type.String()),
    endpointMs: Type.Optional(Ms),
    recognitionMs: Type.Optional(Ms),
  }),
  event("assistant-said", {
    sayId: Type.String(),
    turn: Ms,
    text: Text,
    language: LanguageSchema,
    reason: Type.Enum([
      "greeting",
      "answer",
      "small-talk",
      "clarify",
      "no-match",
      "no-input",
      "offer-person",
      "handoff",
      "message",
      "goodbye",
      "menu",
    ]),
    articleId: Type.Optional(Type.String()),
    score: Type.Optional(Type.Number()),
  }),
  event("playback-started", { sayId: Type.String(), synthesisMs: Ms, responseMs: Ms }),
  event("playback-finished", { sayId: Type.String(), interrupted: Type.Boolean(), playedMs: Ms }),
  event("barge-in", { stoppedAfterMs: Ms }),
  event("no-input", { count: Ms }),
  event("policy-applied", { rule: Type.String(), action: Type.String(), emotion: EmotionLabelSchema }),
  event("handoff-requested", { queueId: Type.String(), queueName: Type.String(), reason: Type.String() }),
  event("ringing", { phoneId: Type.String(), phoneName: Type.String() }),
  event("agent-joined", { phoneId: Type.String(), agentName: Type.String() }),
  event("agent-said", { agentName: Type.String(), text: Text, language: LanguageSchema }),
  event("handoff-failed", { queueId: Type.String(), reason: Type.String() }),
  event("message-taken", { recordingPath: Type.String(), durationMs: Ms, transcript: Text }),
  event("task-created", { taskId: Type.String() }),
  event("hold-changed", { onHold: Type.Boolean() }),
  event("degraded", { reason: Type.String(), hint: Type.String() }),
  event("file-received", { fileId: Type.String(), name: Text, mediaType: Type.String(), sizeBytes: Ms }),
  event("contact-ended", {
    contactId: Type.String(),
    side: Type.Enum(["customer", "carrier", "us", "unknown"]),
    reason: Type.String(),
    sipCode: Type.Optional(Type.Integer()),
    q850: Type.Optional(Type.Integer()),
    durationMs: Ms,
    media: Type.Optional(MediaReport),
  }),
  event("ended", {
    outcome: Type.Enum(["answered", "handed-over", "message-taken", "abandoned", "failed"]),
  }),
]);
export type ConversationEventBody = Static<typeof ConversationEventBodySchema>;

export const ConversationEventSchema = Type.Object(
  {
    conversationId: Type.String(),
    seq: Type.Integer({ minimum: 1 }),
    at: Type.Integer(),
    body: ConversationEventBodySchema,
  },
  strict,
);
export type ConversationEvent = Static<typeof ConversationEventSchema>;

/** A conversation holds contacts; a contact is one arrival on one medium. */
export const ConversationSummarySchema = Type.Object(
  {
    id: Type.String(),
    customerId: Type.String(),
    customerName: Type.String(),
    address: Type.String({ description: "the number or chat identity of the latest contact" }),
    medium: MediumSchema,
    state: Type.Union([Type.Literal("live"), Type.Literal("ended")]),
    handler: Type.Union([
      Type.Literal("assistant"),
      Type.Literal("queue"),
      Type.Literal("agent"),
      Type.Literal("nobody"),
    ]),
    language: LanguageSchema,
    startedAt: Type.Integer(),
    updatedAt: Type.Integer(),
    endedAt: Type.Optional(Type.Integer()),
    outcome: Type.Optional(Type.Enum(["answered", "handed-over", "message-taken", "abandoned", "failed"])),
    mood: Type.Optional(EmotionSchema),
    lastText: Type.String(),
    turns: Ms,
    callId: Type.Optional(Type.String()),
    queueName: Type.Optional(Type.String()),
    agentName: Type.Optional(Type.String()),
  },
  strict,
);
export type ConversationSummary = Static<typeof ConversationSummarySchema>;
