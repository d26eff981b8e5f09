import fc from "fast-check";
import { expect, test } from "vitest";
import { normaliseNumber } from "./phone-number.ts";

test("the same caller is the same, however the exchange writes the number", () => {
  for (const raw of [
    "13800138000",
    "013800138000",
    "+8613800138000",
    "008613800138000",
    "8613800138000",
    "138-0013-8000",
    "+86 138 0013 8000",
    "sip:13800138000@192.0.2.1;user=phone",
    "tel:+86-138-0013-8000",
  ]) {
    expect(normaliseNumber(raw, "86")).toBe("+8613800138000");
  }
  expect(normaliseNumber("010-6655 1234", "86")).toBe("+861066551234");
  expect(normaliseNumber("0755 2665 1234", "86")).toBe("+8675526651234");
});

test("what is no public number stays as it is", () => {
  expect(normaliseNumber("8001", "86")).toBe("8001");
  expect(normaliseNumber("95588", "86")).toBe("95588");
  expect(normaliseNumber("Alice", "86")).toBe("alice");
  expect(normaliseNumber("13800138000", "")).toBe("13800138000");
});

test("a withheld number is nobody's", () => {
  for (const raw of ["", "anonymous", "Anonymous", "sip:anonymous@anonymous.invalid", "unknown", "Restricted"]) {
    expect(normaliseNumber(raw, "86")).toBeNull();
  }
});

test("normalising twice changes nothing more", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."0123456789+-() "), maxLength: 20 }), (raw) => {
      const once = normaliseNumber(raw, "86");
      if (once !== null) expect(normaliseNumber(once, "86")).toBe(once);
    }),
  );
});
