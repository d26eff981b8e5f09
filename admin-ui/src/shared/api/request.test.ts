import { expect, test } from "vitest";
import { query, readRefusal } from "./request.ts";

test("a refusal keeps the field, the hint and the id that support searches for", () => {
  const body = {
    error: {
      code: "trunk.address",
      message: "not an address",
      hint: "write 10.0.0.1",
      field: "addresses.0",
      id: "r-1",
    },
  };
  const fault = readRefusal(400, JSON.stringify(body));
  expect(fault).toMatchObject({ kind: "refused", code: "trunk.address", field: "addresses.0", id: "r-1" });
});

test("a page of a proxy is told by its status", () => {
  expect(readRefusal(502, "<html>bad gateway</html>")).toMatchObject({
    kind: "refused",
    code: "http.502",
    status: 502,
  });
});

test("401 means that the session is over", () => {
  expect(readRefusal(401, "")).toMatchObject({ kind: "signed-out" });
});

test("empty filters are left out of the address", () => {
  expect(query({ q: "限额", state: "", cursor: undefined, limit: 50 })).toBe("?q=%E9%99%90%E9%A2%9D&limit=50");
  expect(query({})).toBe("");
});
