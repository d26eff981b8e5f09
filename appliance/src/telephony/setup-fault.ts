/** What is wrong with a change of the set-up, by the field that the form shows it at. */
export interface SetupFault {
  readonly field: string;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

export const fault = (field: string, code: string, message: string, hint: string): SetupFault => ({
  field,
  code,
  message,
  hint,
});
export const duplicate = (field: string, value: string): SetupFault =>
  fault(field, "duplicate", `"${value}" is taken`, "choose another one");
export const missing = (field: string, what: string): SetupFault =>
  fault(field, `${what}-unknown`, `this ${what} does not exist`, `create the ${what} first, or choose another one`);

/** All but the record's own former self. */
export const others = <T extends { readonly id: string }>(list: readonly T[], id: string): readonly T[] =>
  list.filter((item) => item.id !== id);

/** The first fault of several checks, each made only when those before it found nothing. */
export function firstFault(...checks: readonly (() => SetupFault | null)[]): SetupFault | null {
  for (const check of checks) {
    const found = check();
    if (found !== null) return found;
  }
  return null;
}
