import { ArticleSchema } from "@intramuros/contracts/browser";
import { useQuery } from "@tanstack/react-query";
import { request } from "./request.ts";

export function useArticle(id: string, enabled = true) {
  return useQuery({
    queryKey: ["articles", "one", id],
    queryFn: ({ signal }) => request(ArticleSchema, `/api/knowledge/articles/${encodeURIComponent(id)}`, { signal }),
    enabled: enabled && id !== "",
    staleTime: 60_000,
    retry: false,
  });
}
