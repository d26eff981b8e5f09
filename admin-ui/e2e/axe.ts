import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string | null;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

/** Serious and critical faults that axe finds on the page as it stands, each with the first place. */
export async function seriousFaults(page: Page): Promise<string[]> {
  // evaluated by the debugger, which the page's own policy does not touch
  const result = (await page.evaluate(
    `${source}; axe.run(document, { resultTypes: ["violations"], iframes: false })`,
  )) as AxeResult;
  return result.violations
    .filter((violation) => violation.impact === "serious" || violation.impact === "critical")
    .map(
      (violation) =>
        `${violation.id} ×${violation.nodes.length}: ${violation.nodes[0]?.html.slice(0, 200)} ${violation.nodes[0]?.failureSummary?.slice(0, 200) ?? ""}`,
    );
}
