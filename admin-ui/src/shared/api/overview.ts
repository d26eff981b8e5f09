import { OverviewSchema } from "@intramuros/contracts/browser";
import { useQuery } from "@tanstack/react-query";
import { request } from "./request.ts";

export const OVERVIEW_KEY = ["overview"] as const;

/** Moves by live messages; asked for again now and then in case one was lost. */
export function useOverview() {
  return useQuery({
    queryKey: OVERVIEW_KEY,
    queryFn: ({ signal }) => request(OverviewSchema, "/api/overview", { signal }),
    refetchInterval: 30_000,
  });
}
