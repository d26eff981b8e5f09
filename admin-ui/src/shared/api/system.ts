import { SystemSchema } from "@intramuros/contracts/browser";
import { useQuery } from "@tanstack/react-query";
import { request } from "./request.ts";

export function useSystem(refetchMs = 5_000) {
  return useQuery({
    queryKey: ["system"],
    queryFn: ({ signal }) => request(SystemSchema, "/api/system", { signal }),
    refetchInterval: refetchMs,
  });
}
