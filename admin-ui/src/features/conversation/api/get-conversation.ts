import { ConversationDetailSchema } from "@intramuros/contracts/browser";
import { useQuery } from "@tanstack/react-query";
import { request } from "../../../shared/api/request.ts";
import { detailKey } from "../../../shared/live/live-client.ts";

/** One conversation with all its events; live messages append to it. */
export function useConversation(id: string) {
  return useQuery({
    queryKey: detailKey(id),
    queryFn: ({ signal }) =>
      request(ConversationDetailSchema, `/api/conversations/${encodeURIComponent(id)}`, { signal }),
    // each look is an audit entry: asked for once, then kept by live messages
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
}
