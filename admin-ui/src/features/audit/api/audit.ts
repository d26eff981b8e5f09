import { AuditPageSchema, CheckpointSchema, VerifyReplySchema } from "@intramuros/contracts/browser";
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { query, request } from "../../../shared/api/request.ts";

export interface AuditFilter {
  readonly code: string;
  readonly object: string;
  readonly order: "newest" | "oldest";
}

export function useAudit(filter: AuditFilter) {
  return useInfiniteQuery({
    queryKey: ["audit", "list", filter],
    queryFn: ({ pageParam, signal }) =>
      request(AuditPageSchema, `/api/audit${query({ ...filter, limit: 50, cursor: pageParam })}`, { signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    placeholderData: (old) => old,
  });
}

export function useCheckpoint() {
  return useQuery({
    queryKey: ["audit", "checkpoint"],
    queryFn: ({ signal }) => request(CheckpointSchema, "/api/audit/checkpoint", { signal }),
  });
}

/** Reads the whole log and the store: a million entries take seconds, not more than minutes. */
export function useVerify() {
  return useMutation({
    mutationFn: () => request(VerifyReplySchema, "/api/audit/verify", { method: "POST", timeoutMs: 600_000 }),
  });
}
