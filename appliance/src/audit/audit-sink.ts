/** The audit port. Every change, access and decision goes through it: no audit, no privileged action. */
export interface AuditSink {
  /** Resolves with the entry's index once it is on the disk. Throws AppError `audit-unavailable`: the caller must not go on. */
  append(record: AuditRecord): Promise<number>;
}

export interface AuditRecord {
  /** From the catalogue in `appliance/docs/audit-events.md`, e.g. `call.answered`. */
  readonly code: string;
  /** `user:<id>`, `process:<name>`, `customer:<id>`, `local-operator`. */
  readonly actor: string;
  readonly role: string;
  /** Network address of the actor, or the process. */
  readonly source: string;
  /** What was acted on: `conversation:<id>`, `article:<id>`, … */
  readonly object: string;
  readonly result: "success" | "failure";
  readonly reason: string;
  readonly requestId: string;
  /** No customer data in the clear: ids, codes, counts, hashes. */
  readonly detail: Readonly<Record<string, string | number | boolean>>;
}
