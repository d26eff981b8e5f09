import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { OverviewSchema, SystemSchema } from "@intramuros/contracts";
import type { FastifyInstance } from "fastify";
import type { SystemRoom } from "./system-driver.ts";

/** `GET /api/overview`, `GET /api/system`, `/healthz`, `/readyz`. */
export async function systemPlugin(
  app: FastifyInstance,
  deps: {
    readonly system: SystemRoom;
    readonly problems: () => { readonly ready: boolean; readonly problems: readonly string[] };
  },
): Promise<void> {
  const typed = app.withTypeProvider<TypeBoxTypeProvider>();
  typed.route({
    method: "GET",
    url: "/api/overview",
    config: { permission: "signed-in" },
    schema: { response: { 200: OverviewSchema } },
    handler: async () => deps.system.overview(),
  });
  typed.route({
    method: "GET",
    url: "/api/system",
    config: { permission: "signed-in" },
    schema: { response: { 200: SystemSchema } },
    handler: () => deps.system.system(),
  });
  // Public: the supervisor and the start board ask, before anybody is signed in; they hear states, not data.
  app.get("/healthz", { config: { permission: "public" } }, async () => ({ alive: true }));
  app.get("/readyz", { config: { permission: "public" } }, async (_request, reply) => {
    const { ready, problems } = deps.problems();
    return reply.code(ready ? 200 : 503).send({ ready, problems });
  });
}
