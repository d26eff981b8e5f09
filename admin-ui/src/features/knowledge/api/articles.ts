import { type ArticleInput, ArticlePageSchema, ArticleSchema } from "@intramuros/contracts/browser";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { query, request, send } from "../../../shared/api/request.ts";

const PATH = "/api/knowledge/articles";

/** Articles by page; words, language and tag are looked for by the appliance. */
export function useArticles(filter: { readonly q: string; readonly language: string; readonly tag: string }) {
  return useInfiniteQuery({
    queryKey: ["articles", "list", filter],
    queryFn: ({ pageParam, signal }) =>
      request(ArticlePageSchema, `${PATH}${query({ ...filter, limit: 200, cursor: pageParam })}`, { signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    placeholderData: (old) => old,
  });
}

export function useSaveArticle() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ id, body }: { readonly id: string | null; readonly body: ArticleInput }) =>
      id === null
        ? request(ArticleSchema, PATH, { method: "POST", body })
        : request(ArticleSchema, `${PATH}/${encodeURIComponent(id)}`, { method: "PUT", body }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["articles"] }),
  });
}

export function useDeleteArticle() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => send(`${PATH}/${encodeURIComponent(id)}`, { method: "DELETE" }),
    // the article itself is not asked for again: it is gone
    onSuccess: () => cache.invalidateQueries({ queryKey: ["articles", "list"] }),
  });
}

/** The example that came with the appliance. */
export function useDeleteSeed() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => send("/api/knowledge/seed", { method: "DELETE" }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["articles"] }),
  });
}
