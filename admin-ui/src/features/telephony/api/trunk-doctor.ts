import { DoctorJobSchema, type DoctorRequest } from "@intramuros/contracts/browser";
import { useMutation, useQuery } from "@tanstack/react-query";
import { request } from "../../../shared/api/request.ts";

const POLL_MS = 700;

export function useStartDoctor(trunkId: string) {
  return useMutation({
    mutationFn: (body: DoctorRequest) =>
      request(DoctorJobSchema, `/api/trunks/${encodeURIComponent(trunkId)}/doctor`, { method: "POST", body }),
  });
}

/** The trial goes on in the appliance whether somebody looks or not. */
export function useDoctor(id: string | null) {
  return useQuery({
    queryKey: ["trunk-doctor", id],
    queryFn: ({ signal }) => request(DoctorJobSchema, `/api/trunk-doctor/${encodeURIComponent(id ?? "")}`, { signal }),
    enabled: id !== null,
    refetchInterval: (found) => (found.state.data?.state === "running" ? POLL_MS : false),
    staleTime: 0,
  });
}
