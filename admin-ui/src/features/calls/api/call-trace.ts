import { CallTraceSchema } from "@intramuros/contracts/browser";
import { useQuery } from "@tanstack/react-query";
import { request } from "../../../shared/api/request.ts";

const LIVE_EVERY_MS = 3_000;

/** One call's messages. Each look is audited, so it is asked for again only while the call is still up. */
export function useCallTrace(sipCallId: string) {
  return useQuery({
    queryKey: ["calls", "trace", sipCallId],
    queryFn: ({ signal }) => request(CallTraceSchema, `/api/calls/${encodeURIComponent(sipCallId)}/trace`, { signal }),
    refetchInterval: (found) =>
      found.state.data !== undefined && found.state.data.attempt.verdict === undefined ? LIVE_EVERY_MS : false,
    refetchOnWindowFocus: false,
  });
}
