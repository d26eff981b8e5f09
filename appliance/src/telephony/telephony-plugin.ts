import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import {
  CalendarInputSchema,
  CalendarSchema,
  CommissioningCallRequestSchema,
  type CommissioningJob,
  CommissioningJobSchema,
  FlowInputSchema,
  FlowSchema,
  IdParamsSchema,
  NumberInputSchema,
  NumberSchema,
} from "@intramuros/contracts";
import type { FastifyInstance } from "fastify";
import { HttpFault } from "../http/route.ts";
import { openCommissioning } from "./commissioning-driver.ts";
import { setupRoutes } from "./crud-plugin.ts";
import { type TrunkPluginDeps, trunkPlugin } from "./trunk-plugin.ts";

/** `/api/trunks`, `/api/numbers`, `/api/calendars`, `/api/flows`, `/api/commissioning-calls`. */
export async function telephonyPlugin(app: FastifyInstance, deps: TrunkPluginDeps): Promise<void> {
  const { setup } = deps;
  await trunkPlugin(app, deps);
  setupRoutes(app, {
    setup,
    kind: "numbers",
    audit: "number.changed",
    input: NumberInputSchema,
    output: NumberSchema,
    draw: (item) => item,
  });
  setupRoutes(app, {
    setup,
    kind: "calendars",
    audit: "calendar.changed",
    input: CalendarInputSchema,
    output: CalendarSchema,
    draw: (item) => item,
  });
  setupRoutes(app, {
    setup,
    kind: "flows",
    audit: "flow.changed",
    input: FlowInputSchema,
    output: FlowSchema,
    draw: (item) => item,
  });

  const commissioning = openCommissioning(deps.telephony);
  const typed = app.withTypeProvider<TypeBoxTypeProvider>();
  typed.route({
    method: "POST",
    url: "/api/commissioning-calls",
    config: { permission: ["administrator", "telephony-engineer"], audit: "commissioning.started" },
    schema: { body: CommissioningCallRequestSchema, response: { 202: CommissioningJobSchema } },
    async handler(request, reply) {
      reply.code(202);
      return commissioning.start(request.body);
    },
  });
  typed.route({
    method: "GET",
    url: "/api/commissioning-calls/:id",
    config: { permission: "signed-in" },
    schema: { params: IdParamsSchema, response: { 200: CommissioningJobSchema } },
    async handler(request): Promise<CommissioningJob> {
      const job = commissioning.get(request.params.id);
      if (job !== undefined) return job;
      throw new HttpFault({
        status: 404,
        code: "not-found",
        message: "there is no such commissioning call",
        hint: "reports are kept until the appliance restarts; start a new call",
      });
    },
  });
}
