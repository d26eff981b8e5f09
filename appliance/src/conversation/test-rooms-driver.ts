import {
  type CallEventMessage,
  type CommandInit,
  type EmotionScore,
  type LiveMessage,
  openLog,
} from "@intramuros/contracts";
import type { AuditRecord } from "../audit/audit-sink.ts";
import { openCustomers } from "../customer/customer-store.ts";
import type { Assistant, AssistantDecision, CustomerTurn } from "../dialogue/assistant.ts";
import { openTasks } from "../routing/task-store.ts";
import { memoryStore } from "../storage/memory-store.ts";
import type { Store } from "../storage/store.ts";
import { seedTelephony } from "../telephony/seed-store.ts";
import { openSetup } from "../telephony/setup-store.ts";
import { openTrunkUse } from "../telephony/trunk-use-store.ts";
import { type Conversations, openConversations } from "./conversations-driver.ts";

/** An assistant that knows one article, for tests of the rooms around it: the port's smallest true adapter. */
export function oneArticleAssistant(): Assistant & { readonly turns: CustomerTurn[] } {
  const turns: CustomerTurn[] = [];
  const decide = (turn: CustomerTurn, decision: Partial<AssistantDecision>): AssistantDecision => ({
    text: "?",
    language: turn.language,
    reason: "no-match",
    articleId: null,
    score: null,
    rate: 1,
    then: "listen",
    handoffReason: null,
    policy: null,
    ...decision,
    memory: {
      at: "open",
      choices: [],
      noMatches: 0,
      lastArticleId: decision.articleId ?? turn.memory?.lastArticleId ?? null,
      personOffered: false,
      recentEmotions: [],
    },
  });
  return {
    turns,
    async answer(turn) {
      turns.push(turn);
      if (/limit|限额/i.test(turn.text)) {
        const text = turn.language === "zh" ? "每日转账限额为五万元。" : "Your daily transfer limit is 50,000 yuan.";
        return decide(turn, { text, reason: "answer", articleId: "limit", score: 0.93 });
      }
      if (/agent|人工/i.test(turn.text)) {
        const text = turn.language === "zh" ? "好的，为您转接。" : "I am connecting you.";
        return decide(turn, { text, reason: "handoff", then: "handoff", handoffReason: "asked" });
      }
      if (/knowledge is broken/.test(turn.text)) throw new Error("knowledge cannot be read");
      return decide(turn, { text: "Please say that in other words." });
    },
  };
}

export interface TestRooms extends Awaited<ReturnType<typeof openParts>> {
  readonly conversations: Conversations;
}

async function openParts(store: Store) {
  const shown: LiveMessage[] = [];
  const audited: AuditRecord[] = [];
  const sent: CommandInit[] = [];
  const hub = { publish: (message: LiveMessage) => void shown.push(message) };
  const audit = {
    async append(record: AuditRecord): Promise<number> {
      audited.push(record);
      return audited.length - 1;
    },
  };
  const setup = await openSetup({ store, hub });
  await seedTelephony(setup, { name: "Test Bank", language: "zh" });
  const customers = await openCustomers({ store, hub, countryCode: "86" });
  const tasks = await openTasks({ store, hub });
  const trunkUse = await openTrunkUse(store);
  return { store, hub, shown, audit, audited, sent, setup, customers, tasks, trunkUse };
}

/** The conversation room with its neighbours, on the given store (a second opening on it is a restart). */
export async function openTestRooms(
  options: {
    readonly store?: Store;
    readonly assistant?: Assistant;
    readonly emotion?: EmotionScore | null;
    readonly now?: () => number;
  } = {},
): Promise<TestRooms> {
  const parts = await openParts(options.store ?? memoryStore());
  const conversations = await openConversations({
    ...parts,
    log: openLog("appliance", "error"),
    assistant: options.assistant ?? oneArticleAssistant(),
    commands: {
      send(command) {
        parts.sent.push(command);
        return true;
      },
    },
    emotion: async () => options.emotion ?? null,
    siteName: "Test Bank",
    ...(options.now === undefined ? {} : { now: options.now }),
  });
  return { ...parts, conversations };
}

export const anger: EmotionScore = {
  label: "angry",
  probabilities: { angry: 0.9, neutral: 0.1 },
  intensity: 0.8,
  abstained: false,
  evidence: ["furious"],
  source: "text",
  modelId: "test",
  modelVersion: "1",
  modelSha256: "00",
};

/** A call's events as telephony numbers them. */
export function callEvents(callId: string, logId = "log-a", firstSeq = 1) {
  let seq = firstSeq - 1;
  return (body: Partial<CallEventMessage>, at = 1_000_000_000_000): CallEventMessage => {
    seq += 1;
    return { seq, logId, callId, atMs: at + seq, ...body };
  };
}

export const offeredBody = (flowId: string, trunkId = ""): Pick<CallEventMessage, "offered"> => ({
  offered: {
    from: "13800138000",
    to: "8001",
    displayName: "Wang",
    trunkId,
    numberId: "",
    flowId,
    sourceAddress: "127.0.0.1",
    sipCallId: "sip-abc@127.0.0.1",
    codec: "PCMA",
    language: "zh",
  },
});

export const utteranceBody = (turn: number, text: string, language = "en"): Pick<CallEventMessage, "utterance"> => ({
  utterance: {
    turn,
    text,
    language,
    confidence: 0.9,
    startMs: 1000,
    endMs: 2000,
    emotion: null,
    modelId: "asr",
    modelSha256: "00",
    endpointMs: 450,
    recognitionMs: 120,
  },
});

export const endedBody = (side = "customer"): Pick<CallEventMessage, "ended"> => ({
  ended: { side, reason: "hung up", sipCode: 0, q850: 16, durationMs: 12_000, media: null },
});
