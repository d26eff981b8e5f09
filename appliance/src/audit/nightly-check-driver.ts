import type { VerifyReply } from "@intramuros/contracts";
import type { ScrubReport } from "../storage/level-store.ts";
import type { AuditRecord } from "./audit-sink.ts";
import type { AuditLog } from "./level-audit-store.ts";

/** Reads all of the log and all of the records once a night, and remembers what was wrong until the next time. */
export interface NightlyCheck {
  /** One sentence; null while nothing is known to be wrong. */
  problem(): string | null;
  /** For `/api/audit/verify` too: whoever asks, the verdict counts, and it is in the log that it was asked. */
  check(by: CheckedBy): Promise<VerifyReply>;
  close(): void;
}

export type CheckedBy = Pick<AuditRecord, "actor" | "role" | "source" | "requestId">;

const LOOK_EVERY_MS = 600_000;
const HOUR_OF_NIGHT = 3;
const DAY_MS = 86_400_000;

export function openNightlyCheck(deps: {
  readonly audit: AuditLog;
  readonly scrub: () => Promise<ScrubReport>;
  readonly now: () => number;
  readonly onFault: (error: unknown) => void;
}): NightlyCheck {
  let problem: string | null = null;
  let last = deps.now();
  let running: Promise<VerifyReply> | null = null;

  const check = async (by: CheckedBy): Promise<VerifyReply> => {
    running ??= verifyAll().finally(() => {
      running = null;
    });
    const reply = await running;
    await deps.audit.append({
      ...by,
      code: "audit.verified",
      object: "audit-log",
      result: problem === null ? "success" : "failure",
      reason: problem === null ? "" : "damaged",
      detail: { entries: reply.size, records: reply.store?.records ?? 0, elapsedMs: reply.elapsedMs },
    });
    return reply;
  };
  const verifyAll = async (): Promise<VerifyReply> => {
    const verdict = await deps.audit.verify();
    const store = await deps.scrub();
    last = deps.now();
    problem = problemOf({ ...verdict, store: { ...store, damaged: [...store.damaged] } });
    return { ...verdict, store: { ...store, damaged: store.damaged.map((one) => ({ ...one })) } };
  };
  const timer = setInterval(() => {
    const due = new Date(deps.now()).getHours() === HOUR_OF_NIGHT && deps.now() - last > DAY_MS / 2;
    if (!due || deps.audit.fault() !== null) return;
    check({ actor: "process:appliance", role: "process", source: "appliance", requestId: "" }).catch(deps.onFault);
  }, LOOK_EVERY_MS);
  timer.unref();
  return { problem: () => problem, check, close: () => clearInterval(timer) };
}

function problemOf(reply: VerifyReply): string | null {
  if (!reply.ok) return reply.problem ?? "the audit log does not verify";
  const { damaged = [], problem = null } = reply.store ?? {};
  const [first] = damaged;
  if (first !== undefined) return `${damaged.length} records are damaged, the first is ${first.table}/${first.key}`;
  return problem;
}
