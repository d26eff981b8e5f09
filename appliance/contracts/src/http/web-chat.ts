import { type Static, Type } from "typebox";
import { LanguageSchema } from "../conversation.ts";

/**
 * `GET /chat/socket` (WebSocket), `POST /chat/files`, `GET /chat/widget.js`, `GET /chat/` (a page with the widget on it).
 * The visitor's token is made by the server at the first `hello`, kept by the browser, and is the chat identity of the customer.
 */
export const ChatClientMessageSchema = Type.Union([
  Type.Object(
    {
      type: Type.Literal("hello"),
      token: Type.Optional(Type.String({ maxLength: 100 })),
      conversationId: Type.Optional(
        Type.String({ maxLength: 100, description: "of the last welcome; another one now running is sent whole" }),
      ),
      afterSeq: Type.Optional(Type.Integer({ minimum: 0 })),
      language: Type.Optional(LanguageSchema),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      type: Type.Literal("text"),
      clientId: Type.String({ minLength: 1, maxLength: 64 }),
      text: Type.String({ minLength: 1, maxLength: 2000 }),
    },
    { additionalProperties: false },
  ),
  Type.Object({ type: Type.Literal("end") }, { additionalProperties: false }),
  Type.Object({ type: Type.Literal("ping") }, { additionalProperties: false }),
]);
export type ChatClientMessage = Static<typeof ChatClientMessageSchema>;

export const ChatLineSchema = Type.Object({
  seq: Type.Integer(),
  at: Type.Integer(),
  who: Type.Union([Type.Literal("customer"), Type.Literal("assistant"), Type.Literal("agent"), Type.Literal("system")]),
  text: Type.String(),
  clientId: Type.Optional(Type.String()),
  file: Type.Optional(
    Type.Object({ id: Type.String(), name: Type.String(), mediaType: Type.String(), sizeBytes: Type.Integer() }),
  ),
});
export type ChatLine = Static<typeof ChatLineSchema>;
export const ChatServerMessageSchema = Type.Union([
  Type.Object({
    type: Type.Literal("welcome"),
    token: Type.String(),
    conversationId: Type.Optional(Type.String({ description: "absent until the first message" })),
    siteName: Type.String(),
    language: LanguageSchema,
    lines: Type.Array(ChatLineSchema),
    maxFileBytes: Type.Integer(),
  }),
  Type.Object({
    type: Type.Literal("line"),
    line: ChatLineSchema,
    conversationId: Type.Optional(Type.String()),
  }),
  Type.Object({ type: Type.Literal("ended") }),
  Type.Object({ type: Type.Literal("typing") }),
  Type.Object({
    type: Type.Literal("refused"),
    clientId: Type.Optional(Type.String()),
    code: Type.String(),
    message: Type.String(),
  }),
  Type.Object({ type: Type.Literal("pong") }),
]);
export type ChatServerMessage = Static<typeof ChatServerMessageSchema>;
