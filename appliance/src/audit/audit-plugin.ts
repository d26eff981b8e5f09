import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import {
  AuditPageSchema,
  AuditQuerySchema,
  CheckpointSchema,
  type Role,
  VerifyReplySchema,
} from "@intramuros/contracts";
import type { FastifyInstance } from "fastify";
import { HttpFault } from "../http/route.ts";
import type { ScrubReport } from "../storage/level-store.ts";
import type { AuditLog } from "./level-audit-store.ts";

const READERS: readonly Role[] = ["administrator", "auditor", "supervisor"];

/** `GET /api/audit`, `GET /api/audit/checkpoint`, `POST /api/audit/verify`. There is no route that changes or deletes an entry. */
export async function auditPlugin(
  app: FastifyInstance,
  deps: { readonly audit: AuditLog; readonly scrub: () => Promise<ScrubReport> },
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
  let running: Promise<unknown> | null = null;
  typed.route({
    method: "POST",
    url: "/api/audit/verify",
    config: { permission: READERS, audit: "audit.verified" },
    schema: { response: { 200: VerifyReplySchema } },
    async handler() {
      if (running !== null) {
        throw new HttpFault({
          status: 409,
          code: "verify-running",
          message: "a verification is running",
          hint: "wait for its end",
        });
      }
      const work = (async () => {
        const verdict = await audit.verify();
        const store = await deps.scrub();
        return { ...verdict, store: { ...store, damaged: store.damaged.map((one) => ({ ...one })) } };
      })();
      running = work;
      try {
        return await work;
      } finally {
        running = null;
      }
    },
  });
}
