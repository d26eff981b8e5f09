import type { ConversationEvent, ConversationSummary, EmotionLabel, Language, Medium } from "@intramuros/contracts";
import type { DialogueMemory } from "../dialogue/assistant.ts";

/**
 * A conversation: what has happened so far, and who handles it now.
 *
 * | at        | input               | next      |
 * | --------- | ------------------- | --------- |
 * | assistant | handoff-requested   | queue     |
 * | assistant | agent-joined        | agent     |
 * | queue     | agent-joined        | agent     |
 * | queue     | handoff-failed      | message on the phone (telephony takes one), queue in a chat (the task waits) |
 * | queue     | message-taken       | message   |
 * | message   | message-taken       | message   |
 * | message   | agent-joined        | agent     |
 * | agent     | handoff-requested   | queue     |
 * | any       | ended               | ended     |
 *
 * Every other event leaves `at` as it is; after `ended` nothing moves any more. Waiting states have their deadline outside: on
 * the phone telephony's ring time and longest call, in a chat the idle time (`isIdle`).
 */
export type ConversationAt = "assistant" | "queue" | "agent" | "message" | "ended";

export interface Conversation {
  readonly at: ConversationAt;
  readonly summary: ConversationSummary;
  readonly contactId: string;
  readonly lastSeq: number;
  /** Articles given, so that the outcome can be told. */
  readonly answers: number;
  readonly agentJoined: boolean;
  readonly messageTaken: boolean;
  readonly taskId: string | null;
  /** Labels that the customer showed at least once, never from an abstained score. */
  readonly felt: readonly EmotionLabel[];
  /** End of speech → first audio, of each answer; the latest 200. */
  readonly responsesMs: readonly number[];
  readonly endedBy: "customer" | "carrier" | "us" | "unknown" | null;
}

export type Outcome = NonNullable<ConversationSummary["outcome"]>;

const RESPONSES_KEPT = 200;
const LAST_TEXT_LENGTH = 200;

/** A conversation before its first event. */
export function newConversation(start: {
  readonly id: string;
  readonly contactId: string;
  readonly customerId: string;
  readonly customerName: string;
  readonly address: string;
  readonly medium: Medium;
  readonly language: Language;
  readonly at: number;
  readonly callId?: string;
}): Conversation {
  return {
    at: "assistant",
    contactId: start.contactId,
    summary: {
      id: start.id,
      customerId: start.customerId,
      customerName: start.customerName,
      address: start.address,
      medium: start.medium,
      state: "live",
      handler: "assistant",
      language: start.language,
      startedAt: start.at,
      updatedAt: start.at,
      lastText: "",
      turns: 0,
      ...(start.callId === undefined ? {} : { callId: start.callId }),
    },
    lastSeq: 0,
    answers: 0,
    agentJoined: false,
    messageTaken: false,
    taskId: null,
    felt: [],
    responsesMs: [],
    endedBy: null,
  };
}

/** The table above. */
export function nextAt(at: ConversationAt, medium: Medium, type: ConversationEvent["body"]["type"]): ConversationAt {
  if (at === "ended") return "ended";
  if (type === "ended") return "ended";
  if (type === "agent-joined") return "agent";
  if (type === "handoff-requested" && (at === "assistant" || at === "agent")) return "queue";
  if (type === "handoff-failed" && at === "queue") return medium === "phone" ? "message" : "queue";
  if (type === "message-taken" && (at === "queue" || at === "message")) return "message";
  return at;
}

const HANDLERS: Readonly<Record<ConversationAt, ConversationSummary["handler"]>> = {
  assistant: "assistant",
  queue: "queue",
  agent: "agent",
  message: "assistant",
  ended: "nobody",
};

/** The conversation after one more event. Events come in the order of `seq`, without a gap. */
export function fold(conversation: Conversation, event: ConversationEvent): Conversation {
  const { body } = event;
  const at = nextAt(conversation.at, conversation.summary.medium, body.type);
  const summary: ConversationSummary = {
    ...conversation.summary,
    updatedAt: Math.max(conversation.summary.updatedAt, event.at),
    handler: HANDLERS[at],
  };
  const next = { ...conversation, at, summary, lastSeq: event.seq };
  switch (body.type) {
    case "customer-said": {
      const emotion = body.emotion;
      const clear = emotion !== undefined && !emotion.abstained;
      return {
        ...next,
        felt: clear && !next.felt.includes(emotion.label) ? [...next.felt, emotion.label] : next.felt,
        summary: {
          ...summary,
          ...said(summary, body.text),
          language: body.language,
          turns: summary.turns + 1,
          ...(clear ? { mood: emotion } : {}),
        },
      };
    }
    case "assistant-said":
      return {
        ...next,
        answers: next.answers + (body.reason === "answer" ? 1 : 0),
        summary: { ...summary, ...said(summary, body.text) },
      };
    case "agent-said":
      return {
        ...next,
        agentJoined: true,
        summary: { ...summary, ...said(summary, body.text), agentName: body.agentName },
      };
    case "playback-started":
      if (body.responseMs === 0) return next;
      return { ...next, responsesMs: [...next.responsesMs, body.responseMs].slice(-RESPONSES_KEPT) };
    case "handoff-requested":
      return { ...next, summary: { ...summary, queueName: body.queueName } };
    case "agent-joined":
      return { ...next, agentJoined: true, summary: { ...summary, agentName: body.agentName } };
    case "message-taken":
      // The recording may be ready only after the caller has hung up.
      if (next.at !== "ended" || next.agentJoined) return { ...next, messageTaken: true };
      return { ...next, messageTaken: true, summary: { ...summary, outcome: "message-taken" } };
    case "task-created":
      return { ...next, taskId: body.taskId };
    case "contact-ended":
      return { ...next, endedBy: body.side };
    case "ended":
      return { ...next, summary: { ...summary, state: "ended", endedAt: event.at, outcome: body.outcome } };
    case "contact-started":
    case "playback-finished":
    case "barge-in":
    case "no-input":
    case "policy-applied":
    case "ringing":
    case "handoff-failed":
    case "hold-changed":
    case "degraded":
    case "file-received":
      return next;
  }
}

const said = (summary: ConversationSummary, text: string): { readonly lastText: string } => ({
  lastText: text === "" ? summary.lastText : text.slice(0, LAST_TEXT_LENGTH),
});

/**
 * What came of it. A person or a message counts for more than an answer; `failed` is ours or nobody's fault before the customer got
 * anything; who leaves with nothing has abandoned.
 */
export function outcomeOf(conversation: Conversation): Outcome {
  if (conversation.agentJoined) return "handed-over";
  if (conversation.messageTaken) return "message-taken";
  if (conversation.taskId !== null && conversation.summary.medium === "web-chat") return "message-taken";
  if (conversation.at === "queue" || conversation.at === "message") return "abandoned";
  if (conversation.answers > 0) return "answered";
  return conversation.endedBy === "us" || conversation.endedBy === "unknown" ? "failed" : "abandoned";
}

/** Whether a chat has been silent so long that it is over. */
export const isIdle = (conversation: Conversation, now: number, idleMs: number): boolean =>
  conversation.at !== "ended" && now - conversation.summary.updatedAt >= idleMs;

/** What is kept of a conversation beside its events: the fold so far, and what the two media need to go on after a restart. */
export interface ConversationRecord {
  readonly conversation: Conversation;
  readonly memory: DialogueMemory | null;
  readonly phone: PhonePart | null;
  readonly chat: ChatPart | null;
}

export interface PhonePart {
  readonly callId: string;
  readonly sipCallId: string;
  readonly flowId: string;
  readonly trunkId: string;
  /** Identity of telephony's log and the last of its numbers that is in this record: a re-sent event is known by it. */
  readonly logId: string;
  readonly logSeq: number;
}

export interface ChatPart {
  /** The browser's ids of the latest messages and the seq each became, oldest first. */
  readonly clientIds: readonly (readonly [clientId: string, seq: number])[];
}
