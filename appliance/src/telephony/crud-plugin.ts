import { IdParamsSchema, OkSchema, type Role } from "@intramuros/contracts";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { type Static, type TObject, Type } from "typebox";
import type { SetupItem, SetupKind } from "./setup.ts";
import { notFound, type SetupStore } from "./setup-store.ts";

/** Who may change how calls come in and whom they reach. */
const CHANGERS: readonly Role[] = ["administrator", "telephony-engineer"];

/** Whose change it is, as the history of a trunk shows it. */
export const nameOf = (request: FastifyRequest): string => request.actor?.displayName ?? "local-operator";

/** The four routes of one kind of the set-up: list, create, replace, delete. Reading shows no password; see `draw`. */
export function setupRoutes<K extends SetupKind, I extends TObject>(
  app: FastifyInstance,
  deps: {
    readonly setup: SetupStore;
    readonly kind: K;
    readonly audit: string;
    readonly input: I;
    readonly output: TObject;
    readonly draw: (item: SetupItem<K>) => object;
    /** What is kept of the record before: a password that the form left empty. */
    readonly merge?: (input: Static<I>, before: SetupItem<K> | undefined) => Omit<SetupItem<K>, "id">;
    readonly changers?: readonly Role[];
  },
): void {
  const { setup, kind, draw } = deps;
  const url = `/api/${kind}`;
  const permission = deps.changers ?? CHANGERS;
  const merge = deps.merge ?? ((input) => input as unknown as Omit<SetupItem<K>, "id">);
  const list = (): readonly SetupItem<K>[] => setup.records()[kind] as readonly SetupItem<K>[];
  app.route({
    method: "GET",
    url,
    config: { permission: "signed-in" },
    schema: { response: { 200: Type.Object({ items: Type.Array(deps.output) }) } },
    handler: async () => ({ items: list().map(draw) }),
  });
  app.route({
    method: "POST",
    url,
    config: { permission, audit: deps.audit },
    schema: { body: deps.input, response: { 201: deps.output } },
    async handler(request, reply) {
      const item = await setup.put(kind, merge(request.body as Static<I>, undefined), undefined, nameOf(request));
      return reply.code(201).send(draw(item));
    },
  });
  app.route({
    method: "PUT",
    url: `${url}/:id`,
    config: { permission, audit: deps.audit },
    schema: { params: IdParamsSchema, body: deps.input, response: { 200: deps.output } },
    async handler(request, reply) {
      const { id } = request.params as Static<typeof IdParamsSchema>;
      const before = list().find((item) => item.id === id);
      if (before === undefined) throw notFound(kind);
      const item = await setup.put(kind, merge(request.body as Static<I>, before), id, nameOf(request));
      return reply.send(draw(item));
    },
  });
  app.route({
    method: "DELETE",
    url: `${url}/:id`,
    config: { permission, audit: deps.audit },
    schema: { params: IdParamsSchema, response: { 200: OkSchema } },
    async handler(request) {
      await setup.remove(kind, (request.params as Static<typeof IdParamsSchema>).id);
      return { ok: true as const };
    },
  });
}
