import { TrunkSchema } from "@intramuros/contracts/browser";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { request } from "../../../shared/api/request.ts";

export function useRollBackTrunk(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (revision: number) =>
      request(TrunkSchema, `/api/trunks/${encodeURIComponent(id)}/rollback`, { method: "POST", body: { revision } }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["telephony"] }),
  });
}
