import { spawn } from "node:child_process";
import { globSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type BenchResult, drawTable } from "./table.ts";

/**
 * `npm run bench [-- NAME …] [--json]`: runs each `bench/*-bench.ts` in a process of its own, one after the other, and prints its
 * figures beside the peer or limit that was measured or set in the same run. NAME picks the files whose path contains it.
 *
 * `npm run bench -- sip --server HOST:PORT [--control HOST:PORT] [--secret TEXT] [--server-pid PID]` puts another server that speaks the
 * drachtio protocol in the place of ours.
 */
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");
const { values: options, positionals: names } = readOptions();
const { json = false, ...others } = options;
const LIMIT_MS = 15 * 60_000;

function readOptions() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        json: { type: "boolean" },
        server: { type: "string" },
        control: { type: "string" },
        secret: { type: "string" },
        "server-pid": { type: "string" },
      },
    });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

function runOne(file: string): Promise<readonly BenchResult[] | string> {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      [path.join(root, "provisioning/src/bench/run-one.ts"), path.join(root, file), JSON.stringify(others)],
      { cwd: root, stdio: ["ignore", "pipe", "inherit"] },
    );
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
    child.on("exit", (code) => {
      clearTimeout(timer);
      const line = output.split("\n").findLast((text) => text.startsWith("["));
      resolve(
        code === 0 && line !== undefined ? (JSON.parse(line) as BenchResult[]) : `${file} failed (exit code ${code})`,
      );
    });
  });
}

const files = globSync("{telephony,inference,appliance,provisioning}/bench/*-bench.ts", { cwd: root })
  .filter((file) => names.length === 0 || names.some((name) => file.includes(name)))
  .sort();
if (files.length === 0) {
  console.error(`no bench is called ${names.join(", ")}`);
  process.exit(1);
}
const results: BenchResult[] = [];
let failed = false;
for (const file of files) {
  console.error(`• ${file} …`);
  const outcome = await runOne(file);
  if (typeof outcome === "string") {
    console.error(`  ${outcome}`);
    failed = true;
  } else {
    results.push(...outcome);
    if (!json) console.log(drawTable(outcome));
  }
}
if (json)
  console.log(
    JSON.stringify(
      { machine: { cores: os.cpus().length, cpu: os.cpus()[0]?.model ?? "", memoryBytes: os.totalmem() }, results },
      null,
      2,
    ),
  );
process.exit(failed ? 1 : 0);
