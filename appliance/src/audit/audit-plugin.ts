import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import {
  AuditPageSchema,
  AuditQuerySchema,
  CheckpointSchema,
  type Role,
  type VerifyReply,
  VerifyReplySchema,
} from "@intramuros/contracts";
import type { FastifyInstance } from "fastify";
import { HttpFault } from "../http/route.ts";
import type { AuditLog } from "./level-audit-store.ts";
import type { CheckedBy } from "./nightly-check-driver.ts";

const READERS: readonly Role[] = ["administrator", "auditor", "supervisor"];

/** `GET /api/audit`, `GET /api/audit/checkpoint`, `POST /api/audit/verify`. There is no route that changes or deletes an entry. */
export async function auditPlugin(
  app: FastifyInstance,
  deps: { readonly audit: AuditLog; readonly check: (by: CheckedBy) => Promise<VerifyReply> },
): Promise<void> {
  const { audit } = deps;
  const typed = app.withTypeProvider<TypeBoxTypeProvider>();
  typed.route({
    method: "GET",
    url: "/api/audit",
    config: { permission: READERS },
    schema: { querystring: AuditQuerySchema, response: { 200: AuditPageSchema } },
    async handler(request) {
      const { cursor, limit, code, object, order } = request.query;
      if (cursor !== undefined && !/^\d{1,15}$/.test(cursor)) {
        throw new HttpFault({
          status: 400,
          code: "invalid-input",
          message: "the cursor is not one that this list gave",
          hint: "start from the first page",
          field: "cursor",
        });
      }
      const page = await audit.page({
        limit: limit ?? 50,
        order: order ?? "newest",
        ...(cursor === undefined ? {} : { cursor }),
        ...(code === undefined || code === "" ? {} : { code }),
        ...(object === undefined || object === "" ? {} : { object }),
      });
      return { items: [...page.items], ...(page.next === undefined ? {} : { next: page.next }) };
    },
  });
  typed.route({
    method: "GET",
    url: "/api/audit/checkpoint",
    config: { permission: READERS },
    schema: { response: { 200: CheckpointSchema } },
    handler: () => audit.checkpoint(),
  });
  typed.route({
    method: "POST",
    url: "/api/audit/verify",
    config: { permission: READERS, auditInside: true },
    schema: { response: { 200: VerifyReplySchema } },
    handler: ({ actor, id, ip }) =>
      deps.check({ actor: actor?.id ?? "anonymous", role: actor?.role ?? "none", source: ip, requestId: id }),
  });
}
