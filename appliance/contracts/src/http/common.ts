import { type Static, type TSchema, Type } from "typebox";

/** Every refusal of the HTTP interface. `id` is in the server's log, so that support can find it. */
export const ErrorReplySchema = Type.Object({
  error: Type.Object({
    code: Type.String(),
    message: Type.String(),
    hint: Type.String(),
    field: Type.Optional(Type.String()),
    id: Type.String(),
  }),
});
export type ErrorReply = Static<typeof ErrorReplySchema>;

/** A page of a list. `next` is the cursor of the page that follows; absent on the last. */
export const PageSchema = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), next: Type.Optional(Type.String()) });
export const PageQuerySchema = Type.Object({
  cursor: Type.Optional(Type.String({ maxLength: 200 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  q: Type.Optional(Type.String({ maxLength: 200 })),
});
export const IdParamsSchema = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) });
export const OkSchema = Type.Object({ ok: Type.Literal(true) });
