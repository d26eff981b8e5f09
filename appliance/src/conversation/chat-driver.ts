import type { ConversationEvent, ConversationEventBody, EmotionScore, Language, Logger } from "@intramuros/contracts";
import { v7 as uuid } from "uuid";
import type { Customers } from "../customer/customer-store.ts";
import type { Assistant } from "../dialogue/assistant.ts";
import { languageOf } from "../knowledge/language-of.ts";
import type { LiveHub } from "../live/live-hub.ts";
import type { InferenceClient } from "../models/inference-client.ts";
import type { Tasks } from "../routing/task-store.ts";
import type { SetupStore } from "../telephony/setup-store.ts";
import { decide } from "./assistant-driver.ts";
import { type ConversationRecord, isIdle, newConversation, outcomeOf } from "./conversation.ts";
import type { AuditDraft, ConversationStep, Keeper, Live } from "./keeper-driver.ts";
import { chatNotices, decisionEvents } from "./turn.ts";

export interface ChatDeps {
  readonly keeper: Keeper;
  readonly hub: LiveHub;
  readonly log: Logger;
  readonly assistant: Assistant;
  readonly customers: Customers;
  readonly tasks: Tasks;
  readonly setup: SetupStore;
  readonly emotion: InferenceClient["emotion"];
  readonly siteName: string;
  readonly now: () => number;
}

/** Who writes: the name of the visitor's token (never the token), and where the browser is. */
export interface Visitor {
  readonly identity: string;
  readonly source: string;
  readonly language: Language;
}

export interface ChatFile {
  readonly fileId: string;
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
}

export interface Chat {
  /** The conversation that is going on with this visitor, if any. */
  current(identity: string): { readonly id: string; readonly language: Language } | undefined;
  lines(conversationId: string, afterSeq: number): Promise<readonly ConversationEvent[]>;
  clientIdOf(conversationId: string, seq: number): string | undefined;
  /** Takes a message and answers it. The same `clientId` again changes nothing and tells where the message is. */
  text(
    visitor: Visitor,
    message: { readonly clientId: string; readonly text: string },
  ): Promise<{ readonly id: string; readonly seq: number } | null>;
  /** `store` gets ids to keep the file under and gives the writes that belong to it. */
  file(
    visitor: Visitor,
    file: ChatFile,
    writes: (customerId: string, conversationId: string) => ConversationStep["writes"],
  ): Promise<void>;
  end(identity: string): Promise<void>;
  /** A person of the console answers. Undefined: no such live chat. */
  agentSaid(
    conversationId: string,
    agent: { readonly id: string; readonly name: string; readonly text: string },
  ): Promise<ConversationEvent | undefined>;
  endIdle(): Promise<void>;
  greeting(language: Language): string;
}

const IDLE_MS = 30 * 60_000;
/** Who waits for a person may go and come back: the answer is waiting for a day. */
const WAITING_IDLE_MS = 24 * 3_600_000;
const CLIENT_IDS_KEPT = 200;
const TASK_LINES = 10;
type Body = ConversationEventBody;

/** Web chat: the same conversation and the same dialogue as the phone, in writing. */
export function openChat(deps: ChatDeps): Chat {
  const { keeper, setup, now } = deps;
  const byIdentity = new Map<string, string>();
  const key = (identity: string): string => `chat/${identity}`;
  const identityOf = (record: ConversationRecord): string => {
    const customer = deps.customers.get(record.conversation.summary.customerId);
    return customer?.identities.find((known) => known.kind === "web-chat")?.value ?? "";
  };
  for (const [id, { record }] of keeper.live) if (record.chat !== null) byIdentity.set(identityOf(record), id);

  const greeting = (language: Language): string => chatNotices.greeting[language](deps.siteName);
  const liveOf = async (identity: string): Promise<Live | undefined> => {
    const id = byIdentity.get(identity);
    const live = id === undefined ? undefined : await keeper.open(id);
    return live === undefined || live.record.conversation.at === "ended" ? undefined : live;
  };

  /** What a first message needs before it: the customer, the conversation and the greeting that says an AI answers. */
  const begin = (visitor: Visitor): { readonly live: Live; readonly first: ConversationStep } => {
    const at = now();
    const { customer, writes } = deps.customers.arrive({
      identity: { kind: "web-chat", value: visitor.identity },
      displayName: "",
      language: visitor.language,
      at,
    });
    const contactId = uuid();
    const conversation = newConversation({
      id: uuid({ msecs: at }),
      contactId,
      customerId: customer.id,
      customerName: customer.name,
      address: `web-${visitor.identity.slice(0, 8)}`,
      medium: "web-chat",
      language: visitor.language,
      at,
    });
    const live = keeper.begin({ conversation, memory: null, phone: null, chat: { clientIds: [] } });
    byIdentity.set(visitor.identity, conversation.summary.id);
    return {
      live,
      first: {
        bodies: [
          {
            type: "contact-started",
            contactId,
            medium: "web-chat",
            from: conversation.summary.address,
            to: deps.siteName,
          },
          {
            type: "assistant-said",
            sayId: "",
            turn: 0,
            text: greeting(visitor.language),
            language: visitor.language,
            reason: "greeting",
          },
        ],
        writes,
        audits: [
          {
            code: "conversation.started",
            actor: `customer:${customer.id}`,
            role: "customer",
            source: visitor.source,
            detail: { medium: "web-chat", customerId: customer.id },
          },
        ],
      },
    };
  };

  const text: Chat["text"] = (visitor, message) =>
    keeper.inTurn(key(visitor.identity), async () => {
      const known = await liveOf(visitor.identity);
      const repeated = known?.record.chat?.clientIds.find(([id]) => id === message.clientId);
      if (known !== undefined && repeated !== undefined) {
        return { id: known.record.conversation.summary.id, seq: repeated[1] };
      }
      const { live, first } = known === undefined ? begin(visitor) : { live: known, first: { bodies: [] } };
      const { conversation, memory } = live.record;
      const language = languageOf(message.text, conversation.summary.language);
      const emotion = await deps.emotion(message.text, language);
      const turn = conversation.summary.turns + 1;
      const said: Body = {
        type: "customer-said",
        turn,
        text: message.text,
        language,
        via: "text",
        confidence: 1,
        ...(emotion === null ? {} : { emotion }),
      };
      const heard = { said, clientId: message.clientId, first };
      if (conversation.at === "agent") {
        await commit(live, heard, { bodies: [] });
        return null;
      }
      const started = performance.now();
      const decision = await decide(deps, {
        medium: "web-chat",
        text: message.text,
        via: "text",
        language,
        confidence: 1,
        emotion,
        memory,
        customerName: conversation.summary.customerName,
      });
      const dialogueMs = Math.round(performance.now() - started);
      const sayId = `${conversation.summary.id}/${turn}`;
      const remember = (record: ConversationRecord): ConversationRecord => ({ ...record, memory: decision.memory });
      const answered: AuditDraft = {
        code: "assistant.answered",
        role: "assistant",
        detail: {
          turn,
          reason: decision.reason,
          articleId: decision.articleId ?? "",
          score: decision.score ?? 0,
          dialogueMs,
        },
      };
      if (conversation.at === "queue") {
        // Somebody waits for a person and goes on writing: what we know for sure is still answered, the rest is added to the request.
        const sure = decision.reason === "answer";
        const bodies = sure
          ? decisionEvents(decision, { sayId, turn, queue: null, queued: true })
          : [notice(chatNotices.noted[language], { sayId, turn, language })];
        await commit(live, heard, { bodies, change: remember, audits: sure ? [answered] : [] });
        return null;
      }
      if (decision.then === "handoff") {
        await handOver(live, heard, { decision, sayId, turn, answered, remember });
        return null;
      }
      const bodies = decisionEvents(decision, { sayId, turn, queue: null });
      await commit(live, heard, { bodies, change: remember, audits: [answered] });
      if (decision.then === "hang-up") await close(live, "customer", "the customer said goodbye");
      return null;
    });

  type Heard = { readonly said: Body; readonly clientId: string; readonly first: ConversationStep };
  /** The customer's words and what follows from them, in one batch. */
  const commit = async (live: Live, heard: Heard, step: ConversationStep): Promise<void> => {
    const { first } = heard;
    await keeper.commit(live, {
      bodies: [...first.bodies, heard.said, ...step.bodies],
      writes: [...(first.writes ?? []), ...(step.writes ?? [])],
      audits: [...(first.audits ?? []), ...(step.audits ?? [])],
      change(record, events) {
        const seq = events.find((event) => event.body === heard.said)?.seq ?? record.conversation.lastSeq;
        const clientIds = [...(record.chat?.clientIds ?? []), [heard.clientId, seq] as const].slice(-CLIENT_IDS_KEPT);
        const changed = { ...record, chat: { clientIds } };
        return step.change?.(changed, events) ?? changed;
      },
    });
    if (first.bodies.length > 0) deps.hub.publish({ type: "changed", what: "customers" });
  };

  const handOver = async (
    live: Live,
    heard: Heard,
    outcome: {
      readonly decision: Awaited<ReturnType<Assistant["answer"]>>;
      readonly sayId: string;
      readonly turn: number;
      readonly answered: AuditDraft;
      readonly remember: (record: ConversationRecord) => ConversationRecord;
    },
  ): Promise<void> => {
    const { decision, sayId, turn } = outcome;
    const { summary } = live.record.conversation;
    const queue = queueFor(decision.language);
    const { task, writes } = deps.tasks.create({
      conversationId: summary.id,
      customerId: summary.customerId,
      customerName: summary.customerName,
      address: summary.address,
      queueId: queue?.id ?? "",
      transcript: await wordsOf(live, heard.said),
      ...moodAfter(summary.mood, heard.said),
    });
    await commit(live, heard, {
      bodies: [
        ...decisionEvents(decision, { sayId, turn, queue }),
        { type: "task-created", taskId: task.id },
        notice(chatNotices.queued[decision.language], { sayId: `${sayId}/queued`, turn, language: decision.language }),
      ],
      writes,
      change: outcome.remember,
      audits: [
        outcome.answered,
        {
          code: "handoff.requested",
          role: "assistant",
          reason: decision.handoffReason ?? "asked",
          detail: { queueId: queue?.id ?? "" },
        },
        { code: "task.created", detail: { taskId: task.id, kind: task.kind } },
      ],
    });
    deps.tasks.opened(task);
  };

  /** What the customer has written, for whoever takes the task: the latest lines, this one included. */
  const wordsOf = async (live: Live, said: Body): Promise<string> => {
    const { id } = live.record.conversation.summary;
    const events = live.stored ? await keeper.records.events(id) : [];
    const texts = [...events.map((event) => event.body), said].flatMap((body) =>
      body.type === "customer-said" ? [body.text] : [],
    );
    return texts.slice(-TASK_LINES).join("\n");
  };

  /** Chats have no number and so no flow: they go to the queue of the flow of their language, else to the first one there is. */
  const queueFor = (language: Language): { readonly id: string; readonly name: string } | null => {
    const { flows, queues } = setup.records();
    const wanted = flows.find((flow) => flow.language === language && flow.queueId !== "")?.queueId;
    return queues.find((queue) => queue.id === wanted) ?? queues[0] ?? null;
  };

  const close = async (live: Live, side: "customer" | "us", reason: string): Promise<void> => {
    const { conversation } = live.record;
    const outcome = outcomeOf({ ...conversation, endedBy: side });
    await keeper.commit(live, {
      bodies: [
        {
          type: "contact-ended",
          contactId: conversation.contactId,
          side,
          reason,
          durationMs: Math.max(0, now() - conversation.summary.startedAt),
        },
        { type: "ended", outcome },
      ],
      audits: [{ code: "conversation.ended", reason, detail: { outcome } }],
    });
  };

  const idle = ({ conversation }: ConversationRecord): boolean =>
    isIdle(conversation, now(), conversation.at === "assistant" ? IDLE_MS : WAITING_IDLE_MS);

  return {
    greeting,
    text,
    current(identity) {
      const live = keeper.live.get(byIdentity.get(identity) ?? "");
      if (live === undefined || !live.stored) return undefined;
      const { id, language } = live.record.conversation.summary;
      return { id, language };
    },
    lines: (conversationId, afterSeq) => keeper.records.events(conversationId, afterSeq),
    clientIdOf: (conversationId, seq) =>
      keeper.live.get(conversationId)?.record.chat?.clientIds.find(([, known]) => known === seq)?.[0],
    file: (visitor, file, writes) =>
      keeper.inTurn(key(visitor.identity), async () => {
        const known = await liveOf(visitor.identity);
        const { live, first } = known === undefined ? begin(visitor) : { live: known, first: { bodies: [] } };
        const { at, summary } = live.record.conversation;
        const say = { sayId: `${summary.id}/${file.fileId}`, turn: summary.turns, language: summary.language };
        const thanks: readonly Body[] = at === "agent" ? [] : [notice(chatNotices.file[summary.language], say)];
        await keeper.commit(live, {
          bodies: [...first.bodies, { type: "file-received", ...file }, ...thanks],
          writes: [...(first.writes ?? []), ...(writes(summary.customerId, summary.id) ?? [])],
          audits: [
            ...(first.audits ?? []),
            {
              code: "chat.file-received",
              actor: `customer:${summary.customerId}`,
              role: "customer",
              source: visitor.source,
              detail: { fileId: file.fileId, mediaType: file.mediaType, sizeBytes: file.sizeBytes },
            },
          ],
        });
      }),
    end: (identity) =>
      keeper.inTurn(key(identity), async () => {
        const live = await liveOf(identity);
        if (live !== undefined) await close(live, "customer", "the customer closed the chat");
      }),
    async agentSaid(conversationId, agent) {
      const found = await keeper.open(conversationId);
      if (found === undefined || found.record.chat === null) return undefined;
      return keeper.inTurn(key(identityOf(found.record)), async () => {
        const live = await keeper.open(conversationId);
        if (live === undefined || live.record.conversation.at === "ended") return undefined;
        const { at, summary } = live.record.conversation;
        const joins = at !== "agent" || summary.agentName !== agent.name;
        const events = await keeper.commit(live, {
          bodies: [
            ...(joins ? [{ type: "agent-joined" as const, phoneId: "", agentName: agent.name }] : []),
            {
              type: "agent-said",
              agentName: agent.name,
              text: agent.text,
              language: languageOf(agent.text, summary.language),
            },
          ],
          audits: joins
            ? [{ code: "agent.joined", actor: agent.id, role: "agent", detail: { medium: "web-chat" } }]
            : [],
        });
        return events.at(-1);
      });
    },
    async endIdle() {
      for (const { record } of [...keeper.live.values()]) {
        if (record.chat === null || !idle(record)) continue;
        await keeper.inTurn(key(identityOf(record)), async () => {
          const live = await keeper.open(record.conversation.summary.id);
          if (live === undefined || !idle(live.record)) return;
          await close(live, "customer", "nothing was written any more");
        });
      }
    },
  };
}

function moodAfter(before: EmotionScore | undefined, said: Body): { mood?: string } {
  const now = said.type === "customer-said" && said.emotion?.abstained === false ? said.emotion : before;
  return now === undefined ? {} : { mood: now.label };
}

const notice = (
  text: string,
  say: { readonly sayId: string; readonly turn: number; readonly language: Language },
): Body => ({ type: "assistant-said", ...say, text, reason: "message" });
