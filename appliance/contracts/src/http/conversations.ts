import { type Static, Type } from "typebox";
import { ConversationEventSchema, ConversationSummarySchema } from "../conversation.ts";
import { PageQuerySchema, PageSchema } from "./common.ts";

/** `GET /api/conversations`, `GET /api/conversations/:id`. */
export const ConversationsQuerySchema = Type.Object({
  ...PageQuerySchema.properties,
  state: Type.Optional(Type.Union([Type.Literal("live"), Type.Literal("ended")])),
  callId: Type.Optional(Type.String({ maxLength: 200, description: "our call id, or the SIP Call-ID" })),
});
export const ConversationPageSchema = PageSchema(ConversationSummarySchema);
export const ConversationDetailSchema = Type.Object({
  conversation: ConversationSummarySchema,
  events: Type.Array(ConversationEventSchema),
});
export type ConversationDetail = Static<typeof ConversationDetailSchema>;

/** `POST /api/conversations/:id/messages`: a person of the console answers in a chat. */
export const AgentMessageSchema = Type.Object(
  { text: Type.String({ minLength: 1, maxLength: 2000, pattern: "\\S" }) },
  { additionalProperties: false },
);
export type AgentMessage = Static<typeof AgentMessageSchema>;
