import fc from "fast-check";
import { expect, test } from "vitest";
import { draw, originAllowed } from "./chat-line.ts";
import { cleanName, sniff } from "./content-type.ts";

test("no bytes make the type check throw, and what it lets through is on the list", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5_000 }), (bytes) => {
      const type = sniff(bytes)?.mediaType;
      expect([
        undefined,
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "application/pdf",
        "text/plain",
      ]).toContain(type);
    }),
  );
});

test("no name leads out of a folder, hides its kind or breaks a header", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (name) => {
      const clean = cleanName(name, "pdf");
      expect(clean).toMatch(/^[^/\\\p{Cc}\p{Cf}"<>|?*:]+\.pdf$/u);
      expect([...clean].length).toBeLessThanOrEqual(94);
      expect(clean.startsWith(".")).toBe(false);
      expect(() => encodeURIComponent(clean)).not.toThrow();
    }),
  );
});

test("a bucket never lets through more than its burst and its rate", () => {
  const limit = { burst: 5, everyMs: 1_000 };
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 200 }), (gaps) => {
      let bucket = { tokens: limit.burst, at: 0 };
      let now = 0;
      let passed = 0;
      for (const gap of gaps) {
        now += gap;
        const drawn = draw(bucket, now, limit);
        bucket = drawn.bucket;
        if (drawn.allowed) passed += 1;
      }
      expect(passed).toBeLessThanOrEqual(limit.burst + now / limit.everyMs + 1e-6);
    }),
  );
});

test("only our own host and the named sites may open the chat", () => {
  expect(originAllowed("https://a.example", "a.example", [])).toBe(true);
  expect(originAllowed("https://b.example", "a.example", ["https://b.example"])).toBe(true);
  expect(originAllowed("https://b.example.evil", "a.example", ["https://b.example"])).toBe(false);
  expect(originAllowed("null", "a.example", [])).toBe(false);
  expect(originAllowed(undefined, "a.example", [])).toBe(false);
  expect(originAllowed("not an origin", "a.example", [])).toBe(false);
});
