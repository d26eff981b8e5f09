import { ImportReplySchema, type ImportRequestSchema } from "@intramuros/contracts/browser";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Static } from "typebox";
import { request } from "../../../shared/api/request.ts";

/** All or nothing; a dry run says what would happen. */
export function useImportArticles() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: Static<typeof ImportRequestSchema>) =>
      request(ImportReplySchema, "/api/knowledge/import", { method: "POST", body, timeoutMs: 120_000 }),
    onSuccess: (_reply, body) => (body.dryRun ? undefined : cache.invalidateQueries({ queryKey: ["articles"] })),
  });
}
