import { PageSchema, TaskSchema } from "@intramuros/contracts/browser";
import { useInfiniteQuery } from "@tanstack/react-query";
import { query, request } from "../../../shared/api/request.ts";

const TaskPageSchema = PageSchema(TaskSchema);

export function useTasks(state: "open" | "done") {
  return useInfiniteQuery({
    queryKey: ["tasks", state],
    queryFn: ({ pageParam, signal }) =>
      request(TaskPageSchema, `/api/tasks${query({ state, limit: 50, cursor: pageParam })}`, { signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });
}
