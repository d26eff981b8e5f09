import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import {
  CommissioningCallRequestSchema,
  type CommissioningJob,
  CommissioningJobSchema,
  FlowInputSchema,
  FlowSchema,
  IdParamsSchema,
  NumberInputSchema,
  NumberSchema,
  type Trunk,
  TrunkInputSchema,
  TrunkSchema,
} from "@intramuros/contracts";
import type { FastifyInstance } from "fastify";
import type { Conversations } from "../conversation/conversations-driver.ts";
import { HttpFault } from "../http/route.ts";
import { openCommissioning } from "./commissioning-driver.ts";
import { setupRoutes } from "./crud-plugin.ts";
import type { StoredTrunk } from "./setup.ts";
import type { SetupStore } from "./setup-store.ts";
import type { TelephonyClient } from "./telephony-client.ts";
import type { TrunkUse } from "./trunk-use-store.ts";

export interface TelephonyPluginDeps {
  readonly setup: SetupStore;
  readonly telephony: TelephonyClient;
  readonly conversations: Pick<Conversations, "callsNow">;
  readonly trunkUse: TrunkUse;
}

/** `/api/trunks`, `/api/numbers`, `/api/flows`, `/api/commissioning-calls`. */
export async function telephonyPlugin(app: FastifyInstance, deps: TelephonyPluginDeps): Promise<void> {
  const { setup } = deps;
  const drawTrunk = ({ password, account: { password: shown, ...account }, ...trunk }: StoredTrunk): Trunk => ({
    ...trunk,
    account: { ...account, hasPassword: shown !== "" },
    hasPassword: password !== "",
    revision: setup.revision(),
    callsNow: deps.conversations.callsNow(trunk.id),
    ...deps.trunkUse.of(trunk.id),
  });
  setupRoutes(app, {
    setup,
    kind: "trunks",
    audit: "trunk.changed",
    input: TrunkInputSchema,
    output: TrunkSchema,
    draw: drawTrunk,
    merge: (input, before) => ({
      ...input,
      // Without a user name there is nothing that a password belongs to.
      password: input.username === "" ? "" : input.password || (before?.password ?? ""),
      account: {
        ...input.account,
        password: input.account.username === "" ? "" : input.account.password || (before?.account.password ?? ""),
      },
    }),
  });
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
