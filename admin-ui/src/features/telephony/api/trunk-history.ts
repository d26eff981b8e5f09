import { TrunkHistorySchema } from "@intramuros/contracts/browser";
import { useQuery } from "@tanstack/react-query";
import { request } from "../../../shared/api/request.ts";

export function useTrunkHistory(id: string) {
  return useQuery({
    queryKey: ["telephony", "trunk-history", id],
    queryFn: async ({ signal }) =>
      (await request(TrunkHistorySchema, `/api/trunks/${encodeURIComponent(id)}/history`, { signal })).items,
  });
}
