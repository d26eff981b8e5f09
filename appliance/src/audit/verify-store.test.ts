import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeTestHome } from "../storage/test-home-store.ts";
import { verifierKey } from "./checkpoint.ts";
import { openAuditLog, readAuditKey } from "./level-audit-store.ts";
import { exportLog, verifyExport } from "./verify-store.ts";

const COUNT = 300;
let home: Awaited<ReturnType<typeof makeTestHome>>;
const folder = mkdtempSync(path.join(tmpdir(), "intramuros-export-"));
const file = path.join(folder, "audit.lines");
const changed = path.join(folder, "changed.lines");
let key = "";
let lines: string[] = [];

beforeAll(async () => {
  home = await makeTestHome();
  const log = await openAuditLog({ root: home.root, version: "test" });
  const { key: noteKey } = readAuditKey(home.root);
  key = verifierKey(noteKey);
  await Promise.all(
    Array.from({ length: COUNT }, (_, n) =>
      log.append({
        code: "call.answered",
        actor: "process:appliance",
        role: "process",
        source: "appliance",
        object: `conversation:${n}`,
        result: "success",
        reason: "",
        requestId: "",
        detail: { n, text: "限额" },
      }),
    ),
  );
  await log.close();
  await exportLog(home.root, file);
  lines = readFileSync(file, "utf8").trimEnd().split("\n");
});
afterAll(() => {
  home.remove();
  rmSync(folder, { recursive: true });
});

const verdictOf = async (of: readonly string[], trusted: string | null = key) => {
  writeFileSync(changed, `${of.join("\n")}\n`);
  return verifyExport(changed, trusted);
};

test("an export verifies with the auditor's key and without any home folder", async () => {
  expect(lines).toHaveLength(COUNT + 1);
  expect(await verifyExport(file, key)).toMatchObject({ ok: true, size: COUNT });
  expect(await verifyExport(file, null)).toMatchObject({ ok: true });
});

test("an export is never written over a file that is there", async () => {
  await expect(exportLog(home.root, file)).rejects.toThrow(/EEXIST/);
});

test("any character changed in any line is refused, at its entry", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: COUNT }),
      fc.nat(),
      fc.constantFrom("0", "x", "}"),
      async (at, where, letter) => {
        const line = lines[at] as string;
        const bad = line.slice(0, where % line.length) + letter + line.slice((where % line.length) + 1);
        if (bad === line) return;
        const verdict = await verdictOf(lines.with(at, bad));
        expect(verdict).toMatchObject({ ok: false, firstBad: at - 1 });
      },
    ),
    { numRuns: 60 },
  );
});

test("a changed blank, a hash in capitals: what means the same is refused as well", async () => {
  const line = lines[40] as string;
  for (const bad of [`${line.slice(0, 64)}0${line.slice(65)}`, line.slice(0, 64).toUpperCase() + line.slice(64)]) {
    expect(await verdictOf(lines.with(40, bad))).toMatchObject({ ok: false, firstBad: 39 });
  }
});

test("lines removed, doubled, swapped or cut off at the end are refused", async () => {
  const swap = [...lines];
  [swap[10], swap[11]] = [swap[11] as string, swap[10] as string];
  for (const bad of [lines.toSpliced(7, 1), lines.toSpliced(7, 0, lines[7] as string), swap, lines.slice(0, -1)]) {
    expect(await verdictOf(bad)).toMatchObject({ ok: false });
  }
  expect(await verdictOf(lines.slice(0, -1))).toMatchObject({ firstBad: COUNT - 1, problem: /proves 300 entries/ });
});

test("another house's key, and no export at all, are refused", async () => {
  const other = await makeTestHome();
  const otherKey = verifierKey(readAuditKey(other.root).key);
  other.remove();
  expect(await verifyExport(file, otherKey)).toMatchObject({ ok: false, problem: /another log/ });
  await expect(verdictOf(["{}"])).rejects.toMatchObject({ code: "export-unreadable" });
  await expect(verifyExport(file, "no key")).rejects.toMatchObject({ code: "export-unreadable" });
});
