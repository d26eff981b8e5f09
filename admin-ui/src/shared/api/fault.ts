/** Why a request did not give what was asked. `id` is in the server's log, so that support can find it. */
export type FaultKind = "unreachable" | "timeout" | "refused" | "unreadable" | "signed-out";

export class Fault extends Error {
  readonly kind: FaultKind;
  readonly status: number;
  readonly code: string;
  readonly hint: string;
  readonly field: string | undefined;
  readonly id: string;
  constructor(fault: {
    readonly kind: FaultKind;
    readonly status: number;
    readonly code: string;
    readonly message: string;
    readonly hint: string;
    readonly field?: string | undefined;
    readonly id: string;
  }) {
    super(fault.message);
    this.name = "Fault";
    this.kind = fault.kind;
    this.status = fault.status;
    this.code = fault.code;
    this.hint = fault.hint;
    this.field = fault.field;
    this.id = fault.id;
  }
}

export function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Fault({ kind: "unreadable", status: 0, code: "console.fault", message, hint: "", id: "" });
}
