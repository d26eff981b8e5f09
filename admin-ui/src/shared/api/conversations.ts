import { ConversationPageSchema, type ConversationSummary } from "@intramuros/contracts/browser";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { query, request } from "./request.ts";

export const LIVE_KEY = ["conversations", "live"] as const;

/** All live conversations, newest first; live messages keep the list as it moves. */
export function useLiveConversations() {
  return useQuery({
    queryKey: LIVE_KEY,
    queryFn: async ({ signal }): Promise<readonly ConversationSummary[]> =>
      (await request(ConversationPageSchema, "/api/conversations?state=live&limit=200", { signal })).items,
  });
}

/** Past and present conversations by page, found by words. */
export function useConversationHistory(q: string, enabled = true) {
  return useInfiniteQuery({
    queryKey: ["conversations", "history", q],
    queryFn: ({ pageParam, signal }) =>
      request(ConversationPageSchema, `/api/conversations${query({ q, limit: 50, cursor: pageParam })}`, { signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    enabled,
  });
}
