import { useMutation } from "@tanstack/react-query";
import { send } from "../../../shared/api/request.ts";

/** `POST /api/conversations/:id/messages`: a person answers in a chat; the line comes back as a live event. */
export function useAnswerChat(id: string) {
  return useMutation({
    mutationFn: (text: string) =>
      send(`/api/conversations/${encodeURIComponent(id)}/messages`, { method: "POST", body: { text } }),
  });
}
