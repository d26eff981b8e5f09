import { spawn } from "node:child_process";
import { globSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { countTap } from "./tap-count.ts";

/**
 * `npm test`: types, lint, generated code, unit and property tests, then the end-to-end tests of the running processes.
 * `-- --only types|lint|unit|e2e` runs one stage, `-- --match TEXT` the files whose path contains TEXT.
 * Exit code 0 only when nothing failed; the last line is `N passed, N failed`.
 */
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");
const bin = (name: string): string => path.join(root, "node_modules/.bin", name);
const E2E_FILE_LIMIT_MS = 600_000;

interface Outcome {
  readonly passed: number;
  readonly failed: number;
}

const argument = (name: string): string | undefined => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};
const only = argument("--only");
const match = argument("--match") ?? "";

/** Runs a program to its end and keeps what it printed; shows it as it comes when `loud`. */
function run(
  command: string,
  args: readonly string[],
  options: { readonly loud: boolean; readonly limitMs: number },
): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, FORCE_COLOR: "0", TAP_TIMEOUT: String(E2E_FILE_LIMIT_MS / 1000) },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let output = "";
    const take = (chunk: Buffer): void => {
      output += chunk.toString();
      if (options.loud) process.stdout.write(chunk);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    const timer = setTimeout(() => {
      output += `\n(ended: it ran longer than ${options.limitMs / 1000} s)\n`;
      endGroup(child.pid);
    }, options.limitMs);
    child.on("exit", (code) => {
      clearTimeout(timer);
      endGroup(child.pid);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** A test that dies must not leave its servers to the next. */
function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody is left: the usual case.
  }
}

async function program(title: string, command: string, args: readonly string[]): Promise<Outcome> {
  const result = await run(command, args, { loud: false, limitMs: 300_000 });
  console.log(`${result.code === 0 ? "ok    " : "NOT OK"} ${title}`);
  if (result.code !== 0) console.log(result.output);
  return result.code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function unit(): Promise<Outcome> {
  const report = path.join(root, ".cache/vitest.json");
  mkdirSync(path.dirname(report), { recursive: true });
  const result = await run(
    bin("vitest"),
    ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...(match === "" ? [] : [match])],
    { loud: true, limitMs: 900_000 },
  );
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, "utf8")) as {
    numPassedTests: number;
    numFailedTests: number;
  };
  return { passed: numPassedTests, failed: result.code === 0 ? numFailedTests : Math.max(1, numFailedTests) };
}

/** Rooms whose tests run one after the other; the two lanes run side by side, for most of the time is spent listening to speech. */
const LANES = [
  ["provisioning", "admin-ui", "appliance"],
  ["inference", "telephony"],
] as const;

async function endToEnd(): Promise<Outcome> {
  const outcomes = await Promise.all(LANES.map(lane));
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
  return { passed, failed: passed === 0 ? Math.max(1, failed) : failed };
}

async function lane(rooms: readonly string[]): Promise<Outcome> {
  let total: Outcome = { passed: 0, failed: 0 };
  for (const room of rooms) {
    const files = globSync(`${room}/e2e/**/*.tap.ts`, { cwd: root }).filter((file) => file.includes(match));
    for (const file of files.sort()) {
      const { passed, failed } = await tapFile(file);
      total = { passed: total.passed + passed, failed: total.failed + failed };
    }
  }
  return total;
}

async function tapFile(file: string): Promise<Outcome> {
  const startedAt = Date.now();
  const result = await run(bin("node"), [file], { loud: false, limitMs: E2E_FILE_LIMIT_MS });
  const { passed, failed: counted } = countTap(result.output);
  const failed = result.code === 0 ? counted : Math.max(1, counted);
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  console.log(`${failed === 0 ? "ok    " : "NOT OK"} ${file} (${passed} passed, ${seconds} s)`);
  if (failed > 0) console.log(result.output.slice(-20_000));
  return { passed, failed };
}

const stages: Readonly<Record<string, () => Promise<Outcome>>> = {
  types: () => program("types (tsc --build)", bin("tsc"), ["--build"]),
  lint: () => program("lint and import rules (biome)", bin("biome"), ["check", "--error-on-warnings", "."]),
  unit,
  e2e: endToEnd,
};
if (only !== undefined && stages[only] === undefined) {
  console.error(`unknown stage "${only}"; known: ${Object.keys(stages).join(", ")}`);
  process.exit(1);
}

let passed = 0;
let failed = 0;
for (const [name, stage] of Object.entries(stages)) {
  if (only !== undefined && only !== name) continue;
  const outcome = await stage();
  passed += outcome.passed;
  failed += outcome.failed;
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
