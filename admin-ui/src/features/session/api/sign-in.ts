import { SessionReplySchema, type SignInRequest } from "@intramuros/contracts/browser";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { request } from "../../../shared/api/request.ts";
import { SESSION_KEY } from "../../../shared/api/session.ts";

/** `POST /api/session`: the appliance sets the cookie. */
export function useSignIn() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: SignInRequest) => request(SessionReplySchema, "/api/session", { method: "POST", body }),
    onSuccess: (reply) => cache.setQueryData(SESSION_KEY, reply),
  });
}
