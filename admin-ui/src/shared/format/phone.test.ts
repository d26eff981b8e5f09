import { expect, test } from "vitest";
import { groupPhone, phoneFor } from "./phone.ts";

test("numbers are grouped as they are read out", () => {
  expect(groupPhone("13812345678")).toBe("138 1234 5678");
  expect(groupPhone("+8613812345678")).toBe("+86 138 1234 5678");
  expect(groupPhone("01065551234")).toBe("010 6555 1234");
  expect(groupPhone("057188881234")).toBe("0571 8888 1234");
  expect(groupPhone("4008001234")).toBe("400 800 1234");
  expect(groupPhone("+442071234567")).toBe("+44 207 123 4567");
  expect(groupPhone("95588")).toBe("95588");
});

test("what is not a number stays as it is", () => {
  expect(groupPhone("web-7f31")).toBe("web-7f31");
  expect(groupPhone("")).toBe("");
});

test("an auditor sees the ends of a number only", () => {
  expect(phoneFor("auditor", "13812345678")).toBe("138 **** 5678");
  expect(phoneFor("agent", "13812345678")).toBe("138 1234 5678");
  expect(phoneFor("auditor", "95588")).toBe("95588");
});
