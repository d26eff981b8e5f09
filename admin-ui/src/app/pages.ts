import type { Role } from "@intramuros/contracts/browser";
import type { IconName } from "../shared/ui/icon.tsx";

/** The pages by job. What a role cannot use is not shown; the appliance refuses it in any case. */
export interface Page {
  readonly id: IconName &
    (
      | "overview"
      | "conversations"
      | "callbacks"
      | "customers"
      | "knowledge"
      | "emotion-policy"
      | "telephony"
      | "calls"
      | "models"
      | "system"
      | "audit"
      | "about"
    );
  readonly path: string;
  readonly group: "now" | "desk" | "customers" | "answers" | "telephony" | "trust" | "system";
  /** After `g`. */
  readonly key: string;
  readonly roles: "all" | readonly Role[];
}

const people: readonly Role[] = ["administrator", "supervisor", "agent"];
export const PAGES: readonly Page[] = [
  { id: "overview", path: "/", group: "now", key: "o", roles: "all" },
  { id: "conversations", path: "/conversations", group: "now", key: "c", roles: "all" },
  { id: "callbacks", path: "/callbacks", group: "desk", key: "b", roles: people },
  { id: "customers", path: "/customers", group: "customers", key: "u", roles: people },
  { id: "knowledge", path: "/knowledge", group: "answers", key: "k", roles: people },
  { id: "emotion-policy", path: "/emotion-policy", group: "answers", key: "e", roles: ["administrator", "supervisor"] },
  {
    id: "telephony",
    path: "/telephony",
    group: "telephony",
    key: "t",
    roles: ["administrator", "telephony-engineer"],
  },
  {
    id: "calls",
    path: "/calls",
    group: "telephony",
    key: "p",
    roles: ["administrator", "telephony-engineer", "supervisor", "auditor"],
  },
  { id: "audit", path: "/audit", group: "trust", key: "l", roles: ["administrator", "auditor"] },
  { id: "system", path: "/system", group: "system", key: "s", roles: ["administrator", "telephony-engineer"] },
  { id: "models", path: "/models", group: "system", key: "m", roles: ["administrator", "telephony-engineer"] },
  { id: "about", path: "/about", group: "system", key: "i", roles: "all" },
];

export function pagesFor(role: Role): readonly Page[] {
  return PAGES.filter((page) => page.roles === "all" || page.roles.includes(role));
}

export interface PageGroup {
  readonly group: Page["group"];
  readonly pages: readonly Page[];
}

export function groupPages(pages: readonly Page[]): readonly PageGroup[] {
  const groups: { group: Page["group"]; pages: Page[] }[] = [];
  for (const page of pages) {
    const last = groups.at(-1);
    if (last?.group === page.group) last.pages.push(page);
    else groups.push({ group: page.group, pages: [page] });
  }
  return groups;
}

/** The page whose path is the longest beginning of the address. */
export function pageAt(pathname: string): Page | undefined {
  return PAGES.filter(
    (page) => pathname === page.path || (page.path !== "/" && pathname.startsWith(`${page.path}/`)),
  ).sort((left, right) => right.path.length - left.path.length)[0];
}
