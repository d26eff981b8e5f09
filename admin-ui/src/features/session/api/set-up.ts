import { SessionReplySchema, type SetupRequest } from "@intramuros/contracts/browser";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { request } from "../../../shared/api/request.ts";
import { SESSION_KEY } from "../../../shared/api/session.ts";

/** `POST /api/setup`: the first administrator, signed in at once. */
export function useSetUp() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: SetupRequest) => request(SessionReplySchema, "/api/setup", { method: "POST", body }),
    onSuccess: (reply) => cache.setQueryData(SESSION_KEY, reply),
  });
}
