import { readlinkSync } from "node:fs";
import { setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { assert } from "@intramuros/contracts/faults";
import { DISMISSED, type WorkerHello } from "./hello.ts";

/** The worker's end of its link. */
export function thisThread(): { send(message: unknown): void; onMessage(handler: (message: unknown) => void): void } {
  const port = parentPort;
  assert(port, "this module runs in a worker thread only");
  return {
    send: (message) => port.postMessage(message),
    onMessage: (handler) => {
      port.on("message", (message) => (message === DISMISSED ? port.close() : handler(message)));
    },
  };
}

/**
 * Lowers this thread's share of the processor (Linux keeps a nice value for each thread), so that recognitions yield to voice
 * detection and to the calls' packets. Where the system does not allow it, all threads stay equal.
 */
export function yieldToOthers(nice: number): void {
  try {
    const thread = Number(readlinkSync("/proc/thread-self").split("/").at(-1));
    setPriority(thread, nice);
  } catch {
    // A share that cannot be lowered changes latencies, not results.
  }
}

/** Loads, says hello, and reports a load that failed as a sentence. */
export async function greet(load: () => Promise<void>): Promise<void> {
  const { send } = thisThread();
  let hello: WorkerHello;
  try {
    await load();
    hello = { type: "ready" };
  } catch (error) {
    hello = { type: "unusable", reason: (error as Error).message };
  }
  send(hello);
}
