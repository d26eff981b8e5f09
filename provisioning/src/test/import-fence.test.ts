import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

/** The one-way imports of the house are kept by the check itself: here forbidden imports are written, and the check must refuse them. */
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");
const probe = path.join(root, "telephony/src/fence-probe");
const bin = (name: string): string => path.join(root, "node_modules/.bin", name);

beforeAll(() => mkdirSync(probe, { recursive: true }));
afterAll(() => rmSync(probe, { recursive: true, force: true }));

function lint(file: string, text: string): { readonly refused: boolean; readonly output: string } {
  const target = path.join(probe, file);
  writeFileSync(target, text);
  const result = spawnSync(bin("biome"), ["lint", target], { cwd: root, encoding: "utf8" });
  return {
    refused: result.status !== 0 && `${result.stdout}${result.stderr}`.includes("noRestrictedImports"),
    output: `${result.stdout}${result.stderr}`,
  };
}

test("a package may import the contracts", () => {
  expect(
    lint("good.ts", 'import { pii } from "@intramuros/contracts";\nexport const secret = pii("x");\n'),
  ).toMatchObject({ refused: false });
});

test("a package may not import another package by its name", () => {
  expect(
    lint("by-name.ts", 'import * as other from "@intramuros/appliance";\nexport const taken = other;\n'),
  ).toMatchObject({ refused: true });
});

test("a plain file may not touch the disk", () => {
  expect(
    lint("plain.ts", 'import { readFileSync } from "node:fs";\nexport const read = readFileSync;\n'),
  ).toMatchObject({ refused: true });
});

test("a plain file may not import a driver", () => {
  expect(lint("plain.ts", 'import { go } from "./go-driver.ts";\nexport const run = go;\n')).toMatchObject({
    refused: true,
  });
});

test("a driver may touch the disk", () => {
  expect(
    lint("disk-driver.ts", 'import { readFileSync } from "node:fs";\nexport const read = readFileSync;\n'),
  ).toMatchObject({ refused: false });
});

test("the compiler refuses a path into another package", { timeout: 60_000 }, () => {
  writeFileSync(
    path.join(probe, "by-path.ts"),
    'import type { Store } from "../../../appliance/src/storage/store.ts";\nexport type Taken = Store;\n',
  );
  const result = spawnSync(bin("tsc"), ["-p", path.join(root, "telephony"), "--noEmit"], {
    cwd: root,
    encoding: "utf8",
  });
  rmSync(path.join(probe, "by-path.ts"));
  expect(result.stdout).toContain("fence-probe/by-path.ts");
  expect(result.stdout).toContain("rootDir");
});
