import { TrunkStatusListSchema } from "@intramuros/contracts/browser";
import { useQuery } from "@tanstack/react-query";
import { request } from "../../../shared/api/request.ts";

const EVERY_MS = 5_000;

/** State of every trunk: told by the live view when one changes, asked for anew while somebody looks, for its figures move. */
export function useTrunkStatus() {
  return useQuery({
    queryKey: ["telephony", "trunk-status"],
    queryFn: async ({ signal }) => (await request(TrunkStatusListSchema, "/api/trunks/status", { signal })).items,
    refetchInterval: EVERY_MS,
  });
}
