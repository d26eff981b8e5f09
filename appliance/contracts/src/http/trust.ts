import { type Static, Type } from "typebox";
import { PageSchema } from "./common.ts";

/** `GET /api/audit`, `GET /api/audit/checkpoint`, `POST /api/audit/verify`. */
export const AuditEntrySchema = Type.Object({
  seq: Type.Integer({ minimum: 0, description: "leaf index in the Merkle tree" }),
  at: Type.Integer(),
  code: Type.String({
    description: "e.g. call.answered, knowledge.changed, session.refused; listed in appliance/docs/audit-events.md",
  }),
  actor: Type.String({ description: "user:<id>, process:<name>, local-operator" }),
  role: Type.String(),
  source: Type.String({ description: "network address of the actor, or the process" }),
  object: Type.String(),
  result: Type.Union([Type.Literal("success"), Type.Literal("failure")]),
  reason: Type.String(),
  requestId: Type.String(),
  version: Type.String(),
  detail: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
  leafHash: Type.String({ description: "RFC 6962 leaf hash, hex" }),
});
export type AuditEntry = Static<typeof AuditEntrySchema>;
export const AuditPageSchema = PageSchema(AuditEntrySchema);
export const AuditQuerySchema = Type.Object({
  cursor: Type.Optional(Type.String({ maxLength: 40 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  code: Type.Optional(Type.String({ maxLength: 60, description: "prefix" })),
  object: Type.Optional(Type.String({ maxLength: 120 })),
  order: Type.Optional(Type.Union([Type.Literal("newest"), Type.Literal("oldest")])),
});
export const CheckpointSchema = Type.Object({
  origin: Type.String(),
  size: Type.Integer(),
  rootHash: Type.String(),
  note: Type.String({ description: "C2SP signed note" }),
  at: Type.Integer(),
});
export type Checkpoint = Static<typeof CheckpointSchema>;
export const VerifyReplySchema = Type.Object({
  ok: Type.Boolean(),
  size: Type.Integer(),
  rootHash: Type.String(),
  firstBad: Type.Optional(Type.Integer()),
  problem: Type.Optional(Type.String()),
  elapsedMs: Type.Integer(),
  store: Type.Optional(
    Type.Object(
      {
        records: Type.Integer(),
        damaged: Type.Array(Type.Object({ table: Type.String(), key: Type.String(), problem: Type.String() })),
        problem: Type.Union([Type.String(), Type.Null()], {
          description: "of the store as a whole, e.g. records lost",
        }),
      },
      { description: "the records beside the log, read and compared with what was acknowledged" },
    ),
  ),
});
export type VerifyReply = Static<typeof VerifyReplySchema>;
