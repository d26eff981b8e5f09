import { DOCTOR_STEPS, type DoctorFinding, type DoctorJob } from "@intramuros/contracts/browser";

/** One step of a trial as the page shows it: what was found, or whether it is its turn. */
export interface DoctorStep {
  readonly step: DoctorFinding["step"];
  readonly state: "waiting" | "trying" | "not-tried" | DoctorFinding["result"];
  readonly findings: readonly DoctorFinding[];
}

const WORST = ["failed", "warning", "passed", "skipped"] as const;

/** The steps in their order; the first one without a finding is the one that is tried while the trial goes on. */
export function doctorSteps(job: Pick<DoctorJob, "state" | "findings">): readonly DoctorStep[] {
  const last = job.findings.at(-1)?.step;
  const reached = last === undefined ? -1 : DOCTOR_STEPS.indexOf(last);
  return DOCTOR_STEPS.map((step, place) => {
    const findings = job.findings.filter((finding) => finding.step === step);
    const worst = WORST.find((result) => findings.some((finding) => finding.result === result));
    if (worst !== undefined) return { step, state: worst, findings };
    if (job.state === "running" && place > reached)
      return { step, state: place === reached + 1 ? "trying" : "waiting", findings };
    return { step, state: "not-tried", findings };
  });
}

export const countOf = (findings: readonly DoctorFinding[], result: DoctorFinding["result"]): number =>
  findings.filter((finding) => finding.result === result).length;
