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
import { createJobBook, problemOf } from "./job-book.ts";
import type { TelephonyClient } from "./telephony-client.ts";

/** The doctor waits for peers that do not answer, once for each step. */
const TIMEOUT_MS = 240_000;
const FINDINGS_KEPT = 200;

/** Trials of trunks asked for on the console: one at a time for each trunk, the latest reports kept in memory. */
export function openTrunkDoctor(telephony: Pick<TelephonyClient, "doctorTrunk">): {
  start(trunkId: string, request: DoctorRequest): DoctorJob;
  get(id: string): DoctorJob | undefined;
} {
  const jobs = createJobBook<DoctorJob & { readonly trunkId: string }>();
  return {
    get: jobs.get,
    start(trunkId, request) {
      if (jobs.isRunning((job) => job.trunkId === trunkId)) {
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
        if (finding === null) return;
        jobs.change(id, ({ findings }) =>
          findings.length < FINDINGS_KEPT ? { findings: [...findings, finding] } : {},
        );
      };
      const job = jobs.add({ id, trunkId, state: "running", findings: [] });
      const wanted = { trunkId, requestJson: JSON.stringify(request), timeoutMs: TIMEOUT_MS };
      telephony.doctorTrunk(wanted, onFinding).then(
        (json) => {
          const report = read<DoctorReport>(DoctorReportSchema, json);
          jobs.change(id, () =>
            report === null
              ? { state: "failed", problem: "the report of telephony could not be read" }
              : { state: "finished", report, findings: report.findings },
          );
        },
        (error: Error) => jobs.change(id, () => ({ state: "failed", problem: problemOf(error) })),
      );
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
