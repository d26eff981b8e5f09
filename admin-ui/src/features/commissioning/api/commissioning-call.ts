import { type CommissioningCallRequestSchema, CommissioningJobSchema } from "@intramuros/contracts/browser";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { Static } from "typebox";
import { request } from "../../../shared/api/request.ts";

const PATH = "/api/commissioning-calls";
const POLL_MS = 700;

export function usePlaceCall() {
  return useMutation({
    mutationFn: (body: Static<typeof CommissioningCallRequestSchema>) =>
      request(CommissioningJobSchema, PATH, { method: "POST", body }),
  });
}

/** The call goes on in the appliance whether somebody looks or not. */
export function useCall(id: string | null) {
  return useQuery({
    queryKey: ["commissioning-call", id],
    queryFn: ({ signal }) => request(CommissioningJobSchema, `${PATH}/${encodeURIComponent(id ?? "")}`, { signal }),
    enabled: id !== null,
    refetchInterval: (query) => (query.state.data?.state === "running" ? POLL_MS : false),
    staleTime: 0,
  });
}
