import type { CustomerId, Task } from "@intramuros/contracts";
import { v7 as uuid } from "uuid";
import type { LiveHub } from "../live/live-hub.ts";
import type { Store, StoreWrite } from "../storage/store.ts";

const TABLE = "tasks";
const OPEN = "tasks-open";

/** Callbacks: what a person owes a customer. */
export interface Tasks {
  /** The writes belong to the conversation's batch; call `opened` once that is durable. */
  create(task: Omit<Task, "id" | "kind" | "state" | "createdAt">): {
    readonly task: Task;
    readonly writes: readonly StoreWrite[];
  };
  opened(task: Task): void;
  /** A message that arrived after the task was opened; the writes again belong to the conversation's batch. */
  withMessage(
    task: Task,
    message: { readonly recordingPath: string; readonly durationMs: number; readonly transcript: string },
  ): { readonly task: Task; readonly writes: readonly StoreWrite[] };
  get(id: string): Promise<Task | undefined>;
  /** Newest first; `before` is the id of the last one seen. */
  list(query: {
    readonly state?: Task["state"];
    readonly before?: string;
    readonly limit: number;
  }): Promise<readonly Task[]>;
  /** Undefined when there is no such task. */
  setState(id: string, state: Task["state"], by: string): Promise<Task | undefined>;
  openCount(): number;
}

export async function openTasks(deps: {
  readonly store: Store;
  readonly hub: LiveHub;
  readonly now?: () => number;
}): Promise<Tasks> {
  const now = deps.now ?? Date.now;
  const open = new Set<string>();
  for await (const [id] of deps.store.entries<number>(OPEN)) open.add(id);
  const writes = (task: Task): readonly StoreWrite[] => [
    { table: TABLE, key: task.id, value: task, owner: task.customerId as CustomerId },
    { table: OPEN, key: task.id, value: task.state === "open" ? 1 : undefined },
  ];
  const changed = (task: Task): void => {
    if (task.state === "open") open.add(task.id);
    else open.delete(task.id);
    deps.hub.publish({ type: "changed", what: "tasks" });
  };
  return {
    create(input) {
      const task: Task = { ...input, id: uuid(), kind: "callback", state: "open", createdAt: now() };
      return { task, writes: writes(task) };
    },
    opened: changed,
    withMessage(before, message) {
      const transcript = message.transcript === "" ? before.transcript : message.transcript;
      const task: Task = { ...before, ...message, transcript };
      return { task, writes: writes(task) };
    },
    get: (id) => deps.store.get<Task>(TABLE, id),
    async list({ state, before, limit }) {
      const items: Task[] = [];
      if (state === "open") {
        const ids = [...open].filter((id) => before === undefined || id < before).sort();
        for (const id of ids.reverse().slice(0, limit)) {
          const task = await deps.store.get<Task>(TABLE, id);
          if (task !== undefined) items.push(task);
        }
        return items;
      }
      const range = { reverse: true, ...(before === undefined ? {} : { lt: before }) };
      for await (const [, task] of deps.store.entries<Task>(TABLE, range)) {
        if (state === undefined || task.state === state) items.push(task);
        if (items.length >= limit) break;
      }
      return items;
    },
    async setState(id, state, by) {
      const before = await deps.store.get<Task>(TABLE, id);
      if (before === undefined) return undefined;
      const { doneAt: _at, doneBy: _by, ...rest } = before;
      const task: Task = state === "done" ? { ...rest, state, doneAt: now(), doneBy: by } : { ...rest, state };
      await deps.store.write(writes(task));
      changed(task);
      return task;
    },
    openCount: () => open.size,
  };
}
