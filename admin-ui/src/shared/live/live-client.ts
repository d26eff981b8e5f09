import {
  type ConversationDetail,
  type ConversationPageSchema,
  type ConversationSummary,
  type LiveMessage,
  LiveMessageSchema,
} from "@intramuros/contracts/browser";
import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import type { Static } from "typebox";
import { Value } from "typebox/value";
import { LIVE_KEY } from "../api/conversations.ts";
import { OVERVIEW_KEY } from "../api/overview.ts";
import { SESSION_KEY } from "../api/session.ts";
import { foldEvent, foldSummary, keysOfChange, type Partial, partialAfter, replaceSummary } from "./fold-live.ts";

/**
 * Listens to `/api/live` and keeps the query cache as it moves.
 *
 * | state | leaves by |
 * | --- | --- |
 * | connecting | open → connected; close, 10 s → lost |
 * | connected | close, error → lost (the server closes a socket whose ping stays unanswered) |
 * | lost | back-off 0.5 … 10 s → connecting |
 */
export type LiveState =
  | { readonly at: "connecting" }
  | { readonly at: "connected" }
  | { readonly at: "lost"; readonly since: number };

/** Close code of the appliance: the session has ended meanwhile. */
const SIGNED_OUT = 4401;
const CONNECT_MS = 10_000;
const BACKOFF_MS = [500, 1000, 2000, 4000, 8000, 10_000] as const;
type Page = Static<typeof ConversationPageSchema>;

export const partialKey = (conversationId: string) => ["partial", conversationId] as const;
export const detailKey = (conversationId: string) => ["conversation", conversationId] as const;

export class LiveClient {
  #state: LiveState = { at: "connecting" };
  readonly #listeners = new Set<() => void>();
  readonly #cache: QueryClient;
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #everConnected = false;
  #closed = true;

  constructor(cache: QueryClient) {
    this.#cache = cache;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly state = (): LiveState => this.#state;

  open(): void {
    if (!this.#closed) return;
    this.#closed = false;
    this.#attempt = 0;
    this.#connect();
    window.addEventListener("online", this.#retryNow);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    window.removeEventListener("online", this.#retryNow);
    this.#socket?.close();
    this.#socket = null;
    this.#everConnected = false;
    this.#set({ at: "connecting" });
  }

  readonly #retryNow = (): void => {
    if (this.#closed || this.#state.at !== "lost") return;
    this.#connect();
  };

  #connect(): void {
    clearTimeout(this.#timer);
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/api/live`);
    this.#socket = socket;
    this.#timer = setTimeout(() => socket.close(), CONNECT_MS);
    socket.onopen = () => {
      clearTimeout(this.#timer);
      // what was missed meanwhile is asked for: all of it after a loss, what moves by itself after the first connection
      if (this.#everConnected) void this.#cache.invalidateQueries();
      else
        void this.#cache.invalidateQueries({ predicate: (query) => movesByItself(query.queryKey, query.state.data) });
      this.#everConnected = true;
      this.#attempt = 0;
      this.#set({ at: "connected" });
    };
    socket.onmessage = (message) => this.#receive(message.data);
    socket.onclose = ({ code }) => {
      if (this.#closed || this.#socket !== socket) return;
      if (code === SIGNED_OUT) void this.#cache.invalidateQueries({ queryKey: SESSION_KEY });
      const since = this.#state.at === "lost" ? this.#state.since : Date.now();
      this.#set({ at: "lost", since });
      clearTimeout(this.#timer);
      const wait = BACKOFF_MS[Math.min(this.#attempt, BACKOFF_MS.length - 1)] ?? 10_000;
      this.#attempt++;
      this.#timer = setTimeout(() => this.#connect(), wait * (0.8 + Math.random() * 0.4));
    };
  }

  #receive(data: unknown): void {
    if (typeof data !== "string") return;
    let message: unknown;
    try {
      message = JSON.parse(data);
    } catch {
      return;
    }
    if (Value.Check(LiveMessageSchema, message)) applyLive(this.#cache, message);
  }

  #set(state: LiveState): void {
    if (state.at === this.#state.at && state.at !== "lost") return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/** What was read before the first connection may have moved before it stood. */
function movesByItself(key: readonly unknown[], data: unknown): boolean {
  if (data === undefined) return false;
  if (key[0] === "conversation") return (data as ConversationDetail).conversation.state === "live";
  return key[0] === OVERVIEW_KEY[0] || (key[0] === LIVE_KEY[0] && key[1] === LIVE_KEY[1]);
}

/** Performs one message on the cache. */
export function applyLive(cache: QueryClient, message: LiveMessage): void {
  switch (message.type) {
    case "conversation": {
      const { conversation } = message;
      cache.setQueryData<readonly ConversationSummary[]>(LIVE_KEY, (list) => list && foldSummary(list, conversation));
      cache.setQueriesData<InfiniteData<Page>>({ queryKey: ["conversations", "history"] }, (data) =>
        data === undefined
          ? data
          : {
              ...data,
              pages: data.pages.map((page) => ({ ...page, items: [...replaceSummary(page.items, conversation)] })),
            },
      );
      cache.setQueryData<ConversationDetail>(
        detailKey(conversation.id),
        (detail) => detail && { ...detail, conversation },
      );
      return;
    }
    case "event": {
      const { event } = message;
      const key = detailKey(event.conversationId);
      const partial = cache.getQueryData<Partial | null>(partialKey(event.conversationId));
      if (partial) cache.setQueryData(partialKey(event.conversationId), partialAfter(event, partial));
      const detail = cache.getQueryData<ConversationDetail>(key);
      if (detail === undefined) return;
      const fold = foldEvent(detail, event);
      if (fold.type === "folded") cache.setQueryData(key, fold.detail);
      else if (fold.type === "gap") void cache.invalidateQueries({ queryKey: key });
      return;
    }
    case "partial":
      cache.setQueryData<Partial>(partialKey(message.conversationId), {
        text: message.text,
        language: message.language,
      });
      return;
    case "overview":
      cache.setQueryData(OVERVIEW_KEY, message.overview);
      return;
    case "changed":
      for (const key of keysOfChange(message.what)) void cache.invalidateQueries({ queryKey: key });
      return;
  }
}
