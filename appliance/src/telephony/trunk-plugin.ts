import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import {
  type Config,
  DoctorJobSchema,
  DoctorRequestSchema,
  IdParamsSchema,
  type Language,
  type Trunk,
  TrunkHistorySchema,
  TrunkInputSchema,
  TrunkRollbackSchema,
  TrunkSchema,
  TrunkSheetQuerySchema,
  TrunkSheetSchema,
  TrunkStatusListSchema,
} from "@intramuros/contracts";
import type { FastifyInstance } from "fastify";
import type { Conversations } from "../conversation/conversations-driver.ts";
import { HttpFault } from "../http/route.ts";
import { nameOf, setupRoutes } from "./crud-plugin.ts";
import type { StoredTrunk } from "./setup.ts";
import { notFound, type SetupStore } from "./setup-store.ts";
import { trunkSheet } from "./sheet/trunk-sheet.ts";
import type { TelephonyClient } from "./telephony-client.ts";
import { openTrunkDoctor } from "./trunk-doctor-driver.ts";
import type { TrunkUse } from "./trunk-use-store.ts";
import type { TrunkWatch } from "./trunk-watch-driver.ts";

export interface TrunkPluginDeps {
  readonly setup: SetupStore;
  readonly telephony: TelephonyClient;
  readonly conversations: Pick<Conversations, "callsNow">;
  readonly trunkUse: TrunkUse;
  readonly trunkWatch: Pick<TrunkWatch, "ask">;
  readonly config: Config;
}

const ENGINEERS = ["administrator", "telephony-engineer"] as const;

/** `/api/trunks` and what belongs to one trunk: status, history, rollback, sheet, doctor. */
export async function trunkPlugin(app: FastifyInstance, deps: TrunkPluginDeps): Promise<void> {
  const { setup, telephony, config } = deps;
  const typed = app.withTypeProvider<TypeBoxTypeProvider>();
  const draw = ({ password, account: { password: shown, ...account }, ...trunk }: StoredTrunk): Trunk => ({
    ...trunk,
    account: { ...account, hasPassword: shown !== "" },
    hasPassword: password !== "",
    revision: setup.trunkHistory.revisionOf(trunk.id),
    callsNow: deps.conversations.callsNow(trunk.id),
    ...deps.trunkUse.of(trunk.id),
  });
  const trunkOf = (id: string): StoredTrunk => {
    const trunk = setup.records().trunks.find((known) => known.id === id);
    if (trunk === undefined) throw notFound("trunks");
    return trunk;
  };
  setupRoutes(app, {
    setup,
    kind: "trunks",
    audit: "trunk.changed",
    input: TrunkInputSchema,
    output: TrunkSchema,
    draw,
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

  typed.route({
    method: "GET",
    url: "/api/trunks/status",
    config: { permission: "signed-in" },
    schema: { response: { 200: TrunkStatusListSchema } },
    handler: async () => ({ items: await deps.trunkWatch.ask() }),
  });
  typed.route({
    method: "GET",
    url: "/api/trunks/:id/history",
    config: { permission: ENGINEERS },
    schema: { params: IdParamsSchema, response: { 200: TrunkHistorySchema } },
    async handler(request) {
      return { items: [...setup.trunkHistory.list(trunkOf(request.params.id).id)] };
    },
  });
  typed.route({
    method: "POST",
    url: "/api/trunks/:id/rollback",
    config: { permission: ENGINEERS, audit: "trunk.rolled-back" },
    schema: { params: IdParamsSchema, body: TrunkRollbackSchema, response: { 200: TrunkSchema } },
    async handler(request) {
      const { id } = trunkOf(request.params.id);
      const form = await setup.trunkHistory.form(id, request.body.revision);
      if (form === undefined) {
        throw new HttpFault({
          status: 404,
          code: "revision-unknown",
          message: "this revision is not kept any more",
          hint: "the latest 50 are kept; load the history again",
        });
      }
      return draw(await setup.put("trunks", form, id, nameOf(request)));
    },
  });
  typed.route({
    method: "GET",
    url: "/api/trunks/:id/sheet",
    config: { permission: ENGINEERS },
    schema: { params: IdParamsSchema, querystring: TrunkSheetQuerySchema, response: { 200: TrunkSheetSchema } },
    async handler(request) {
      const trunk = trunkOf(request.params.id);
      const language: Language = request.query.language ?? config.site.language;
      return trunkSheet(trunk, {
        language,
        template: request.query.template ?? trunk.template,
        listeners: telephony.status()?.sipAddresses ?? [],
        configured: config.sip.listen,
        externalAddress: config.sip.externalAddress,
        publicAddress: config.telephony.publicAddress,
        rtpPortMin: config.telephony.rtpPortMin,
        rtpPortMax: config.telephony.rtpPortMax,
        numbers: setup.records().numbers.filter((number) => ["", trunk.id].includes(number.trunkId)),
      });
    },
  });

  const doctor = openTrunkDoctor(telephony);
  typed.route({
    method: "POST",
    url: "/api/trunks/:id/doctor",
    config: { permission: ENGINEERS, audit: "trunk.tried" },
    schema: { params: IdParamsSchema, body: DoctorRequestSchema, response: { 202: DoctorJobSchema } },
    async handler(request, reply) {
      const { id } = trunkOf(request.params.id);
      request.auditObject = `trunk:${id}`;
      reply.code(202);
      return doctor.start(id, request.body);
    },
  });
  typed.route({
    method: "GET",
    url: "/api/trunk-doctor/:id",
    config: { permission: ENGINEERS },
    schema: { params: IdParamsSchema, response: { 200: DoctorJobSchema } },
    async handler(request) {
      const job = doctor.get(request.params.id);
      if (job !== undefined) return job;
      throw new HttpFault({
        status: 404,
        code: "not-found",
        message: "there is no such trial",
        hint: "reports are kept until the appliance restarts; start a new one",
      });
    },
  });
}
