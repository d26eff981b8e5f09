import type { Customer, CustomerId, Language } from "@intramuros/contracts";
import { v7 as uuid } from "uuid";
import type { LiveHub } from "../live/live-hub.ts";
import type { Store, StoreWrite } from "../storage/store.ts";
import { normaliseNumber } from "./phone-number.ts";

const TABLE = "customers";

export interface Identity {
  readonly kind: "phone" | "web-chat";
  /** A number as signalled, or the name of a chat visitor's token. */
  readonly value: string;
}

/** Who they are. All records are in memory (about 1 KB each), so that a caller is known before the greeting starts. */
export interface Customers {
  /** Knows the customer again, or makes one; the writes belong to the caller's batch, so that contact and customer are durable together. */
  arrive(contact: {
    readonly identity: Identity;
    readonly displayName: string;
    readonly language: Language;
    readonly at: number;
  }): { readonly customer: Customer; readonly isNew: boolean; readonly writes: readonly StoreWrite[] };
  find(identity: Identity): Customer | undefined;
  get(id: string): Customer | undefined;
  /** Latest contact first. */
  list(query: { readonly q?: string; readonly offset: number; readonly limit: number }): {
    readonly items: readonly Customer[];
    readonly more: boolean;
  };
  update(
    id: string,
    patch: { readonly name?: string; readonly note?: string; readonly language?: Language },
  ): Promise<Customer | undefined>;
  onChanged(listener: (customer: Customer) => void): void;
  count(): number;
}

export interface CustomersDeps {
  readonly store: Store;
  readonly hub: LiveHub;
  /** Of numbers without one, e.g. "86"; empty: nothing is assumed. */
  readonly countryCode: string;
}

export async function openCustomers(deps: CustomersDeps): Promise<Customers> {
  const byId = new Map<string, Customer>();
  const byIdentity = new Map<string, string>();
  const listeners: ((customer: Customer) => void)[] = [];
  const write = (customer: Customer): StoreWrite => ({
    table: TABLE,
    key: customer.id,
    value: customer,
    owner: customer.id as CustomerId,
  });
  const keyOf = (identity: Identity): string | null => {
    const value =
      identity.kind === "phone" ? normaliseNumber(identity.value, deps.countryCode) : identity.value || null;
    return value === null ? null : `${identity.kind}:${value}`;
  };
  const keep = (customer: Customer): void => {
    byId.set(customer.id, customer);
    for (const identity of customer.identities) byIdentity.set(`${identity.kind}:${identity.value}`, customer.id);
  };
  for await (const [, customer] of deps.store.entries<Customer>(TABLE)) keep(customer);

  return {
    arrive(contact) {
      const key = keyOf(contact.identity);
      const known = key === null ? undefined : byId.get(byIdentity.get(key) ?? "");
      const customer: Customer = known
        ? {
            ...known,
            name: known.name || contact.displayName.slice(0, 120),
            lastSeenAt: Math.max(known.lastSeenAt, contact.at),
            conversations: known.conversations + 1,
          }
        : {
            id: uuid(),
            name: contact.displayName.slice(0, 120),
            language: contact.language,
            identities:
              key === null ? [] : [{ kind: contact.identity.kind, value: key.slice(contact.identity.kind.length + 1) }],
            note: "",
            firstSeenAt: contact.at,
            lastSeenAt: contact.at,
            conversations: 1,
          };
      keep(customer);
      return { customer, isNew: known === undefined, writes: [write(customer)] };
    },
    find(identity) {
      const key = keyOf(identity);
      return key === null ? undefined : byId.get(byIdentity.get(key) ?? "");
    },
    get: (id) => byId.get(id),
    list({ q, offset, limit }) {
      const wanted = (q ?? "").trim().toLowerCase();
      const digits = wanted.replace(/[\s().-]/g, "");
      const fits = (customer: Customer): boolean =>
        wanted === "" ||
        customer.name.toLowerCase().includes(wanted) ||
        customer.note.toLowerCase().includes(wanted) ||
        customer.identities.some((identity) => digits !== "" && identity.value.toLowerCase().includes(digits));
      const all = [...byId.values()].filter(fits).sort((a, b) => b.lastSeenAt - a.lastSeenAt || (a.id < b.id ? 1 : -1));
      return { items: all.slice(offset, offset + limit), more: all.length > offset + limit };
    },
    async update(id, patch) {
      const known = byId.get(id);
      if (known === undefined) return undefined;
      const customer: Customer = {
        ...known,
        name: patch.name ?? known.name,
        note: patch.note ?? known.note,
        language: patch.language ?? known.language,
      };
      keep(customer); // before the write, so that a call that arrives meanwhile builds on it
      try {
        await deps.store.write([write(customer)]);
      } catch (error) {
        keep({ ...(byId.get(id) ?? known), name: known.name, note: known.note, language: known.language });
        throw error;
      }
      for (const listener of listeners) listener(customer);
      deps.hub.publish({ type: "changed", what: "customers" });
      return customer;
    },
    onChanged(listener) {
      listeners.push(listener);
    },
    count: () => byId.size,
  };
}
