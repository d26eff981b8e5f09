/** A fault of the environment (a port taken, a disk full), with a stable code and what the operator can do about it. */
export class AppError extends Error {
  readonly code: string;
  readonly hint: string;
  constructor(fault: {
    readonly code: string;
    readonly message: string;
    readonly hint: string;
    readonly cause?: unknown;
  }) {
    super(fault.message, fault.cause === undefined ? undefined : { cause: fault.cause });
    this.name = "AppError";
    this.code = fault.code;
    this.hint = fault.hint;
  }
}

/** Our bug: ends what is being done, not the process. */
export class AssertionFault extends Error {
  override readonly name = "AssertionFault";
}

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionFault(message);
}

/** For the end of a switch over a union: the compiler objects when a case is missing. */
export function unreachable(value: never): never {
  throw new AssertionFault(`unreachable: ${JSON.stringify(value)}`);
}
