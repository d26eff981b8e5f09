import type { ConversationEvent, ConversationSummary, Logger, Overview } from "@intramuros/contracts";
import type { AuditSink } from "../audit/audit-sink.ts";
import type { Customers } from "../customer/customer-store.ts";
import type { Assistant } from "../dialogue/assistant.ts";
import type { LiveHub } from "../live/live-hub.ts";
import type { InferenceClient } from "../models/inference-client.ts";
import type { Tasks } from "../routing/task-store.ts";
import type { Store } from "../storage/store.ts";
import type { SetupStore } from "../telephony/setup-store.ts";
import type { TelephonyClient } from "../telephony/telephony-client.ts";
import type { TrunkUse } from "../telephony/trunk-use-store.ts";
import { type Chat, openChat } from "./chat-driver.ts";
import type { ConversationRecord } from "./conversation.ts";
import { openKeeper } from "./keeper-driver.ts";
import { liveFigures, readFigures } from "./overview.ts";
import { openPhone, type Phone } from "./phone-driver.ts";

export interface ConversationsDeps {
  readonly store: Store;
  readonly audit: AuditSink;
  readonly hub: LiveHub;
  readonly log: Logger;
  readonly assistant: Assistant;
  readonly customers: Customers;
  readonly tasks: Tasks;
  readonly setup: SetupStore;
  readonly trunkUse: TrunkUse;
  readonly commands: Pick<TelephonyClient, "send">;
  readonly emotion: InferenceClient["emotion"];
  readonly siteName: string;
  readonly now?: () => number;
}

export interface ConversationList {
  readonly items: readonly ConversationSummary[];
  readonly next?: string;
}

/** All conversations of both media, and what the console reads of them. */
export interface Conversations {
  readonly phone: Phone;
  readonly chat: Chat;
  list(query: {
    readonly state?: "live" | "ended";
    readonly q?: string;
    readonly before?: string;
    readonly limit: number;
  }): Promise<ConversationList>;
  /** By our own call id or the SIP Call-ID. */
  ofCall(callId: string): Promise<ConversationList>;
  /** The conversation and the trunk that a call belongs to, by our own call id or the SIP Call-ID. */
  linkOfCall(callId: string): Promise<{ readonly id: string; readonly trunkId: string } | undefined>;
  detail(id: string): Promise<{ conversation: ConversationSummary; events: ConversationEvent[] } | undefined>;
  ofCustomer(customerId: string): Promise<readonly ConversationSummary[]>;
  watch(listener: (summary: ConversationSummary, events: readonly ConversationEvent[]) => void): void;
  callsNow(trunkId: string): number;
  liveCalls(): number;
  figures(): Pick<Overview, "mood" | "today" | "hourly"> & { readonly live: Omit<Overview["live"], "maxCalls"> };
  /** Closes idle chats every minute until `close`. */
  start(): void;
  close(): Promise<void>;
}

const SCAN_LIMIT = 2_000;
const HISTORY_LIMIT = 50;
const SWEEP_MS = 60_000;

export async function openConversations(deps: ConversationsDeps): Promise<Conversations> {
  const now = deps.now ?? Date.now;
  const keeper = await openKeeper({ ...deps, now });
  const phone = openPhone({ ...deps, keeper, now });
  const chat = openChat({ ...deps, keeper, now });
  let sweep: NodeJS.Timeout | null = null;

  /** The name is the customer's of today, not of the day of the call. */
  const summaryOf = (record: ConversationRecord): ConversationSummary => {
    const { summary } = record.conversation;
    const name = deps.customers.get(summary.customerId)?.name;
    return name === undefined || name === summary.customerName ? summary : { ...summary, customerName: name };
  };
  deps.customers.onChanged((customer) => {
    for (const { record } of keeper.live.values()) {
      if (record.conversation.summary.customerId !== customer.id) continue;
      deps.hub.publish({ type: "conversation", conversation: summaryOf(record) });
    }
  });
  const fits = (summary: ConversationSummary, q: string): boolean =>
    [summary.customerName, summary.address, summary.lastText, summary.callId ?? ""].some((text) =>
      text.toLowerCase().includes(q),
    );

  return {
    phone,
    chat,
    async list({ state, q, before, limit }) {
      const wanted = (q ?? "").trim().toLowerCase();
      const items: ConversationSummary[] = [];
      let seen = 0;
      let last = before;
      const source =
        state === "live" ? liveNewest(before) : keeper.records.newest(before === undefined ? {} : { before });
      for await (const record of source) {
        const summary = summaryOf(record);
        if (items.length === limit || seen === SCAN_LIMIT)
          return { items, ...(last === undefined ? {} : { next: last }) };
        seen += 1;
        last = summary.id;
        if ((state === undefined || summary.state === state) && (wanted === "" || fits(summary, wanted)))
          items.push(summary);
      }
      return { items };
    },
    async ofCall(callId) {
      const id = await keeper.records.byCall(callId);
      const record = id === undefined ? undefined : await keeper.records.get(id);
      return { items: record === undefined ? [] : [summaryOf(record)] };
    },
    async linkOfCall(callId) {
      const id = await keeper.records.byCall(callId);
      const record = id === undefined ? undefined : await keeper.records.get(id);
      if (id === undefined || record === undefined) return undefined;
      return { id, trunkId: record.phone?.trunkId ?? "" };
    },
    async detail(id) {
      const record = await keeper.records.get(id);
      if (record === undefined) return undefined;
      return { conversation: summaryOf(record), events: [...(await keeper.records.events(id))] };
    },
    ofCustomer: async (customerId) => (await keeper.records.ofCustomer(customerId, HISTORY_LIMIT)).map(summaryOf),
    watch: keeper.watch,
    callsNow: (trunkId) => [...keeper.live.values()].filter(({ record }) => record.phone?.trunkId === trunkId).length,
    liveCalls: () => [...keeper.live.values()].filter(({ record }) => record.phone !== null).length,
    figures() {
      const at = now();
      const dayStart = new Date(at).setHours(0, 0, 0, 0);
      return {
        ...readFigures(keeper.figures(), { now: at, dayStart }),
        ...liveFigures([...keeper.live.values()].map(({ record }) => record.conversation)),
      };
    },
    start() {
      sweep = setInterval(() => {
        chat.endIdle().catch((error: unknown) => deps.log.error({ err: error }, "idle chats could not be closed"));
      }, SWEEP_MS);
      sweep.unref();
    },
    async close() {
      if (sweep !== null) clearInterval(sweep);
      await keeper.close();
    },
  };

  async function* liveNewest(before: string | undefined): AsyncIterable<ConversationRecord> {
    const records = [...keeper.live.values()].filter((live) => live.stored).map((live) => live.record);
    const newest = records.sort((a, b) => (a.conversation.summary.id < b.conversation.summary.id ? 1 : -1));
    for (const record of newest) if (before === undefined || record.conversation.summary.id < before) yield record;
  }
}
