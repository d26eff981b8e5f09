import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import {
  CustomerDetailSchema,
  CustomerPageSchema,
  CustomerSchema,
  CustomerUpdateSchema,
  IdParamsSchema,
  PageQuerySchema,
} from "@intramuros/contracts";
import type { FastifyInstance } from "fastify";
import type { Conversations } from "../conversation/conversations-driver.ts";
import { HttpFault } from "../http/route.ts";
import type { Customers } from "./customer-store.ts";

/** `GET /api/customers`, `GET|PATCH /api/customers/:id`. */
export async function customersPlugin(
  app: FastifyInstance,
  deps: { readonly customers: Customers; readonly conversations: Pick<Conversations, "ofCustomer"> },
): Promise<void> {
  const { customers, conversations } = deps;
  const typed = app.withTypeProvider<TypeBoxTypeProvider>();
  typed.route({
    method: "GET",
    url: "/api/customers",
    config: { permission: "signed-in" },
    schema: { querystring: PageQuerySchema, response: { 200: CustomerPageSchema } },
    async handler(request) {
      const offset = offsetOf(request.query.cursor);
      const limit = request.query.limit ?? 50;
      const q = request.query.q === undefined ? {} : { q: request.query.q };
      const { items, more } = customers.list({ offset, limit, ...q });
      return { items: [...items], ...(more ? { next: String(offset + limit) } : {}) };
    },
  });
  typed.route({
    method: "GET",
    url: "/api/customers/:id",
    config: { permission: "signed-in", audit: "customer.viewed" },
    schema: { params: IdParamsSchema, response: { 200: CustomerDetailSchema } },
    async handler(request) {
      const customer = customers.get(request.params.id);
      if (customer === undefined) throw unknownCustomer();
      return { customer, conversations: [...(await conversations.ofCustomer(customer.id))] };
    },
  });
  typed.route({
    method: "PATCH",
    url: "/api/customers/:id",
    config: { permission: ["administrator", "supervisor", "agent"], audit: "customer.changed" },
    schema: { params: IdParamsSchema, body: CustomerUpdateSchema, response: { 200: CustomerSchema } },
    async handler(request) {
      const customer = await customers.update(request.params.id, request.body);
      if (customer === undefined) throw unknownCustomer();
      return customer;
    },
  });
}

/** The cursor of a list that is sorted anew each time is a place in it. */
function offsetOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (/^[0-9]{1,9}$/.test(cursor)) return Number(cursor);
  throw new HttpFault({
    status: 400,
    code: "cursor-invalid",
    message: "the cursor is not one of this list",
    hint: "use `next` of the page before",
    field: "cursor",
  });
}

const unknownCustomer = (): HttpFault =>
  new HttpFault({
    status: 404,
    code: "not-found",
    message: "there is no such customer",
    hint: "the record may have been erased; load the list again",
  });
