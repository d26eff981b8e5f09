import {
  type Article,
  type AuditEntry,
  askAppliance,
  type ConversationDetail,
  type ConversationSummary,
  type Home,
} from "@intramuros/contracts";
import type { CallEvidence } from "./report.ts";

const WAIT_MS = 6000;
const EVERY_MS = 250;

/**
 * What the appliance remembers of the call, asked for as an administrator on this machine would. Waits until the conversation has ended in the appliance's books, at most 6 s.
 * Never throws.
 */
export async function collectEvidence(home: Home, sipCallId: string): Promise<CallEvidence> {
  const until = performance.now() + WAIT_MS;
  let evidence: CallEvidence = {
    detail: null,
    audit: [],
    articleTitle: null,
    problem: "the appliance knows nothing of this call",
  };
  for (;;) {
    try {
      evidence = await lookOnce(home, sipCallId);
      if (evidence.detail?.conversation.state === "ended") return evidence;
    } catch (error) {
      evidence = { ...evidence, problem: (error as Error).message };
    }
    if (performance.now() > until) return evidence;
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}

async function lookOnce(home: Home, sipCallId: string): Promise<CallEvidence> {
  const found = await read<{ readonly items: readonly ConversationSummary[] }>(
    home,
    `/api/conversations?callId=${encodeURIComponent(sipCallId)}`,
  );
  const id = found.items[0]?.id;
  if (id === undefined)
    return { detail: null, audit: [], articleTitle: null, problem: "the appliance knows nothing of this call" };
  const detail = await read<ConversationDetail>(home, `/api/conversations/${encodeURIComponent(id)}`);
  const audit = await read<{ readonly items: readonly AuditEntry[] }>(
    home,
    `/api/audit?object=${encodeURIComponent(`conversation:${id}`)}&limit=200&order=oldest`,
  );
  return { detail, audit: audit.items, articleTitle: await titleOf(home, detail), problem: "" };
}

async function titleOf(home: Home, detail: ConversationDetail): Promise<string | null> {
  const answer = detail.events.findLast(
    (event) => event.body.type === "assistant-said" && event.body.articleId !== undefined,
  );
  if (answer === undefined || answer.body.type !== "assistant-said") return null;
  const id = answer.body.articleId ?? "";
  const article = await read<Article>(home, `/api/knowledge/articles/${encodeURIComponent(id)}`);
  return article.title;
}

async function read<T>(home: Home, path: string): Promise<T> {
  const reply = await askAppliance(home, { path });
  if (reply.status !== 200) throw new Error(`the appliance answered ${reply.status} to ${path.split("?")[0]}`);
  return JSON.parse(reply.text) as T;
}
