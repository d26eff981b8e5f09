import { type Role, SessionReplySchema } from "@intramuros/contracts/browser";
import { useQuery } from "@tanstack/react-query";
import { request } from "./request.ts";

export const SESSION_KEY = ["session"] as const;

/** Who is signed in, and whether the first administrator exists. */
export function useSession() {
  return useQuery({
    queryKey: SESSION_KEY,
    queryFn: ({ signal }) => request(SessionReplySchema, "/api/session", { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: 1,
  });
}

/** Pages behind sign-in always have a role; before it nothing is shown that needs one. */
export function useRole(): Role {
  return useSession().data?.user?.role ?? "auditor";
}
