/** What every worker says first, once. */
export type WorkerHello = { readonly type: "ready" } | { readonly type: "unusable"; readonly reason: string };

/** The last message to a thread: it closes its port and ends when its work is done. */
export const DISMISSED = "dismissed";
