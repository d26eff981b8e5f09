import { type AuditEntry, AuditEntrySchema, assert } from "@intramuros/contracts";
import { Value } from "typebox/value";
import type { AuditRecord } from "./audit-sink.ts";

/** An entry as it is hashed: what the HTTP interface shows, less the hash itself. */
export type AuditLeaf = Omit<AuditEntry, "leafHash">;

/** C2SP tlog-tiles: an entry is at most 64 KiB. */
export const LEAF_MAX_BYTES = 65_535;
const CODE = /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/;

/** JSON with sorted keys and no white space, so that the same entry is always the same bytes (as RFC 8785 for what an entry holds). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
    return `{${members.join(",")}}`;
  }
  return JSON.stringify(value);
}

export type Stamp = (seq: number, at: number) => Buffer;

/**
 * Everything of a leaf but its number and time, which it gets when its turn has come. The pieces are in the canonical order; a record
 * that does not fit is a bug of the room that made it.
 */
export function prepareLeaf(record: AuditRecord, version: string): Stamp {
  const { code, actor, role, source, object, result, reason, requestId, detail } = record;
  assert(CODE.test(code) && code.length <= 60, "audit code: words with dots, at most 60 characters");
  const inside = (members: object): string => canonicalJson(members).slice(1, -1);
  const beforeAt = `{${inside({ actor })},"at":`;
  const beforeSeq = `,${inside({ code, detail, object, reason, requestId, result, role })},"seq":`;
  const afterSeq = `,${inside({ source, version })}}`;
  const longest = Buffer.byteLength(beforeAt) + Buffer.byteLength(beforeSeq) + Buffer.byteLength(afterSeq) + 2 * 16;
  assert(longest <= LEAF_MAX_BYTES, "audit entry: at most 64 KiB");
  return (seq, at) => Buffer.from(beforeAt + at + beforeSeq + seq + afterSeq, "utf8");
}

/** The entry in the bytes of leaf `seq`, or what is wrong with them, by field. */
export function decodeLeaf(bytes: Buffer, seq: number): { readonly leaf: AuditLeaf } | { readonly problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch {
    return { problem: "it is not JSON" };
  }
  const full = { ...(typeof value === "object" ? value : {}), leafHash: "" };
  if (!Value.Check(AuditEntrySchema, full)) {
    const [first] = Value.Errors(AuditEntrySchema, full);
    return { problem: `field ${first?.instancePath.slice(1) || "(whole)"}: ${first?.message ?? "does not fit"}` };
  }
  if (full.seq !== seq) return { problem: `field seq: says ${full.seq}` };
  const { leafHash: _, ...leaf } = full;
  if (canonicalJson(leaf) !== bytes.toString("utf8")) return { problem: "its form is not the canonical one" };
  return { leaf };
}
