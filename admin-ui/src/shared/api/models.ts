import { ModelsReplySchema } from "@intramuros/contracts/browser";
import { useQuery } from "@tanstack/react-query";
import { request } from "./request.ts";

export function useModels() {
  return useQuery({
    queryKey: ["models"],
    queryFn: ({ signal }) => request(ModelsReplySchema, "/api/models", { signal }),
    refetchInterval: 10_000,
  });
}
