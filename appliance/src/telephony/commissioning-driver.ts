import {
  type CommissioningJob,
  type CommissioningReport,
  CommissioningReportSchema,
  type Language,
} from "@intramuros/contracts";
import { Value } from "typebox/value";
import { v7 as uuid } from "uuid";
import { HttpFault } from "../http/route.ts";
import type { TelephonyClient } from "./telephony-client.ts";

const TIMEOUT_MS = 90_000;
const JOBS_KEPT = 20;
const PROGRESS_KEPT = 500;

/** Commissioning calls asked for on the console: one at a time, the latest reports kept in memory. */
export function openCommissioning(telephony: Pick<TelephonyClient, "commission">): {
  start(request: { readonly say?: string; readonly to?: string; readonly language?: Language }): CommissioningJob;
  get(id: string): CommissioningJob | undefined;
} {
  const jobs = new Map<string, CommissioningJob>();
  const set = (job: CommissioningJob): CommissioningJob => {
    jobs.set(job.id, job);
    const oldest = jobs.keys().next().value;
    if (jobs.size > JOBS_KEPT && oldest !== undefined) jobs.delete(oldest);
    return job;
  };
  const change = (id: string, patch: Partial<CommissioningJob>): void => {
    const job = jobs.get(id);
    if (job !== undefined) jobs.set(id, { ...job, ...patch });
  };
  return {
    get: (id) => jobs.get(id),
    start(request) {
      if ([...jobs.values()].some((job) => job.state === "running")) {
        throw new HttpFault({
          status: 409,
          code: "commissioning-running",
          message: "a commissioning call is going on",
          hint: "wait until it has ended",
        });
      }
      const id = uuid();
      const onProgress = (line: string): void => {
        const progress = jobs.get(id)?.progress ?? [];
        if (progress.length < PROGRESS_KEPT) change(id, { progress: [...progress, line.slice(0, 500)] });
      };
      telephony.commission({ ...request, timeoutMs: TIMEOUT_MS }, onProgress).then(
        (json) => {
          const report = reportFrom(json);
          if (report === null) change(id, { state: "failed", problem: "the report of telephony could not be read" });
          else change(id, { state: "finished", report });
        },
        (error: Error & { details?: string }) =>
          change(id, { state: "failed", problem: (error.details ?? error.message).slice(0, 500) }),
      );
      return set({ id, state: "running", progress: [] });
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
