/** Work that was asked for and takes its time: asked after by id, the latest of it kept in memory. Changes its entries in place. */
export interface JobBook<J extends { readonly id: string; readonly state: "running" | "finished" | "failed" }> {
  get(id: string): J | undefined;
  /** Whether any job that fits is still running. */
  isRunning(fits?: (job: J) => boolean): boolean;
  add(job: J): J;
  /** Nothing, when the job has been forgotten. */
  change(id: string, patch: (job: J) => Partial<J>): void;
}

const JOBS_KEPT = 20;

export function createJobBook<
  J extends { readonly id: string; readonly state: "running" | "finished" | "failed" },
>(): JobBook<J> {
  const jobs = new Map<string, J>();
  return {
    get: (id) => jobs.get(id),
    isRunning: (fits = () => true) => [...jobs.values()].some((job) => job.state === "running" && fits(job)),
    add(job) {
      jobs.set(job.id, job);
      const oldest = jobs.keys().next().value;
      if (jobs.size > JOBS_KEPT && oldest !== undefined) jobs.delete(oldest);
      return job;
    },
    change(id, patch) {
      const job = jobs.get(id);
      if (job !== undefined) jobs.set(id, { ...job, ...patch(job) });
    },
  };
}

/** What went wrong, for a job's `problem`: gRPC has it in `details`. */
export const problemOf = (error: Error & { readonly details?: string }): string =>
  (error.details || error.message).slice(0, 500);
