import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

/** `app → features → shared`; features do not know each other. */
const source = import.meta.dirname;
const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((file) => /\.tsx?$/.test(file));

const roomOf = (file: string): string =>
  file
    .split(path.sep)
    .slice(0, file.startsWith("features") ? 2 : 1)
    .join("/");

export function faultOf(from: string, to: string): string | null {
  const [layer] = from.split("/");
  const [target] = to.split("/");
  if (layer === "shared" && (target === "features" || target === "app")) return `${from} imports ${to}`;
  if (layer === "features" && target === "app") return `${from} imports ${to}`;
  if (layer === "features" && target === "features" && from !== to) return `${from} imports ${to}`;
  return null;
}

test("imports go one way", () => {
  const faults: string[] = [];
  for (const file of files) {
    const text = readFileSync(path.join(source, file), "utf8");
    for (const [, specifier = ""] of text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)) {
      const target = path.relative(source, path.resolve(source, path.dirname(file), specifier));
      const fault = faultOf(roomOf(file), roomOf(target));
      if (fault !== null) faults.push(`${file}: ${fault}`);
    }
  }
  expect(faults).toEqual([]);
  expect(files.length).toBeGreaterThan(100);
});

test("a forbidden import is noticed", () => {
  expect(faultOf("features/audit", "features/models")).toBe("features/audit imports features/models");
  expect(faultOf("shared", "features/audit")).not.toBe(null);
  expect(faultOf("app", "features/audit")).toBe(null);
  expect(faultOf("features/audit", "shared")).toBe(null);
});

test("another package is reached through the contracts only", () => {
  for (const file of files) {
    const text = readFileSync(path.join(source, file), "utf8");
    expect(text, file).not.toMatch(/from "@intramuros\/(?!contracts\/browser")/);
  }
});
