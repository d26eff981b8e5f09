import { type Static, Type } from "typebox";
import { ConversationSummarySchema, LanguageSchema } from "../conversation.ts";
import { PageSchema } from "./common.ts";

/** `GET /api/customers`, `GET|PATCH /api/customers/:id`. */
export const CustomerSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  language: LanguageSchema,
  identities: Type.Array(
    Type.Object({ kind: Type.Union([Type.Literal("phone"), Type.Literal("web-chat")]), value: Type.String() }),
  ),
  note: Type.String(),
  firstSeenAt: Type.Integer(),
  lastSeenAt: Type.Integer(),
  conversations: Type.Integer(),
});
export type Customer = Static<typeof CustomerSchema>;
export const CustomerPageSchema = PageSchema(CustomerSchema);
export const CustomerUpdateSchema = Type.Object(
  {
    name: Type.Optional(Type.String({ maxLength: 120 })),
    note: Type.Optional(Type.String({ maxLength: 2000 })),
    language: Type.Optional(LanguageSchema),
  },
  { additionalProperties: false },
);
export const CustomerDetailSchema = Type.Object({
  customer: CustomerSchema,
  conversations: Type.Array(ConversationSummarySchema),
});
export type CustomerDetail = Static<typeof CustomerDetailSchema>;
