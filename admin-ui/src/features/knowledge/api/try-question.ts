import { TryReplySchema } from "@intramuros/contracts/browser";
import { useMutation } from "@tanstack/react-query";
import { request } from "../../../shared/api/request.ts";

export function useTryQuestion() {
  return useMutation({
    mutationFn: (text: string) => request(TryReplySchema, "/api/knowledge/try", { method: "POST", body: { text } }),
  });
}
