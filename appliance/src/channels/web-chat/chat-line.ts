import type { ChatLine, ConversationEvent } from "@intramuros/contracts";

/** What the customer sees of an event; null for what is ours alone (policy, emotion, tasks). Emotion never leaves towards the customer. */
export function lineOf(event: ConversationEvent, clientId?: string): ChatLine | null {
  const { seq, at, body } = event;
  switch (body.type) {
    case "customer-said":
      return { seq, at, who: "customer", text: body.text, ...(clientId === undefined ? {} : { clientId }) };
    case "assistant-said":
      return { seq, at, who: "assistant", text: body.text };
    case "agent-said":
      return { seq, at, who: "agent", text: body.text };
    case "agent-joined":
      return { seq, at, who: "system", text: body.agentName };
    case "file-received":
      return {
        seq,
        at,
        who: "customer",
        text: body.name,
        file: { id: body.fileId, name: body.name, mediaType: body.mediaType, sizeBytes: body.sizeBytes },
      };
    default:
      return null;
  }
}

/** A bucket of tokens: `burst` at once, then one every `everyMs`. */
export interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

export function draw(
  bucket: Bucket,
  now: number,
  limit: { readonly burst: number; readonly everyMs: number },
): { readonly bucket: Bucket; readonly allowed: boolean } {
  const tokens = Math.min(limit.burst, bucket.tokens + Math.max(0, now - bucket.at) / limit.everyMs);
  return tokens < 1
    ? { bucket: { tokens, at: now }, allowed: false }
    : { bucket: { tokens: tokens - 1, at: now }, allowed: true };
}

/** Whether a page may open the chat: our own, or a site that the administrator named. A request without an origin is not a browser's. */
export function originAllowed(origin: string | undefined, host: string | undefined, sites: readonly string[]): boolean {
  if (origin === undefined || origin === "null") return false;
  if (sites.includes(origin)) return true;
  try {
    return host !== undefined && new URL(origin).host === host;
  } catch {
    return false;
  }
}
