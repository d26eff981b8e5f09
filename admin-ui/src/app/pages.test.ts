import { ROLES } from "@intramuros/contracts/browser";
import { expect, test } from "vitest";
import { groupPages, PAGES, pageAt, pagesFor } from "./pages.ts";

test("each key leads to one page", () => {
  expect(new Set(PAGES.map((page) => page.key)).size).toBe(PAGES.length);
});

test("an agent is not shown trunks, an auditor not the knowledge editor", () => {
  const ids = (role: (typeof ROLES)[number]) => pagesFor(role).map((page) => page.id);
  expect(ids("agent")).toContain("callbacks");
  expect(ids("agent")).not.toContain("telephony");
  expect(ids("auditor")).toContain("audit");
  expect(ids("auditor")).not.toContain("knowledge");
  expect(ids("administrator")).toEqual(PAGES.map((page) => page.id));
});

test("every role has a way in", () => {
  for (const role of ROLES) expect(pagesFor(role)[0]?.path).toBe("/");
});

test("groups keep the order of the pages and none is empty", () => {
  for (const role of ROLES) {
    const pages = pagesFor(role);
    expect(groupPages(pages).flatMap((group) => group.pages)).toEqual(pages);
  }
});

test("a page below a page belongs to it", () => {
  expect(pageAt("/conversations/c-1")?.id).toBe("conversations");
  expect(pageAt("/")?.id).toBe("overview");
  expect(pageAt("/conversationsx")).toBe(undefined);
});
