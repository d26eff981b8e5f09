import {
  type CommissioningJob,
  type CommissioningReport,
  CommissioningReportSchema,
  type Language,
} from "@intramuros/contracts";
import { Value } from "typebox/value";
import { v7 as uuid } from "uuid";
import { HttpFault } from "../http/route.ts";
import { createJobBook, problemOf } from "./job-book.ts";
import type { TelephonyClient } from "./telephony-client.ts";

const TIMEOUT_MS = 90_000;
const PROGRESS_KEPT = 500;

/** Commissioning calls asked for on the console: one at a time, the latest reports kept in memory. */
export function openCommissioning(telephony: Pick<TelephonyClient, "commission">): {
  start(request: { readonly say?: string; readonly to?: string; readonly language?: Language }): CommissioningJob;
  get(id: string): CommissioningJob | undefined;
} {
  const jobs = createJobBook<CommissioningJob>();
  return {
    get: jobs.get,
    start(request) {
      if (jobs.isRunning()) {
        throw new HttpFault({
          status: 409,
          code: "commissioning-running",
          message: "a commissioning call is going on",
          hint: "wait until it has ended",
        });
      }
      const id = uuid();
      const onProgress = (line: string): void =>
        jobs.change(id, ({ progress }) =>
          progress.length < PROGRESS_KEPT ? { progress: [...progress, line.slice(0, 500)] } : {},
        );
      const job = jobs.add({ id, state: "running", progress: [] });
      telephony.commission({ ...request, timeoutMs: TIMEOUT_MS }, onProgress).then(
        (json) => {
          const report = reportFrom(json);
          jobs.change(id, () =>
            report === null
              ? { state: "failed", problem: "the report of telephony could not be read" }
              : { state: "finished", report },
          );
        },
        (error: Error) => jobs.change(id, () => ({ state: "failed", problem: problemOf(error) })),
      );
      return job;
    },
  };
}

function reportFrom(json: string): CommissioningReport | null {
  try {
    const report: unknown = JSON.parse(json);
    return Value.Check(CommissioningReportSchema, report) ? report : null;
  } catch {
    return null;
  }
}
