import {
  type CallEventMessage,
  type ConversationEventBody,
  type Language,
  type Logger,
  pii,
  type Task,
} from "@intramuros/contracts";
import { v7 as uuid } from "uuid";
import type { AuditSink } from "../audit/audit-sink.ts";
import type { Customers } from "../customer/customer-store.ts";
import type { Assistant, CustomerTurn } from "../dialogue/assistant.ts";
import type { LiveHub } from "../live/live-hub.ts";
import type { Tasks } from "../routing/task-store.ts";
import { flowAfterDigit, menuItem } from "../telephony/setup.ts";
import type { SetupStore } from "../telephony/setup-store.ts";
import type { CallEventTaker, TelephonyClient } from "../telephony/telephony-client.ts";
import type { TrunkUse } from "../telephony/trunk-use-store.ts";
import { decide } from "./assistant-driver.ts";
import { displayName, endBodies, sideOf, traceOf, utteranceBody } from "./call-event.ts";
import { type ConversationRecord, newConversation, outcomeOf, type PhonePart } from "./conversation.ts";
import type { AuditDraft, ConversationStep, Keeper, Live } from "./keeper-driver.ts";
import { decisionEvents, emotionFrom } from "./turn.ts";

export interface PhoneDeps {
  readonly keeper: Keeper;
  readonly audit: AuditSink;
  readonly hub: LiveHub;
  readonly log: Logger;
  readonly assistant: Assistant;
  readonly customers: Customers;
  readonly tasks: Tasks;
  readonly setup: SetupStore;
  readonly trunkUse: TrunkUse;
  readonly commands: Pick<TelephonyClient, "send">;
  readonly now: () => number;
}

export interface Phone extends CallEventTaker {
  /** Ends calls that telephony does not know any more, e.g. because its log was lost with its disk. */
  endOrphans(startedBefore: number): Promise<void>;
}

type Body = ConversationEventBody;
const TELEPHONY: Pick<AuditDraft, "actor" | "role"> = { actor: "process:telephony", role: "system" };
const TASK_LINES = 10;

/** Calls: what telephony reports becomes events; an utterance is answered first and written down while the answer is on its way. */
export function openPhone(deps: PhoneDeps): Phone {
  const { keeper, setup, log } = deps;

  const take = async (event: CallEventMessage): Promise<void> => {
    if (event.partial) return partial(event);
    if (event.phoneState) return; // the client asks for the status, which has it
    if (event.refused) return refused(event);
    if (event.callId === "") return;
    return keeper.inTurn(`call/${event.callId}`, async () => {
      const live = await keeper.byCall(event.callId);
      if (live === undefined) {
        if (event.offered) return offered(event, event.offered);
        log.warn({ callId: event.callId, body: event.body }, "an event of a call that was never offered");
        return;
      }
      const phone = live.record.phone;
      if (phone === null) return;
      if (phone.logId === event.logId && event.seq <= phone.logSeq) return; // sent again, and kept already
      // After the end only a message may still come: its recording is closed when the caller has gone.
      if (live.record.conversation.at === "ended" && !event.messageTaken) return;
      await step(live, phone, event);
    });
  };

  const partial = (event: CallEventMessage): void => {
    const conversationId = keeper.idOfCall(event.callId);
    if (conversationId === undefined || !event.partial) return;
    const { text, language } = event.partial;
    deps.hub.publish({ type: "partial", conversationId, text: text.slice(0, 2000), language });
  };

  const refused = async (event: CallEventMessage): Promise<void> => {
    await deps.audit.append({
      code: "call.refused",
      actor: "process:telephony",
      role: "system",
      source: event.refused?.sourceAddress || "process:telephony",
      object: `call:${event.callId}`,
      result: "failure",
      reason: event.refused?.reason ?? "",
      requestId: event.callId,
      detail: { sipCode: event.refused?.sipCode ?? 0, logSeq: event.seq },
    });
  };

  const offered = async (event: CallEventMessage, offer: NonNullable<CallEventMessage["offered"]>): Promise<void> => {
    const records = setup.records();
    const trunk = records.trunks.find((item) => item.id === offer.trunkId);
    const flow = records.flows.find((item) => item.id === offer.flowId);
    const language: Language = offer.language === "en" || flow?.language === "en" ? "en" : "zh";
    const { customer, writes } = deps.customers.arrive({
      identity: { kind: "phone", value: offer.from },
      displayName: displayName(offer.displayName, offer.from),
      language,
      at: event.atMs,
    });
    const contactId = uuid();
    const phone: PhonePart = {
      callId: event.callId,
      sipCallId: offer.sipCallId,
      flowId: offer.flowId,
      trunkId: offer.trunkId,
      logId: event.logId,
      logSeq: event.seq,
    };
    const conversation = newConversation({
      id: uuid({ msecs: deps.now() }),
      contactId,
      customerId: customer.id,
      customerName: customer.name,
      address: offer.from,
      medium: "phone",
      language,
      at: event.atMs,
      callId: event.callId,
    });
    const live = keeper.begin({ conversation, memory: null, phone, chat: null });
    const use = deps.trunkUse.offered(offer.trunkId, event.atMs);
    log.info({ callId: event.callId, from: pii(offer.from), trunkId: offer.trunkId }, "call offered");
    await keeper.commit(live, {
      bodies: [
        {
          at: event.atMs,
          body: {
            type: "contact-started",
            contactId,
            medium: "phone",
            from: offer.from,
            to: offer.to,
            callId: event.callId,
            sipCallId: offer.sipCallId,
            ...(trunk === undefined ? {} : { trunkName: trunk.name }),
            ...(offer.codec === "" ? {} : { codec: offer.codec }),
          },
        },
      ],
      writes: [...writes, ...use],
      audits: [
        {
          code: "conversation.started",
          detail: { medium: "phone", customerId: customer.id, callId: event.callId },
        },
        {
          code: "call.offered",
          ...TELEPHONY,
          source: offer.sourceAddress || "process:telephony",
          detail: {
            callId: event.callId,
            trunkId: offer.trunkId,
            numberId: offer.numberId,
            flowId: offer.flowId,
            codec: offer.codec,
          },
        },
      ],
    });
    deps.hub.publish({ type: "changed", what: "customers" });
  };

  const step = async (live: Live, phone: PhonePart, event: CallEventMessage): Promise<void> => {
    const at = event.atMs;
    const conversation = live.record.conversation;
    const marked = (record: ConversationRecord, change: Partial<PhonePart> = {}): ConversationRecord => ({
      ...record,
      phone: { ...(record.phone ?? phone), ...change, logId: event.logId, logSeq: event.seq },
    });
    const keep = (bodies: readonly Body[], more: Omit<ConversationStep, "bodies" | "change"> = {}): Promise<unknown> =>
      keeper.commit(live, {
        bodies: bodies.map((body) => ({ body, at })),
        change: (record) => marked(record),
        ...more,
      });

    if (event.utterance) return utterance(live, phone, event, event.utterance, marked);
    if (event.digit) return digit(live, phone, event, event.digit, marked);
    if (event.offered) return; // a second offer of a known call says nothing new
    if (event.answered) {
      await keep([], {
        audits: [
          {
            code: "call.answered",
            ...TELEPHONY,
            detail: { callId: phone.callId, codec: event.answered.codec, setupMs: event.answered.setupMs },
          },
        ],
      });
      return;
    }
    if (event.ringing) {
      const { phoneId, queueId } = event.ringing;
      await keep([...requestedFirst(live, queueId), { type: "ringing", phoneId, phoneName: nameOfLeg(event.ringing) }]);
      return;
    }
    if (event.bridged) {
      const { phoneId } = event.bridged;
      await keep([{ type: "agent-joined", phoneId, agentName: nameOfLeg(event.bridged) }], {
        audits: [{ code: "agent.joined", ...TELEPHONY, detail: { callId: phone.callId, phoneId } }],
      });
      return;
    }
    if (event.handoffFailed) {
      const { queueId, reason } = event.handoffFailed;
      await keep([...requestedFirst(live, queueId), { type: "handoff-failed", queueId, reason }], {
        audits: [
          {
            code: "handoff.failed",
            ...TELEPHONY,
            result: "failure",
            reason,
            detail: { callId: phone.callId, queueId },
          },
        ],
      });
      return;
    }
    if (event.messageTaken) {
      const { recordingPath, durationMs, transcript } = event.messageTaken;
      const message = { recordingPath, durationMs, transcript };
      const known = conversation.taskId === null ? undefined : await deps.tasks.get(conversation.taskId);
      const { task, writes } =
        known === undefined
          ? deps.tasks.create({ ...callback(live, phone), ...message })
          : deps.tasks.withMessage(known, message);
      const created: readonly Body[] = known === undefined ? [{ type: "task-created", taskId: task.id }] : [];
      await keep([{ type: "message-taken", ...message }, ...created], {
        writes,
        audits: [
          { code: "message.taken", ...TELEPHONY, detail: { callId: phone.callId, durationMs } },
          ...(known === undefined ? [taskAudit(task)] : []),
        ],
      });
      deps.tasks.opened(task);
      return;
    }
    if (event.ended) {
      const ended = event.ended;
      const side = sideOf(ended.side);
      const missed = await missedCallback(live, phone);
      const created: readonly Body[] = missed === null ? [] : [{ type: "task-created", taskId: missed.task.id }];
      await keep([...created, ...endBodies(conversation, ended, side)], {
        writes: missed?.writes ?? [],
        audits: [
          ...(missed === null ? [] : [taskAudit(missed.task)]),
          {
            code: "call.ended",
            ...TELEPHONY,
            reason: ended.reason,
            detail: {
              callId: phone.callId,
              side,
              sipCode: ended.sipCode,
              q850: ended.q850,
              durationMs: ended.durationMs,
            },
          },
          { code: "conversation.ended", detail: { outcome: outcomeOf({ ...conversation, endedBy: side }) } },
        ],
      });
      if (missed !== null) deps.tasks.opened(missed.task);
      deps.hub.publish({ type: "changed", what: "trunks" });
      return;
    }
    await keep(traceOf(event, conversation.summary.turns));
  };

  const utterance = async (
    live: Live,
    phone: PhonePart,
    event: CallEventMessage,
    heard: NonNullable<CallEventMessage["utterance"]>,
    marked: (record: ConversationRecord) => ConversationRecord,
  ): Promise<void> => {
    const language: Language = heard.language === "en" ? "en" : "zh";
    const emotion = emotionFrom(heard.emotion);
    const said = utteranceBody(heard, language, emotion);
    const turn = { text: heard.text, via: "speech", language, confidence: heard.confidence, emotion } as const;
    await answer(live, phone, { event, said, turn, number: heard.turn, marked });
  };

  const digit = async (
    live: Live,
    phone: PhonePart,
    event: CallEventMessage,
    key: NonNullable<CallEventMessage["digit"]>,
    marked: (record: ConversationRecord, change?: Partial<PhonePart>) => ConversationRecord,
  ): Promise<void> => {
    const { language } = live.record.conversation.summary;
    const said: Body = { type: "customer-said", turn: key.turn, text: key.digit, language, via: "digits" };
    const flows = setup.records().flows;
    const item = menuItem(flows, phone.flowId, key.digit);
    if (item === undefined) {
      const turn = { text: key.digit, via: "digits", language, confidence: 1, emotion: null } as const;
      return answer(live, phone, { event, said, turn, number: key.turn, marked });
    }
    // Telephony carries out the menu by itself; here it is only written down.
    const flowId = flowAfterDigit(flows, phone.flowId, key.digit);
    const queueId = item.queueId || (flows.find((flow) => flow.id === phone.flowId)?.queueId ?? "");
    const bodies = item.action === "handoff" ? [said, ...requestedFirst(live, queueId)] : [said];
    await keeper.commit(live, {
      bodies: bodies.map((body) => ({ body, at: event.atMs })),
      change: (record) => marked(record, { flowId }),
      audits: bodies.length > 1 ? [numbered(event)(requestAudit("menu", queueId))] : [],
    });
  };

  const answer = async (
    live: Live,
    phone: PhonePart,
    input: {
      readonly event: CallEventMessage;
      readonly said: Body;
      readonly turn: Pick<CustomerTurn, "text" | "via" | "language" | "confidence" | "emotion">;
      readonly number: number;
      readonly marked: (record: ConversationRecord) => ConversationRecord;
    },
  ): Promise<void> => {
    const { event, said, number, marked } = input;
    const { conversation, memory } = live.record;
    if (conversation.at !== "assistant") {
      await keeper.commit(live, { bodies: [{ body: said, at: event.atMs }], change: marked });
      return;
    }
    const started = performance.now();
    const decision = await decide(deps, {
      ...input.turn,
      medium: "phone",
      memory,
      customerName: conversation.summary.customerName,
    });
    const dialogueMs = Math.round(performance.now() - started);
    // Named after call and turn: should the utterance come again after a crash, telephony sees the same answer, not a second one.
    const sayId = `${phone.callId}/${number}/${input.turn.via}`;
    const flow = setup.records().flows.find((item) => item.id === phone.flowId);
    const queue = setup.records().queues.find((item) => item.id === flow?.queueId) ?? null;
    const then = decision.then === "handoff" && queue === null ? "take-message" : decision.then;
    const sent = deps.commands.send({
      say: {
        callId: phone.callId,
        turn: number,
        sayId,
        text: decision.text,
        language: decision.language,
        then,
        queueId: then === "handoff" ? (queue?.id ?? "") : "",
        rate: decision.rate,
        listenLanguage: decision.language === input.turn.language ? "" : decision.language,
      },
    });
    if (!sent) log.warn({ callId: phone.callId }, "an answer could not be sent: telephony is not attached");
    await keeper.commit(live, {
      bodies: [{ body: said, at: event.atMs }, ...decisionEvents(decision, { sayId, turn: number, queue })],
      change: (record) => ({ ...marked(record), memory: decision.memory }),
      audits: [
        {
          code: "assistant.answered",
          role: "assistant",
          detail: {
            callId: phone.callId,
            turn: number,
            reason: decision.reason,
            articleId: decision.articleId ?? "",
            score: decision.score ?? 0,
            then,
            dialogueMs,
          },
        },
        ...(decision.then === "handoff" ? [requestAudit(decision.handoffReason ?? "asked", queue?.id ?? "")] : []),
      ].map(numbered(event)),
    });
  };

  const callback = (live: Live, phone: PhonePart): Omit<Parameters<Tasks["create"]>[0], "transcript"> => {
    const { summary } = live.record.conversation;
    return {
      conversationId: summary.id,
      customerId: summary.customerId,
      customerName: summary.customerName,
      address: summary.address,
      queueId: setup.records().flows.find((flow) => flow.id === phone.flowId)?.queueId ?? "",
      ...moodOf(live),
    };
  };
  /** Who asked for a person, got none and left is called back all the same, if there is a number to call. */
  const missedCallback = async (live: Live, phone: PhonePart): Promise<ReturnType<Tasks["create"]> | null> => {
    const { at, taskId, summary } = live.record.conversation;
    const identities = deps.customers.get(summary.customerId)?.identities ?? [];
    if ((at !== "queue" && at !== "message") || taskId !== null || identities.length === 0) return null;
    const words = (await keeper.records.events(summary.id)).flatMap(({ body }) =>
      body.type === "customer-said" && body.via === "speech" ? [body.text] : [],
    );
    return deps.tasks.create({ ...callback(live, phone), transcript: words.slice(-TASK_LINES).join("\n") });
  };

  /** Who is rung: a phone, or a number outside by the name that its queue gives it. */
  const nameOfLeg = (leg: { readonly phoneId: string; readonly target: string; readonly trunkId: string }): string => {
    const { phones, queues } = setup.records();
    if (leg.phoneId !== "") return phones.find((item) => item.id === leg.phoneId)?.name ?? leg.phoneId;
    const known = queues
      .flatMap((queue) => queue.outside)
      .find((outside) => outside.number === leg.target && outside.trunkId === leg.trunkId);
    return known?.name || leg.target;
  };
  /** Telephony may ring by itself (a key of the menu): the request is then written down before what follows from it. */
  const requestedFirst = (live: Live, queueId: string): readonly Body[] => {
    if (live.record.conversation.at !== "assistant") return [];
    const queueName = setup.records().queues.find((queue) => queue.id === queueId)?.name ?? "";
    return [{ type: "handoff-requested", queueId, queueName, reason: "menu" }];
  };

  return {
    position: keeper.position,
    acknowledged: keeper.acknowledged,
    take,
    async endOrphans(startedBefore) {
      for (const { record } of [...keeper.live.values()]) {
        const callId = record.phone?.callId;
        if (callId === undefined || record.conversation.summary.startedAt >= startedBefore) continue;
        await keeper.inTurn(`call/${callId}`, async () => {
          const live = await keeper.byCall(callId);
          if (live === undefined || live.record.conversation.at === "ended") return;
          log.warn({ callId }, "telephony does not know this call any more; it is closed");
          const gone = { reason: "telephony lost the call", sipCode: 0, q850: 0, durationMs: 0, media: null };
          await keeper.commit(live, {
            bodies: endBodies(live.record.conversation, gone, "unknown"),
            audits: [
              { code: "call.ended", result: "failure", reason: gone.reason, detail: { callId, side: "unknown" } },
              {
                code: "conversation.ended",
                detail: { outcome: outcomeOf({ ...live.record.conversation, endedBy: "unknown" }) },
              },
            ],
          });
        });
      }
    },
  };
}

/** An event may come again after a crash, and its audit entry with it: the number in telephony's log tells that it is the same one. */
const numbered =
  (event: CallEventMessage) =>
  (draft: AuditDraft): AuditDraft => ({ ...draft, detail: { ...draft.detail, logSeq: event.seq } });

const requestAudit = (reason: string, queueId: string): AuditDraft => ({
  code: "handoff.requested",
  role: "assistant",
  reason,
  detail: { queueId },
});

const taskAudit = (task: Task): AuditDraft => ({
  code: "task.created",
  detail: { taskId: task.id, kind: task.kind },
});

const moodOf = (live: Live): { mood?: string } => {
  const label = live.record.conversation.summary.mood?.label;
  return label === undefined ? {} : { mood: label };
};
