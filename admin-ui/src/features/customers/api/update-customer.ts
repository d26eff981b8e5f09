import { CustomerSchema, type CustomerUpdateSchema } from "@intramuros/contracts/browser";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Static } from "typebox";
import { request } from "../../../shared/api/request.ts";

export function useUpdateCustomer(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: Static<typeof CustomerUpdateSchema>) =>
      request(CustomerSchema, `/api/customers/${encodeURIComponent(id)}`, { method: "PATCH", body }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["customers"] }),
  });
}
