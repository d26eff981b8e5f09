import { createHash } from "node:crypto";
import type { ConversationEvent, CustomerId } from "@intramuros/contracts";
import { orderKey, type Store, type StoreWrite } from "../storage/store.ts";
import type { ConversationRecord } from "./conversation.ts";

/**
 * Where conversations lie. Ids are UUIDs of version 7, so the order of keys is the order of starting.
 *
 *     conversations               id                     → record (sealed for the customer)
 *     conversation-events         id / seq               → event (sealed for the customer)
 *     conversations-live          id                     → 1
 *     conversations-of-customer   customer id / id       → 1
 *     conversation-calls          hash of a call id      → id      (our own call id, and the SIP Call-ID)
 */
const RECORDS = "conversations";
const EVENTS = "conversation-events";
const LIVE = "conversations-live";
const OF_CUSTOMER = "conversations-of-customer";
const CALLS = "conversation-calls";
const EVENTS_READ = 10_000;

const callKey = (callId: string): string => createHash("sha256").update(callId).digest("hex").slice(0, 40);

export interface ConversationStore {
  get(id: string): Promise<ConversationRecord | undefined>;
  events(id: string, afterSeq?: number): Promise<readonly ConversationEvent[]>;
  byCall(callId: string): Promise<string | undefined>;
  liveIds(): Promise<readonly string[]>;
  /** Newest first; `before` is the id of the last one seen. */
  newest(range: { readonly before?: string; readonly from?: string }): AsyncIterable<ConversationRecord>;
  ofCustomer(customerId: string, limit: number): Promise<readonly ConversationRecord[]>;
}

/** The writes that make a step durable: its events, the record, and what finds it. */
export function conversationWrites(
  before: ConversationRecord | null,
  after: ConversationRecord,
  events: readonly ConversationEvent[],
): readonly StoreWrite[] {
  const { id, customerId, state } = after.conversation.summary;
  const owner = customerId as CustomerId;
  const writes: StoreWrite[] = events.map((event) => ({
    table: EVENTS,
    key: `${id}/${orderKey(event.seq)}`,
    value: event,
    owner,
  }));
  writes.push({ table: RECORDS, key: id, value: after, owner });
  if (before === null) {
    writes.push({ table: OF_CUSTOMER, key: `${customerId}/${id}`, value: 1 });
    writes.push({ table: LIVE, key: id, value: 1 });
    for (const callId of [after.phone?.callId, after.phone?.sipCallId]) {
      if (callId !== undefined && callId !== "") writes.push({ table: CALLS, key: callKey(callId), value: id });
    }
  }
  if (state === "ended") writes.push({ table: LIVE, key: id, value: undefined });
  return writes;
}

export function openConversationStore(store: Store): ConversationStore {
  return {
    get: (id) => store.get<ConversationRecord>(RECORDS, id),
    async events(id, afterSeq = 0) {
      const range = { gt: `${id}/${orderKey(afterSeq)}`, lt: `${id}/~`, limit: EVENTS_READ };
      const events: ConversationEvent[] = [];
      for await (const [, event] of store.entries<ConversationEvent>(EVENTS, range)) events.push(event);
      return events;
    },
    byCall: (callId) => store.get<string>(CALLS, callKey(callId)),
    async liveIds() {
      const ids: string[] = [];
      for await (const [id] of store.entries<number>(LIVE)) ids.push(id);
      return ids;
    },
    async *newest(range) {
      const keys = {
        reverse: true,
        ...(range.before === undefined ? {} : { lt: range.before }),
        ...(range.from === undefined ? {} : { gte: range.from }),
      };
      for await (const [, record] of store.entries<ConversationRecord>(RECORDS, keys)) yield record;
    },
    async ofCustomer(customerId, limit) {
      const records: ConversationRecord[] = [];
      const range = { gt: `${customerId}/`, lt: `${customerId}/~`, reverse: true, limit };
      for await (const [key] of store.entries<number>(OF_CUSTOMER, range)) {
        const record = await store.get<ConversationRecord>(RECORDS, key.slice(customerId.length + 1));
        if (record !== undefined) records.push(record);
      }
      return records;
    },
  };
}

/** The smallest id that a conversation started at `ms` or later can have (RFC 9562 §5.7: the first 48 bits are the time). */
export function firstIdOf(ms: number): string {
  const hex = Math.max(0, Math.trunc(ms)).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}`;
}
