import fc from "fast-check";
import { expect, test } from "vitest";
import { checkPassword, passwordAdvice } from "./password-policy.ts";

test("words that nobody would guess together are taken, in any script", () => {
  for (const good of ["correct horse battery", "Tm9!kLqz7&Wd", "晨光里的纸船慢慢漂过旧码头了", "brass-kettle-orbit"]) {
    expect(checkPassword(good, "li.wei"), good).toBeNull();
  }
});

test("each refusal has its reason, and each reason an advice", () => {
  const cases = [
    ["short-one", "password-too-short"],
    ["é".repeat(129), "password-too-long"],
    ["Password2026!!", "password-common"],
    ["P@ssw0rd!!2026", "password-common"],
    ["adminadminadmin", "password-common"],
    ["woaini1314520!", "password-common"],
    ["my-LI.WEI-secret", "password-contains-username"],
    ["aaaaaaaaaaaaaa", "password-too-simple"],
    ["123456789012", "password-too-simple"],
    ["abcdefghijklm", "password-too-simple"],
    ["31415926535897", "password-common"],
  ] as const;
  for (const [password, reason] of cases) {
    expect(checkPassword(password, "li.wei"), password).toBe(reason);
    expect(passwordAdvice[reason].hint).not.toBe("");
  }
});

test("twelve astral characters count as twelve, and no text makes it throw", () => {
  expect(checkPassword("\u{1f600}".repeat(11), "x")).toBe("password-too-short");
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.string({ unit: "binary", minLength: 1 }),
      (password, name) => {
        const fault = checkPassword(password, name);
        if ([...password].length < 12) expect(fault).toBe("password-too-short");
      },
    ),
  );
});
