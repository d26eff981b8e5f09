import { type TrunkInput, TrunkSchema } from "@intramuros/contracts/browser";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { request } from "../../../shared/api/request.ts";

export function useSaveTrunk() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ id, body }: { readonly id: string | null; readonly body: TrunkInput }) =>
      id === null
        ? request(TrunkSchema, "/api/trunks", { method: "POST", body })
        : request(TrunkSchema, `/api/trunks/${encodeURIComponent(id)}`, { method: "PUT", body }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["telephony"] }),
  });
}
