import type { TSchema } from "typebox";
import { Value } from "typebox/value";

/** What is wrong with a form, field by field, told by the contract's own schema: the page and the appliance agree. */
export interface FieldFault {
  readonly path: readonly (string | number)[];
  readonly keyword: string;
  readonly limit: number | undefined;
}

export function fieldFaults(schema: TSchema, value: unknown): readonly FieldFault[] {
  const faults: FieldFault[] = [];
  const seen = new Set<string>();
  for (const error of Value.Errors(schema, value)) {
    const params = error.params as Readonly<Record<string, unknown>>;
    const missing =
      error.keyword === "required" ? (params.requiredProperties as readonly string[] | undefined) : undefined;
    for (const last of missing ?? [""]) {
      const pointer = last === "" ? error.instancePath : `${error.instancePath}/${last}`;
      if (seen.has(pointer)) continue;
      seen.add(pointer);
      faults.push({
        path: pathOf(pointer),
        keyword: error.keyword,
        limit: typeof params.limit === "number" ? params.limit : undefined,
      });
    }
  }
  return faults;
}

/** `/addresses/0` of a JSON pointer and `addresses.0` of the appliance both mean the first address. */
export function pathOf(field: string): readonly (string | number)[] {
  return field
    .split(/[./]/)
    .filter((part) => part !== "")
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** The word list's key for a keyword of JSON Schema; an empty text or list is simply required. */
export function wordOf(fault: FieldFault): string {
  if (fault.keyword === "required") return "required";
  if ((fault.keyword === "minLength" || fault.keyword === "minItems") && fault.limit === 1) return "required";
  return ["minLength", "maxLength", "pattern", "minimum", "maximum", "minItems", "maxItems"].includes(fault.keyword)
    ? fault.keyword
    : "other";
}
