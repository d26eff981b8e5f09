import { randomBytes } from "node:crypto";
import {
  type ChatClientMessage,
  ChatClientMessageSchema,
  type ChatServerMessage,
  type ConversationEvent,
  type ConversationSummary,
  type Language,
  type Logger,
} from "@intramuros/contracts";
import { Compile } from "typebox/compile";
import type { WebSocket } from "ws";
import type { Visitor } from "../../conversation/chat-driver.ts";
import type { Conversations } from "../../conversation/conversations-driver.ts";
import type { Customers } from "../../customer/customer-store.ts";
import { type Bucket, draw, lineOf } from "./chat-line.ts";
import { identityOf, isToken } from "./visitor.ts";

export interface ChatSockets {
  accept(socket: WebSocket, source: string): void;
  /** The visitor whose chat is open in a browser now. */
  visitor(identity: string): Visitor | undefined;
  close(): void;
}

const MAX_SOCKETS = 2_000;
const MAX_PER_SOURCE = 20;
const MAX_BYTES = 16 << 10;
/** New connections of one address; an office behind one address needs the burst, a flood of invented visitors does not get it. */
const CONNECTIONS = { burst: 60, everyMs: 2_000 };
const MAX_SOURCES = 20_000;
const HELLO_WITHIN_MS = 10_000;
const SILENT_MS = 75_000;
const MESSAGES = { burst: 10, everyMs: 1_500 };
const MAX_BUFFERED = 1 << 20;
const check = Compile(ChatClientMessageSchema);

interface Open {
  readonly socket: WebSocket;
  readonly source: string;
  visitor: Visitor | null;
  bucket: Bucket;
  timer: NodeJS.Timeout;
}

/** The open chats: every browser window of a visitor sees the same lines, whichever of them wrote. */
export function openChatSockets(deps: {
  readonly conversations: Pick<Conversations, "chat" | "watch">;
  readonly customers: Customers;
  readonly log: Logger;
  readonly siteName: string;
  readonly siteLanguage: Language;
  readonly maxFileBytes: number;
  readonly now: () => number;
}): ChatSockets {
  const { chat } = deps.conversations;
  const all = new Set<Open>();
  const byIdentity = new Map<string, Set<Open>>();
  const bySource = new Map<string, Bucket>();
  const mayConnect = (source: string): boolean => {
    const { bucket, allowed } = draw(
      bySource.get(source) ?? { tokens: CONNECTIONS.burst, at: deps.now() },
      deps.now(),
      CONNECTIONS,
    );
    if (bySource.size >= MAX_SOURCES) bySource.clear();
    bySource.set(source, bucket);
    return allowed && [...all].filter((open) => open.source === source).length < MAX_PER_SOURCE;
  };

  const send = (open: Open, message: ChatServerMessage): void => {
    if (open.socket.readyState !== open.socket.OPEN) return;
    // A browser that does not read is cut off; what it missed is sent when it comes back.
    if (open.socket.bufferedAmount > MAX_BUFFERED) open.socket.terminate();
    else open.socket.send(JSON.stringify(message));
  };
  const sendAll = (identity: string, message: ChatServerMessage): void => {
    for (const open of byIdentity.get(identity) ?? []) send(open, message);
  };
  const refuse = (open: Open, code: string, message: string, clientId?: string): void =>
    send(open, { type: "refused", code, message, ...(clientId === undefined ? {} : { clientId }) });
  const waitAtMost = (open: Open, ms: number): void => {
    clearTimeout(open.timer);
    open.timer = setTimeout(() => open.socket.close(4408, "silent"), ms);
  };

  const sendEvents = (identity: string, conversationId: string, events: readonly ConversationEvent[]): void => {
    for (const event of events) {
      const line = lineOf(event, chat.clientIdOf(conversationId, event.seq));
      if (line !== null) sendAll(identity, { type: "line", line, conversationId });
      if (event.body.type === "ended") sendAll(identity, { type: "ended" });
    }
  };
  deps.conversations.watch((summary: ConversationSummary, events) => {
    if (summary.medium !== "web-chat") return;
    const customer = deps.customers.get(summary.customerId);
    for (const { kind, value } of customer?.identities ?? []) {
      if (kind === "web-chat") sendEvents(value, summary.id, events);
    }
  });

  const hello = async (open: Open, message: Extract<ChatClientMessage, { type: "hello" }>): Promise<void> => {
    if (open.visitor !== null) return refuse(open, "hello-twice", "the chat is open already");
    const offered = message.token ?? "";
    const known =
      isToken(offered) && deps.customers.find({ kind: "web-chat", value: identityOf(offered) }) !== undefined;
    const token = known ? offered : randomBytes(32).toString("base64url");
    const identity = identityOf(token);
    const running = chat.current(identity);
    const language: Language = running?.language ?? message.language ?? deps.siteLanguage;
    open.visitor = { identity, source: open.source, language };
    const peers = byIdentity.get(identity) ?? new Set();
    byIdentity.set(identity, peers.add(open));
    const afterSeq = running !== undefined && message.conversationId === running.id ? (message.afterSeq ?? 0) : 0;
    const lines =
      running === undefined
        ? [{ seq: 0, at: deps.now(), who: "assistant" as const, text: chat.greeting(language) }]
        : (await chat.lines(running.id, afterSeq))
            .map((event) => lineOf(event, chat.clientIdOf(running.id, event.seq)))
            .filter((line) => line !== null);
    send(open, {
      type: "welcome",
      token,
      siteName: deps.siteName,
      language,
      lines,
      maxFileBytes: deps.maxFileBytes,
      ...(running === undefined ? {} : { conversationId: running.id }),
    });
  };

  const text = async (open: Open, message: Extract<ChatClientMessage, { type: "text" }>): Promise<void> => {
    const { visitor } = open;
    if (visitor === null) return refuse(open, "hello-first", "say hello first", message.clientId);
    const { bucket, allowed } = draw(open.bucket, deps.now(), MESSAGES);
    open.bucket = bucket;
    if (!allowed) return refuse(open, "too-fast", "too many messages in a short time", message.clientId);
    if (message.text.trim() === "") return refuse(open, "empty", "the message is empty", message.clientId);
    sendAll(visitor.identity, { type: "typing" });
    try {
      const repeated = await chat.text(visitor, { clientId: message.clientId, text: message.text });
      if (repeated === null) return;
      // Kept already, only the browser did not hear of it: it hears all from there on.
      sendEvents(visitor.identity, repeated.id, await chat.lines(repeated.id, repeated.seq - 1));
    } catch (error) {
      deps.log.error({ err: error }, "a chat message could not be kept");
      refuse(open, "unavailable", "the message could not be kept; it will be sent again", message.clientId);
    }
  };

  const receive = async (open: Open, raw: string): Promise<void> => {
    waitAtMost(open, SILENT_MS);
    const message = parse(raw);
    if (message === null) return refuse(open, "invalid", "this is not a message of the chat");
    switch (message.type) {
      case "hello":
        return hello(open, message);
      case "text":
        return text(open, message);
      case "end":
        return open.visitor === null ? undefined : chat.end(open.visitor.identity);
      case "ping":
        return send(open, { type: "pong" });
    }
  };

  return {
    accept(socket, source) {
      if (all.size >= MAX_SOCKETS || !mayConnect(source)) {
        socket.close(1013, "too many chats");
        return;
      }
      const timer = setTimeout(() => socket.close(4408, "silent"), HELLO_WITHIN_MS);
      const open: Open = { socket, source, visitor: null, timer, bucket: { tokens: MESSAGES.burst, at: deps.now() } };
      all.add(open);
      socket.on("message", (data: Buffer, isBinary: boolean) => {
        if (isBinary || data.length > MAX_BYTES) return refuse(open, "invalid", "the message is too long or not text");
        receive(open, data.toString("utf8")).catch((error: unknown) => {
          deps.log.error({ err: error }, "a chat could not go on");
          socket.close(1011, "unavailable");
        });
      });
      socket.on("error", () => socket.terminate());
      socket.on("close", () => {
        clearTimeout(open.timer);
        all.delete(open);
        const identity = open.visitor?.identity ?? "";
        const peers = byIdentity.get(identity);
        peers?.delete(open);
        if (peers?.size === 0) byIdentity.delete(identity);
      });
    },
    visitor: (identity) => [...(byIdentity.get(identity) ?? [])][0]?.visitor ?? undefined,
    close() {
      for (const open of all) open.socket.close(1001, "going away");
    },
  };
}

function parse(raw: string): ChatClientMessage | null {
  try {
    const message: unknown = JSON.parse(raw);
    return check.Check(message) ? message : null;
  } catch {
    return null;
  }
}
