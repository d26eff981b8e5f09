import { CustomerDetailSchema } from "@intramuros/contracts/browser";
import { useQuery } from "@tanstack/react-query";
import { request } from "./request.ts";

/** A customer with all conversations; not asked for where the role may not see it. */
export function useCustomer(id: string, enabled = true) {
  return useQuery({
    queryKey: ["customers", "one", id],
    queryFn: ({ signal }) => request(CustomerDetailSchema, `/api/customers/${encodeURIComponent(id)}`, { signal }),
    enabled: enabled && id !== "",
    // each look is an audit entry
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
}
