import fc from "fast-check";
import { expect, test } from "vitest";
import type { AuditRecord } from "./audit-sink.ts";
import { canonicalJson, decodeLeaf, prepareLeaf } from "./entry.ts";

const text = fc.string({ unit: "binary", maxLength: 40 }).filter((one) => one.isWellFormed());
const record: fc.Arbitrary<AuditRecord> = fc.record({
  code: fc.constantFrom("call.answered", "session.refused", "chat.file-received"),
  actor: text,
  role: text,
  source: text,
  object: text,
  result: fc.constantFrom("success" as const, "failure" as const),
  reason: text,
  requestId: text,
  detail: fc.dictionary(
    text,
    fc.oneof(text, fc.boolean(), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
  ),
});

test("an entry made of prepared pieces is the canonical JSON of the whole, and is read back", () => {
  fc.assert(
    fc.property(record, fc.nat(), fc.nat(), text, (one, seq, at, version) => {
      const bytes = prepareLeaf(one, version)(seq, at);
      expect(bytes.toString("utf8")).toBe(canonicalJson({ ...one, seq, at, version }));
      const decoded = decodeLeaf(bytes, seq);
      expect("leaf" in decoded ? decoded.leaf : decoded.problem).toEqual(
        JSON.parse(JSON.stringify({ ...one, seq, at, version })),
      );
    }),
  );
});

test("no bytes make the reader throw, and what is wrong is told by its field", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(decodeLeaf(Buffer.from(bytes), 0)).toHaveProperty("problem");
    }),
  );
  const [one] = fc.sample(record, 1) as [AuditRecord];
  const entry = { ...one, seq: 3, at: 1, version: "v" };
  const read = (value: object) => decodeLeaf(Buffer.from(canonicalJson(value)), 3);
  expect(read({ ...entry, seq: 4 })).toEqual({ problem: "field seq: says 4" });
  expect(read({ ...entry, result: "perhaps" })).toMatchObject({ problem: expect.stringContaining("field result") });
  expect(read({ ...entry, at: "now" })).toMatchObject({ problem: expect.stringContaining("field at") });
  expect(decodeLeaf(Buffer.from(JSON.stringify({ ...entry, actor: "x" }).replace("{", "{ ")), 3)).toHaveProperty(
    "problem",
  );
});
