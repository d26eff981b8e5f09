import { TaskSchema } from "@intramuros/contracts/browser";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { request } from "../../../shared/api/request.ts";

export function useUpdateTask() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ id, state }: { readonly id: string; readonly state: "open" | "done" }) =>
      request(TaskSchema, `/api/tasks/${encodeURIComponent(id)}`, { method: "PATCH", body: { state } }),
    onSuccess: () =>
      Promise.all([
        cache.invalidateQueries({ queryKey: ["tasks"] }),
        cache.invalidateQueries({ queryKey: ["overview"] }),
      ]),
  });
}
