import { CallListSchema } from "@intramuros/contracts/browser";
import { useInfiniteQuery } from "@tanstack/react-query";
import { query, request } from "./request.ts";

export interface CallFilter {
  readonly q?: string;
  readonly trunkId?: string;
  readonly result?: string;
  readonly limit?: number;
}

/** Attempts at calls, newest first. Each look is of the moment: the list is asked for again by whoever looks, not by a clock. */
export function useCalls(filter: CallFilter) {
  return useInfiniteQuery({
    queryKey: ["calls", "list", filter],
    queryFn: ({ pageParam, signal }) =>
      request(CallListSchema, `/api/calls${query({ limit: 50, ...filter, cursor: pageParam })}`, { signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    placeholderData: (old) => old,
  });
}
