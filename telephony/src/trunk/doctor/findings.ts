import type { DoctorFinding } from "@intramuros/contracts";

/**
 * What the doctor says. `code` is stable, for the console has its own words for it in each language, and the English here is what the
 * command line prints. The judgements themselves are pure functions of one step's facts: `judge-reach.ts`, `judge-signalling.ts`,
 * `judge-media.ts`.
 */
export type Finding = Omit<DoctorFinding, "tookMs">;
type Step = DoctorFinding["step"];
type Result = DoctorFinding["result"];

interface Words {
  readonly code: string;
  readonly what: string;
  readonly change?: string;
  readonly field?: string;
  readonly evidence?: string;
}

export const found = (step: Step, result: Result, words: Words): Finding => ({
  change: "",
  field: "",
  evidence: "",
  ...words,
  step,
  result,
});

export const skipped = (step: Step, code: string, what: string): Finding => found(step, "skipped", { code, what });
