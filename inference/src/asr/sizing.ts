import type { Config } from "@intramuros/contracts";

const BASE_NEEDS_BYTES = 2 * 2 ** 30;

/** The larger model wherever it answers in time: from two cores on, with memory for it. */
export function chooseAsrModel(
  wanted: Config["inference"]["asrModel"],
  machine: { readonly cores: number; readonly memoryBytes: number },
): "moonshine-base-en" | "moonshine-tiny-en" {
  if (wanted !== "auto") return wanted;
  return machine.cores >= 2 && machine.memoryBytes >= BASE_NEEDS_BYTES ? "moonshine-base-en" : "moonshine-tiny-en";
}

/**
 * Threads of recognition. One thread for each recognition, several recognitions at once: two threads on one utterance shorten it by
 * a tenth only (measured), while a second worker doubles what is done. Calls' packets come first by the threads' priorities.
 */
export function chooseAsrWorkers(wanted: number, cores: number): number {
  return wanted > 0 ? wanted : Math.max(1, Math.min(8, cores));
}
