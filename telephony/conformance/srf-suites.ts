import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { addressOf, NUMBERS, type Place, type Reach } from "./place.ts";
import { copySuite, PACKAGE, type SuiteCopy } from "./suite-copy.ts";

/** The files of the package's own list, the longest first, so that side by side they end soonest. */
export const SUITES = ["uas", "uac", "b2b", "refer", "reinvite-tests", "proxy", "utils"] as const;
export type SuiteName = (typeof SUITES)[number];

export interface SuiteResult {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
  /** What was printed, when something failed. */
  readonly output: string;
}

const SUITE_LIMIT_MS = 240_000;

/** Runs one file of the package against the servers of `place`, with SIPp around it. */
export async function runSuite(name: SuiteName, place: Place): Promise<SuiteResult> {
  const started = performance.now();
  const copy = copySuite(name, place);
  const called = await startCalled(copy);
  try {
    const { output, code } = await run(process.execPath, [path.join(copy.folder, "test", `${name}.js`)], copy.folder, {
      NODE_ENV: "test",
      NODE_CONFIG_DIR: path.join(copy.folder, "config"),
      NODE_CONFIG: JSON.stringify({ "drachtio-sut": place.server.control, "drachtio-uas": place.second.control }),
      SIPP_CALLER: addressOf(place, NUMBERS.caller),
      SIPP_SERVER: place.server.sip,
    });
    const passed = output.match(/^ok /gm)?.length ?? 0;
    const failed = output.match(/^not ok /gm)?.length ?? 0;
    // A file that ends without its tests has failed as much as one whose test did.
    const broken = failed === 0 && (code !== 0 || passed === 0) ? 1 : 0;
    const seconds = (performance.now() - started) / 1000;
    return { name, passed, failed: failed + broken, seconds, output: failed + broken > 0 ? output : "" };
  } finally {
    for (const child of called) child.kill("SIGKILL");
  }
}

/** The package's unit tests, which need no server. */
export async function runUnitTests(): Promise<SuiteResult> {
  const started = performance.now();
  const mocha = path.resolve(PACKAGE, "../mocha/bin/mocha.js");
  const { output, code } = await run(process.execPath, [mocha, "--reporter", "tap", "test/unit-tests"], PACKAGE, {});
  const passed = output.match(/^ok /gm)?.length ?? 0;
  const failed = (output.match(/^not ok /gm)?.length ?? 0) + (code !== 0 && !/^not ok /m.test(output) ? 1 : 0);
  const seconds = (performance.now() - started) / 1000;
  return { name: "unit tests", passed, failed, seconds, output: failed > 0 ? output : "" };
}

async function startCalled({ folder, called }: SuiteCopy): Promise<readonly ChildProcess[]> {
  const children = called.map(({ scenario, address }, index) =>
    spawn(
      "sipp",
      ["-sf", scenario, "-i", address, "-p", "5060", "-mp", String(30_000 + 10 * index), "-nostdin"],
      // SIPp reads its standard input even so, and ends with it.
      { cwd: path.join(folder, "test/scenarios"), stdio: "ignore" },
    ),
  );
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const dead = children.findIndex((child) => child.exitCode !== null);
  if (dead === -1) return children;
  for (const child of children) child.kill("SIGKILL");
  throw new Error(`SIPp did not start at ${called[dead]?.address}: is the address in use?`);
}

async function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly output: string; readonly code: number | null }> {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const take = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on("data", take);
  child.stderr.on("data", take);
  const timer = setTimeout(() => {
    output += `\nended: it ran longer than ${SUITE_LIMIT_MS / 1000} s\n`;
    child.kill("SIGKILL");
  }, SUITE_LIMIT_MS);
  const [code] = (await once(child, "close")) as [number | null];
  clearTimeout(timer);
  return { output, code };
}

export const describe = ({ name, passed, failed, seconds }: SuiteResult): string =>
  `${failed === 0 ? "ok    " : "NOT OK"} ${name}: ${passed} passed, ${failed} failed (${seconds.toFixed(0)} s)`;

export type { Place, Reach };
