import {
  AppError,
  type ConversationEvent,
  type ConversationEventBody,
  type ConversationSummary,
  type Logger,
} from "@intramuros/contracts";
import type { AuditRecord, AuditSink } from "../audit/audit-sink.ts";
import type { Customers } from "../customer/customer-store.ts";
import type { LiveHub } from "../live/live-hub.ts";
import type { Store, StoreWrite } from "../storage/store.ts";
import type { LogPosition } from "../telephony/telephony-client.ts";
import { type ConversationRecord, fold } from "./conversation.ts";
import { type ConversationStore, conversationWrites, firstIdOf, openConversationStore } from "./conversation-store.ts";
import { count, type Figures } from "./overview.ts";

/** A conversation that is going on, as both media drive it. `record` is what is durable, or about to be. */
export interface Live {
  record: ConversationRecord;
  /** False until the first batch is durable. */
  stored: boolean;
}

/** One step of a conversation: everything in it becomes durable together, or nothing does. */
export interface ConversationStep {
  readonly bodies: readonly (ConversationEventBody | { readonly body: ConversationEventBody; readonly at: number })[];
  readonly change?: (record: ConversationRecord, events: readonly ConversationEvent[]) => ConversationRecord;
  readonly audits?: readonly AuditDraft[];
  readonly writes?: readonly StoreWrite[];
}

export interface AuditDraft {
  readonly code: string;
  readonly actor?: string;
  readonly role?: string;
  readonly source?: string;
  readonly reason?: string;
  readonly result?: AuditRecord["result"];
  readonly requestId?: string;
  readonly detail?: AuditRecord["detail"];
}

export interface KeeperDeps {
  readonly store: Store;
  readonly audit: AuditSink;
  readonly hub: LiveHub;
  readonly log: Logger;
  readonly customers: Customers;
  readonly now: () => number;
}

/** Keeps conversations: each in its own order, durable first, then audited and shown. */
export interface Keeper {
  readonly records: ConversationStore;
  readonly live: ReadonlyMap<string, Live>;
  /** One after the other for the same key; at most `MAX_WAITING` wait. */
  inTurn<T>(key: string, work: () => Promise<T>): Promise<T>;
  begin(record: ConversationRecord): Live;
  /** The live conversation, from memory or from the store; undefined when it is unknown. Ended ones are loaded, not kept. */
  open(id: string): Promise<Live | undefined>;
  byCall(callId: string): Promise<Live | undefined>;
  idOfCall(callId: string): string | undefined;
  commit(live: Live, step: ConversationStep): Promise<readonly ConversationEvent[]>;
  watch(listener: (summary: ConversationSummary, events: readonly ConversationEvent[]) => void): void;
  figures(): Figures;
  position(): LogPosition;
  acknowledged(position: LogPosition): void;
  /** Writes the position that no batch has carried yet. */
  close(): Promise<void>;
}

const MAX_WAITING = 500;
const POSITION_TABLE = "telephony-position";
const DAY_MS = 86_400_000;
const POSITION_WITHIN_MS = 1_000;

export async function openKeeper(deps: KeeperDeps): Promise<Keeper> {
  const { store, audit, hub, log, now } = deps;
  const records = openConversationStore(store);
  const live = new Map<string, Live>();
  const calls = new Map<string, string>();
  const chains = new Map<string, { tail: Promise<unknown>; waiting: number }>();
  const watchers: ((summary: ConversationSummary, events: readonly ConversationEvent[]) => void)[] = [];
  let position = (await store.get<LogPosition>(POSITION_TABLE, "position")) ?? { logId: "", seq: 0 };
  let stored = position;
  let positionTimer: NodeJS.Timeout | null = null;
  let figures: Figures = new Map();

  const writePosition = async (): Promise<void> => {
    positionTimer = null;
    if (stored.seq === position.seq && stored.logId === position.logId) return;
    const latest = position;
    await store.write([{ table: POSITION_TABLE, key: "position", value: latest }]);
    stored = latest;
  };
  const hold = (entry: Live): void => {
    live.set(entry.record.conversation.summary.id, entry);
    if (entry.record.phone !== null) calls.set(entry.record.phone.callId, entry.record.conversation.summary.id);
  };
  const drop = (entry: Live): void => {
    live.delete(entry.record.conversation.summary.id);
    if (entry.record.phone !== null) calls.delete(entry.record.phone.callId);
  };
  const open = async (id: string): Promise<Live | undefined> => {
    const known = live.get(id);
    if (known !== undefined) return known;
    const record = await records.get(id);
    if (record === undefined) return undefined;
    const entry: Live = { record, stored: true };
    if (record.conversation.at !== "ended") hold(entry);
    return entry;
  };

  for (const id of await records.liveIds()) {
    if ((await open(id)) === undefined) log.warn({ id }, "a live conversation has no record");
  }
  for await (const record of records.newest({ from: firstIdOf(now() - DAY_MS - DAY_MS / 12) })) {
    figures = count(figures, { before: null, after: record.conversation, now: now() });
  }

  const auditRecord = (draft: AuditDraft, record: ConversationRecord): AuditRecord => ({
    actor: draft.actor ?? "process:appliance",
    role: draft.role ?? "system",
    source: draft.source ?? "process:appliance",
    object: `conversation:${record.conversation.summary.id}`,
    result: draft.result ?? "success",
    reason: draft.reason ?? "",
    requestId: draft.requestId ?? record.phone?.callId ?? record.conversation.summary.id,
    detail: draft.detail ?? {},
    code: draft.code,
  });

  return {
    records,
    live,
    inTurn(key, work) {
      const chain = chains.get(key) ?? { tail: Promise.resolve(), waiting: 0 };
      if (chain.waiting >= MAX_WAITING) return Promise.reject(tooBusy());
      chains.set(key, chain);
      chain.waiting += 1;
      const result = chain.tail.then(work);
      chain.tail = result
        .catch(() => undefined)
        .then(() => {
          chain.waiting -= 1;
          if (chain.waiting === 0) chains.delete(key);
        });
      return result;
    },
    begin(record) {
      const entry: Live = { record, stored: false };
      hold(entry);
      return entry;
    },
    open,
    async byCall(callId) {
      const id = calls.get(callId) ?? (await records.byCall(callId));
      return id === undefined ? undefined : open(id);
    },
    idOfCall: (callId) => calls.get(callId),
    async commit(entry, step) {
      const before = entry.record;
      const { id } = before.conversation.summary;
      let conversation = before.conversation;
      const events = step.bodies.map((item): ConversationEvent => {
        const { body, at } = "body" in item ? item : { body: item, at: now() };
        const event = { conversationId: id, seq: conversation.lastSeq + 1, at: Math.trunc(at), body };
        conversation = fold(conversation, event);
        return event;
      });
      const folded: ConversationRecord = { ...before, conversation };
      const after = step.change?.(folded, events) ?? folded;
      entry.record = after;
      try {
        // Audit first: after a crash in between, the step comes again and is written down twice rather than never.
        await Promise.all((step.audits ?? []).map((draft) => audit.append(auditRecord(draft, after))));
        await store.write([
          ...conversationWrites(entry.stored ? before : null, after, events),
          ...(step.writes ?? []),
          { table: POSITION_TABLE, key: "position", value: position },
        ]);
      } catch (error) {
        // What is in memory is ahead of the disk now. Forget it; the next to ask reads what is really there.
        drop(entry);
        throw error;
      }
      figures = count(figures, {
        before: entry.stored ? before.conversation : null,
        after: after.conversation,
        now: now(),
      });
      entry.stored = true;
      if (after.conversation.at === "ended") drop(entry);
      for (const event of events) hub.publish({ type: "event", event });
      hub.publish({ type: "conversation", conversation: after.conversation.summary });
      for (const watcher of watchers) watcher(after.conversation.summary, events);
      return events;
    },
    watch(listener) {
      watchers.push(listener);
    },
    figures: () => figures,
    position: () => position,
    acknowledged(next) {
      position = next;
      // Most positions ride with the next batch; the last one before a quiet time gets its own.
      positionTimer ??= setTimeout(() => {
        writePosition().catch((error: unknown) =>
          log.warn({ err: error }, "the position in telephony's log was not kept"),
        );
      }, POSITION_WITHIN_MS);
    },
    async close() {
      if (positionTimer !== null) clearTimeout(positionTimer);
      await writePosition().catch((error: unknown) =>
        log.warn({ err: error }, "the position in telephony's log was not kept"),
      );
    },
  };
}

const tooBusy = (): AppError =>
  new AppError({
    code: "conversation-busy",
    message: "too much waits for this conversation",
    hint: "the sender is faster than the store; it will be asked again",
  });
