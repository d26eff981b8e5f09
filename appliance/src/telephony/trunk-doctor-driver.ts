import {
  type DoctorFinding,
  DoctorFindingSchema,
  type DoctorJob,
  type DoctorReport,
  DoctorReportSchema,
  type DoctorRequest,
} from "@intramuros/contracts";
import type { TSchema } from "typebox";
import { Value } from "typebox/value";
import { v7 as uuid } from "uuid";
import { HttpFault } from "../http/route.ts";
import type { TelephonyClient } from "./telephony-client.ts";

/** The doctor waits for peers that do not answer, once for each step. */
const TIMEOUT_MS = 240_000;
const JOBS_KEPT = 20;
const FINDINGS_KEPT = 200;

/** Trials of trunks asked for on the console: one at a time for each trunk, the latest reports kept in memory. */
export function openTrunkDoctor(telephony: Pick<TelephonyClient, "doctorTrunk">): {
  start(trunkId: string, request: DoctorRequest): DoctorJob;
  get(id: string): DoctorJob | undefined;
} {
  const jobs = new Map<string, { readonly trunkId: string; readonly job: DoctorJob }>();
  const change = (id: string, patch: Partial<DoctorJob>): void => {
    const entry = jobs.get(id);
    if (entry !== undefined) jobs.set(id, { ...entry, job: { ...entry.job, ...patch } });
  };
  return {
    get: (id) => jobs.get(id)?.job,
    start(trunkId, request) {
      if ([...jobs.values()].some((entry) => entry.trunkId === trunkId && entry.job.state === "running")) {
        throw new HttpFault({
          status: 409,
          code: "doctor-running",
          message: "this trunk is being tried out",
          hint: "wait until it has ended",
        });
      }
      const id = uuid();
      const onFinding = (json: string): void => {
        const finding = read<DoctorFinding>(DoctorFindingSchema, json);
        const findings = jobs.get(id)?.job.findings ?? [];
        if (finding !== null && findings.length < FINDINGS_KEPT) change(id, { findings: [...findings, finding] });
      };
      const wanted = { trunkId, requestJson: JSON.stringify(request), timeoutMs: TIMEOUT_MS };
      telephony.doctorTrunk(wanted, onFinding).then(
        (json) => {
          const report = read<DoctorReport>(DoctorReportSchema, json);
          if (report === null) change(id, { state: "failed", problem: "the report of telephony could not be read" });
          else change(id, { state: "finished", report, findings: report.findings });
        },
        (error: Error & { details?: string }) =>
          change(id, { state: "failed", problem: (error.details || error.message).slice(0, 500) }),
      );
      const job: DoctorJob = { id, state: "running", findings: [] };
      jobs.set(id, { trunkId, job });
      const oldest = jobs.keys().next().value;
      if (jobs.size > JOBS_KEPT && oldest !== undefined) jobs.delete(oldest);
      return job;
    },
  };
}

function read<T>(schema: TSchema, json: string): T | null {
  try {
    const value: unknown = JSON.parse(json);
    return Value.Check(schema, value) ? (value as T) : null;
  } catch {
    return null;
  }
}
