import { type Static, Type } from "typebox";
import { EmotionLabelSchema } from "../conversation.ts";

/** `GET /api/overview`, `GET /api/system`, `GET /api/models`, `GET|PUT /api/emotion-policy`. */
export const ProcessStateSchema = Type.Object({
  name: Type.Enum(["sip", "telephony", "inference", "appliance"]),
  state: Type.Union([Type.Literal("up"), Type.Literal("degraded"), Type.Literal("down")]),
  since: Type.Integer(),
  problem: Type.String(),
  pid: Type.Optional(Type.Integer()),
  rssBytes: Type.Optional(Type.Integer()),
  cpuPercent: Type.Optional(Type.Number()),
});
export type ProcessState = Static<typeof ProcessStateSchema>;

/** An alarm says what is wrong (`code`, translated by the console) and what to do; `values` fill the sentence. */
export const AlarmSchema = Type.Object({
  code: Type.String(),
  severity: Type.Union([Type.Literal("info"), Type.Literal("warning"), Type.Literal("critical")]),
  since: Type.Integer(),
  values: Type.Record(Type.String(), Type.String()),
});
export type Alarm = Static<typeof AlarmSchema>;

export const OverviewSchema = Type.Object({
  health: Type.Union([Type.Literal("good"), Type.Literal("degraded"), Type.Literal("bad")]),
  alarms: Type.Array(AlarmSchema),
  processes: Type.Array(ProcessStateSchema),
  live: Type.Object({
    calls: Type.Integer(),
    chats: Type.Integer(),
    withAgent: Type.Integer(),
    waiting: Type.Integer(),
    maxCalls: Type.Integer(),
  }),
  mood: Type.Record(Type.String(), Type.Integer(), {
    description: "live conversations by the emotion label of the latest utterance",
  }),
  today: Type.Object({
    conversations: Type.Integer(),
    answered: Type.Integer(),
    handedOver: Type.Integer(),
    messages: Type.Integer(),
    abandoned: Type.Integer(),
    responseP50Ms: Type.Optional(Type.Integer()),
    responseP95Ms: Type.Optional(Type.Integer()),
  }),
  hourly: Type.Array(
    Type.Object({
      hourStart: Type.Integer(),
      calls: Type.Integer(),
      chats: Type.Integer(),
      angry: Type.Integer(),
      anxious: Type.Integer(),
    }),
  ),
  openTasks: Type.Integer(),
});
export type Overview = Static<typeof OverviewSchema>;

export const SystemSchema = Type.Object({
  version: Type.String(),
  node: Type.String(),
  host: Type.Object({
    hostname: Type.String(),
    os: Type.String(),
    kernel: Type.String(),
    cpu: Type.String(),
    cores: Type.Integer(),
    uptimeSeconds: Type.Integer(),
  }),
  load: Type.Object({
    cpuPercent: Type.Number(),
    memoryUsedBytes: Type.Integer(),
    memoryTotalBytes: Type.Integer(),
    diskUsedBytes: Type.Integer(),
    diskTotalBytes: Type.Integer(),
  }),
  processes: Type.Array(ProcessStateSchema),
  alarms: Type.Array(AlarmSchema),
  addresses: Type.Object({ console: Type.String(), sip: Type.Array(Type.String()) }),
  store: Type.Object({ records: Type.Integer(), bytes: Type.Integer() }),
  audit: Type.Object({ entries: Type.Integer(), lastCheckpointAt: Type.Optional(Type.Integer()) }),
});
export type SystemReply = Static<typeof SystemSchema>;

export const ModelSchema = Type.Object({
  id: Type.String(),
  version: Type.String(),
  task: Type.String(),
  languages: Type.Array(Type.String()),
  state: Type.Enum(["loading", "ready", "failed", "missing"]),
  reason: Type.String(),
  engine: Type.String(),
  executionProvider: Type.String(),
  sha256: Type.String(),
  licence: Type.String(),
  attribution: Type.String(),
  builtIn: Type.Boolean(),
  sizeBytes: Type.Integer(),
  scores: Type.Array(Type.Object({ set: Type.String(), metric: Type.String(), value: Type.Number() })),
  latencyP50Ms: Type.Number(),
  latencyP95Ms: Type.Number(),
  runs: Type.Integer(),
});
export type Model = Static<typeof ModelSchema>;
export const ModelsReplySchema = Type.Object({
  available: Type.Boolean(),
  models: Type.Array(ModelSchema),
  load: Type.Optional(
    Type.Object({
      streams: Type.Integer(),
      maxStreams: Type.Integer(),
      queuedRecognitions: Type.Integer(),
      refused: Type.Integer(),
    }),
  ),
});
export type ModelsReply = Static<typeof ModelsReplySchema>;

/** What an emotion of the customer leads to. Rules are tried in order; the first that fits is applied. */
export const EmotionRuleSchema = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 60 }),
    enabled: Type.Boolean(),
    emotion: EmotionLabelSchema,
    minProbability: Type.Number({ minimum: 0, maximum: 1 }),
    consecutive: Type.Integer({ minimum: 1, maximum: 10, description: "utterances in a row" }),
    style: Type.Union([Type.Literal("normal"), Type.Literal("calm")]),
    prefix: Type.Object(
      { zh: Type.String({ maxLength: 200 }), en: Type.String({ maxLength: 200 }) },
      { additionalProperties: false },
    ),
    action: Type.Union([Type.Literal("none"), Type.Literal("offer-person"), Type.Literal("handoff")]),
  },
  { additionalProperties: false },
);
export type EmotionRule = Static<typeof EmotionRuleSchema>;
export const EmotionPolicySchema = Type.Object(
  { rules: Type.Array(EmotionRuleSchema, { maxItems: 50 }) },
  { additionalProperties: false },
);
export type EmotionPolicy = Static<typeof EmotionPolicySchema>;
