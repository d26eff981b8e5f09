import { pathToFileURL } from "node:url";
import type { BenchResult } from "./table.ts";

/** Runs every exported `bench…` function of the file given with the options given, and prints their results as one line of JSON. */
const [file = "", optionsJson = "{}"] = process.argv.slice(2);
const given = JSON.parse(optionsJson) as Record<string, string>;
const options = { ...given, ...("server-pid" in given ? { serverPid: Number(given["server-pid"]) } : {}) };
const module = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
const results: BenchResult[] = [];
for (const [name, value] of Object.entries(module)) {
  if (name.startsWith("bench") && typeof value === "function") results.push((await value(options)) as BenchResult);
}
process.stdout.write(`\n${JSON.stringify(results)}\n`, () => process.exit(0));
