import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const here = import.meta.dirname;
const catalogue = readFileSync(path.join(here, "../../docs/audit-events.md"), "utf8");
const listed = new Set([...catalogue.matchAll(/^\| `([a-z-]+\.[a-z-]+)`/gm)].map(([, code]) => code));
/** Codes of entries have a dot, codes of faults have none. */
const CODE = /(?:\b(?:code|audit):\s*|note\w*\(\s*)"([a-z][a-z-]*\.[a-z][a-z-]*)"/g;

test("every audit code in the source is in the catalogue, and every code of the catalogue is in the source", () => {
  const used = new Set<string | undefined>();
  for (const file of globSync("**/*.ts", { cwd: path.join(here, "..") })) {
    if (file.endsWith(".test.ts") || path.basename(file).startsWith("test-")) continue;
    for (const [, code] of readFileSync(path.join(here, "..", file), "utf8").matchAll(CODE)) used.add(code);
  }
  expect([...used].filter((code) => !listed.has(code)).sort()).toEqual([]);
  expect([...listed].filter((code) => !used.has(code)).sort()).toEqual([]);
});
