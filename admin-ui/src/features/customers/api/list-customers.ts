import { CustomerPageSchema } from "@intramuros/contracts/browser";
import { useInfiniteQuery } from "@tanstack/react-query";
import { query, request } from "../../../shared/api/request.ts";

export function useCustomers(q: string) {
  return useInfiniteQuery({
    queryKey: ["customers", "list", q],
    queryFn: ({ pageParam, signal }) =>
      request(CustomerPageSchema, `/api/customers${query({ q, limit: 50, cursor: pageParam })}`, { signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });
}
