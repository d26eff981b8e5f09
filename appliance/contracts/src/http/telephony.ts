import { type Static, Type } from "typebox";
import { LanguageSchema } from "../conversation.ts";

/** `/api/numbers`, `/api/calendars`, `/api/flows`, `/api/queues`, `/api/phones` (each `GET`, `POST`, `PUT /:id`, `DELETE /:id`), `POST /api/commissioning-calls`. */
const strict = { additionalProperties: false };
const Name = Type.String({ minLength: 1, maxLength: 80 });
const Id = Type.String({ minLength: 1, maxLength: 100 });
const Prompt = Type.String({ maxLength: 1000 });

export const NumberInputSchema = Type.Object(
  {
    pattern: Type.String({
      minLength: 1,
      maxLength: 40,
      pattern: "^(\\+?[0-9A-Za-z._-]+\\*?|\\*)$",
      description: "a number, a prefix ending in *, or * for all",
    }),
    trunkId: Type.String({ maxLength: 100, description: "empty: any trunk" }),
    flowId: Id,
    calendarId: Type.String({ maxLength: 100, default: "", description: "opening hours; empty: always open" }),
    closedFlowId: Type.String({ maxLength: 100, default: "", description: "the flow outside of them" }),
    note: Type.String({ maxLength: 200 }),
  },
  strict,
);
export type NumberInput = Static<typeof NumberInputSchema>;
export const NumberSchema = Type.Object({ ...NumberInputSchema.properties, id: Id });
export type NumberEntry = Static<typeof NumberSchema>;

const TimeOfDay = Type.String({ pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$" });
const Day = Type.String({ pattern: "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$" });
/** Opening hours: a week, days that are closed all day, and days that follow another day of the week (make-up working days). */
export const CalendarInputSchema = Type.Object(
  {
    name: Name,
    timeZone: Type.String({ minLength: 1, maxLength: 64, default: "Asia/Shanghai", description: "IANA name" }),
    hours: Type.Array(
      Type.Object(
        {
          weekday: Type.Integer({ minimum: 1, maximum: 7, description: "1 Monday … 7 Sunday" }),
          from: TimeOfDay,
          to: TimeOfDay,
        },
        strict,
      ),
      { maxItems: 50 },
    ),
    holidays: Type.Array(Type.Object({ from: Day, to: Day, name: Type.String({ maxLength: 80 }) }, strict), {
      maxItems: 200,
      default: [],
    }),
    workdays: Type.Array(Type.Object({ day: Day, likeWeekday: Type.Integer({ minimum: 1, maximum: 7 }) }, strict), {
      maxItems: 100,
      default: [],
    }),
  },
  strict,
);
export type CalendarInput = Static<typeof CalendarInputSchema>;
export const CalendarSchema = Type.Object({ ...CalendarInputSchema.properties, id: Id });
export type Calendar = Static<typeof CalendarSchema>;

export const MenuItemSchema = Type.Object(
  {
    digit: Type.String({ pattern: "^[0-9*#]$" }),
    action: Type.Enum(["say", "handoff", "repeat", "language", "hang-up"]),
    text: Prompt,
    queueId: Type.String({ maxLength: 100 }),
    flowId: Type.String({ maxLength: 100 }),
  },
  strict,
);
export const FlowInputSchema = Type.Object(
  {
    name: Name,
    language: LanguageSchema,
    greeting: Prompt,
    menuPrompt: Prompt,
    menu: Type.Array(MenuItemSchema, { maxItems: 12 }),
    queueId: Type.String({ maxLength: 100 }),
    noInputPrompt: Prompt,
    noMatchPrompt: Prompt,
    handoffPrompt: Prompt,
    messagePrompt: Prompt,
    goodbyePrompt: Prompt,
    noInputMs: Type.Integer({ minimum: 1000, maximum: 60000 }),
    maxNoInput: Type.Integer({ minimum: 1, maximum: 10 }),
  },
  strict,
);
export type FlowInput = Static<typeof FlowInputSchema>;
export const FlowSchema = Type.Object({ ...FlowInputSchema.properties, id: Id });
export type Flow = Static<typeof FlowSchema>;

export const QueueInputSchema = Type.Object(
  {
    name: Name,
    phoneIds: Type.Array(Id, { maxItems: 200 }),
    outside: Type.Array(
      Type.Object(
        {
          trunkId: Id,
          number: Type.String({ minLength: 1, maxLength: 40, pattern: "^[+0-9A-Za-z*#._-]+$" }),
          name: Type.String({ maxLength: 80, default: "" }),
        },
        strict,
      ),
      { maxItems: 50, default: [], description: "extensions of a PBX, or any numbers, rung through a trunk" },
    ),
    ringSeconds: Type.Integer({ minimum: 5, maximum: 300 }),
  },
  strict,
);
export type QueueInput = Static<typeof QueueInputSchema>;
export const QueueSchema = Type.Object({ ...QueueInputSchema.properties, id: Id });
export type Queue = Static<typeof QueueSchema>;

export const PhoneInputSchema = Type.Object(
  {
    name: Name,
    username: Type.String({ minLength: 1, maxLength: 64, pattern: "^[A-Za-z0-9._-]+$" }),
    password: Type.String({ maxLength: 128, description: "write-only; empty on update: unchanged" }),
  },
  strict,
);
export type PhoneInput = Static<typeof PhoneInputSchema>;
export const PhoneSchema = Type.Object({
  id: Id,
  name: Name,
  username: Type.String(),
  hasPassword: Type.Boolean({ description: "a phone without a password cannot register" }),
  registered: Type.Boolean(),
  contact: Type.Optional(Type.String()),
});
export type Phone = Static<typeof PhoneSchema>;

export const TaskSchema = Type.Object({
  id: Id,
  kind: Type.Literal("callback"),
  state: Type.Union([Type.Literal("open"), Type.Literal("done")]),
  conversationId: Id,
  customerId: Id,
  customerName: Type.String(),
  address: Type.String(),
  queueId: Type.String(),
  createdAt: Type.Integer(),
  doneAt: Type.Optional(Type.Integer()),
  doneBy: Type.Optional(Type.String()),
  recordingPath: Type.Optional(Type.String()),
  durationMs: Type.Optional(Type.Integer()),
  transcript: Type.String(),
  mood: Type.Optional(Type.String()),
});
export type Task = Static<typeof TaskSchema>;
export const TaskUpdateSchema = Type.Object(
  { state: Type.Union([Type.Literal("open"), Type.Literal("done")]) },
  strict,
);

export const CommissioningCallRequestSchema = Type.Object(
  {
    say: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
    to: Type.Optional(Type.String({ maxLength: 40 })),
    language: Type.Optional(LanguageSchema),
  },
  strict,
);
/** The report of one commissioning call; the same text that `npm run call -- --json` prints. */
export const CommissioningReportSchema = Type.Object({
  ok: Type.Boolean(),
  problems: Type.Array(Type.String()),
  answered: Type.Boolean(),
  understood: Type.Boolean(),
  audited: Type.Boolean(),
  sipCallId: Type.String(),
  to: Type.String(),
  language: LanguageSchema,
  spoken: Type.String({ description: "what the caller said (text given, or empty for a WAV)" }),
  transcripts: Type.Array(
    Type.Object({
      who: Type.Union([Type.Literal("caller"), Type.Literal("assistant")]),
      text: Type.String(),
      atMs: Type.Integer(),
    }),
  ),
  heard: Type.String({
    description:
      "the assistant's answer as recognised from the audio that came back; empty when no recogniser was there",
  }),
  emotion: Type.Optional(Type.Object({ label: Type.String(), probability: Type.Number(), abstained: Type.Boolean() })),
  article: Type.Optional(Type.Object({ id: Type.String(), title: Type.String(), score: Type.Number() })),
  ladder: Type.Array(
    Type.Object({
      atMs: Type.Number(),
      direction: Type.Union([Type.Literal("→"), Type.Literal("←")]),
      line: Type.String(),
    }),
  ),
  latencyMs: Type.Object({
    setup: Type.Number({ description: "INVITE → 200" }),
    greeting: Type.Number({ description: "200 → first voiced audio" }),
    endpoint: Type.Number(),
    recognition: Type.Number(),
    dialogue: Type.Number(),
    synthesis: Type.Number(),
    response: Type.Number({
      description: "last voiced sample sent → first voiced audio of the answer received; the figure of the budget",
    }),
  }),
  media: Type.Object({
    codec: Type.String(),
    sent: Type.Integer(),
    received: Type.Integer(),
    lost: Type.Integer(),
    jitterMs: Type.Number(),
  }),
  auditSeq: Type.Optional(Type.Integer()),
  conversationId: Type.Optional(Type.String()),
});
export type CommissioningReport = Static<typeof CommissioningReportSchema>;
export const CommissioningJobSchema = Type.Object({
  id: Type.String(),
  state: Type.Union([Type.Literal("running"), Type.Literal("finished"), Type.Literal("failed")]),
  progress: Type.Array(Type.String()),
  report: Type.Optional(CommissioningReportSchema),
  problem: Type.Optional(Type.String()),
});
export type CommissioningJob = Static<typeof CommissioningJobSchema>;
