import { type Static, Type } from "typebox";
import { ConversationEventSchema, ConversationSummarySchema } from "../conversation.ts";
import { OverviewSchema } from "./system.ts";

/** `GET /api/live` (WebSocket, session cookie): what moves by itself on the console. The server sends; the client only listens. */
export const LiveMessageSchema = Type.Union([
  Type.Object({ type: Type.Literal("conversation"), conversation: ConversationSummarySchema }),
  Type.Object({ type: Type.Literal("event"), event: ConversationEventSchema }),
  Type.Object({
    type: Type.Literal("partial"),
    conversationId: Type.String(),
    text: Type.String(),
    language: Type.String(),
  }),
  Type.Object({ type: Type.Literal("overview"), overview: OverviewSchema }),
  Type.Object({
    type: Type.Literal("changed"),
    what: Type.String({
      description:
        "a list to load again: trunks, numbers, flows, queues, phones, tasks, articles, models, audit, customers",
    }),
  }),
]);
export type LiveMessage = Static<typeof LiveMessageSchema>;
