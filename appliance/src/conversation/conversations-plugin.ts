import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import {
  AgentMessageSchema,
  ConversationDetailSchema,
  ConversationEventSchema,
  ConversationPageSchema,
  ConversationsQuerySchema,
  IdParamsSchema,
} from "@intramuros/contracts";
import type { FastifyInstance } from "fastify";
import { HttpFault } from "../http/route.ts";
import type { Conversations } from "./conversations-driver.ts";

/** `GET /api/conversations`, `GET /api/conversations/:id`, `POST /api/conversations/:id/messages`. */
export async function conversationsPlugin(
  app: FastifyInstance,
  deps: { readonly conversations: Conversations },
): Promise<void> {
  const { conversations } = deps;
  const typed = app.withTypeProvider<TypeBoxTypeProvider>();
  typed.route({
    method: "GET",
    url: "/api/conversations",
    config: { permission: "signed-in" },
    schema: { querystring: ConversationsQuerySchema, response: { 200: ConversationPageSchema } },
    async handler(request) {
      const { cursor, limit, q, state, callId } = request.query;
      const page =
        callId !== undefined
          ? await conversations.ofCall(callId)
          : await conversations.list({
              limit: limit ?? 50,
              ...(cursor === undefined ? {} : { before: cursor }),
              ...(q === undefined ? {} : { q }),
              ...(state === undefined ? {} : { state }),
            });
      return { items: [...page.items], ...(page.next === undefined ? {} : { next: page.next }) };
    },
  });
  typed.route({
    method: "GET",
    url: "/api/conversations/:id",
    config: { permission: "signed-in", audit: "conversation.viewed" },
    schema: { params: IdParamsSchema, response: { 200: ConversationDetailSchema } },
    async handler(request) {
      const detail = await conversations.detail(request.params.id);
      if (detail === undefined) throw unknownConversation();
      return detail;
    },
  });
  typed.route({
    method: "POST",
    url: "/api/conversations/:id/messages",
    config: { permission: ["administrator", "supervisor", "agent"], audit: "message.sent" },
    schema: { params: IdParamsSchema, body: AgentMessageSchema, response: { 201: ConversationEventSchema } },
    async handler(request, reply) {
      const detail = await conversations.detail(request.params.id);
      if (detail === undefined) throw unknownConversation();
      const agent = request.actor;
      const event = await conversations.chat.agentSaid(request.params.id, {
        id: agent?.id ?? "local-operator",
        name: agent?.displayName ?? "local-operator",
        text: request.body.text,
      });
      if (event === undefined) {
        throw new HttpFault({
          status: 409,
          code: "conversation-not-writable",
          message: "this conversation is not a chat that is going on",
          hint: "a call is answered on a phone; an ended chat begins again when the customer writes",
        });
      }
      reply.code(201);
      return event;
    },
  });
}

const unknownConversation = (): HttpFault =>
  new HttpFault({
    status: 404,
    code: "not-found",
    message: "there is no such conversation",
    hint: "it may have been erased; load the list again",
  });
