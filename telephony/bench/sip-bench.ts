import { type ChildProcess, fork, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/**
 * The SIP server under calls of SIPp (INVITE–200–ACK–BYE over UDP), with a drachtio-srf application behind it. Server and application
 * are processes of their own; the server's CPU time is read from /proc. The limits beside the figures are the budget of DESIGN.md,
 * measured with the C++ drachtio-server on a machine of the same two cores.
 */
export interface BenchResult {
  readonly name: string;
  readonly figures: Record<string, number>;
  readonly peer: string;
}

const ADDRESS = "127.29.1.50";
const PORT = 5060;
const CONTROL_PORT = 21_922;
const HEALTH_PORT = 21_930;
const SECRET = "bench";
const CLOCK_TICK_MS = 10;

export interface SipBenchOptions {
  readonly rates?: readonly number[];
  readonly seconds?: number;
}

export async function benchSip({
  rates = [200, 600, 1000, 1300],
  seconds = 6,
}: SipBenchOptions = {}): Promise<BenchResult> {
  const folder = mkdtempSync(path.join(tmpdir(), "intramuros-sip-bench-"));
  const processes: ChildProcess[] = [];
  try {
    mkdirSync(path.join(folder, "keys"));
    writeFileSync(path.join(folder, "keys", "sip-control.secret"), SECRET);
    const sip = {
      listen: [`udp:${ADDRESS}:${PORT}`, `tcp:${ADDRESS}:${PORT}`],
      controlPort: CONTROL_PORT,
      healthPort: HEALTH_PORT,
    };
    writeFileSync(path.join(folder, "config.json"), JSON.stringify({ sip, log: { level: "warn" } }));

    const server = spawn(process.execPath, [path.join(import.meta.dirname, "../src/server/main.ts")], {
      env: { ...process.env, INTRAMUROS_HOME: folder },
      stdio: ["ignore", "inherit", "inherit"],
    });
    processes.push(server);
    await untilReady();
    const app = fork(path.join(import.meta.dirname, "sip-bench-app.ts"), [String(CONTROL_PORT), SECRET]);
    processes.push(app);
    await new Promise<void>((resolve, reject) => {
      app.once("message", () => resolve());
      app.once("exit", (code) => reject(new Error(`bench application ended with ${code}`)));
    });

    await runSipp(folder, 50, 100); // so that the figures are of warm code
    const figures: Record<string, number> = {};
    for (const rate of rates) {
      const before = { server: cpuMs(server), app: cpuMs(app) };
      const calls = rate * seconds;
      const result = await runSipp(folder, rate, calls);
      figures[`calls/s at ${rate}`] = round(result.callsPerSecond);
      figures[`failed at ${rate}`] = result.failed;
      figures[`retransmissions at ${rate}`] = result.retransmissions;
      figures[`server CPU ms/call at ${rate}`] = round((cpuMs(server) - before.server) / calls);
      figures[`application CPU ms/call at ${rate}`] = round((cpuMs(app) - before.app) / calls);
    }
    return {
      name: "SIP calls, INVITE–200–ACK–BYE, UDP, drachtio-srf application",
      figures,
      peer: "budget: server ≤ 1.1 ms/call at 200/s, ≥ 1000 calls/s with 0 lost; drachtio-server (C++): 1.1 ms at 200/s, 0.84 at 600/s, 0.65 at 1000 to 1300/s",
    };
  } finally {
    await Promise.all(processes.map(stop));
    rmSync(folder, { recursive: true, force: true });
  }
}

const round = (value: number): number => Math.round(value * 1000) / 1000;

async function untilReady(): Promise<void> {
  for (let i = 0; i < 100; i++) {
    const ready = await fetch(`http://127.0.0.1:${HEALTH_PORT}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the SIP server did not become ready");
}

interface SippResult {
  readonly callsPerSecond: number;
  readonly failed: number;
  readonly retransmissions: number;
}

/** Runs SIPp's own `uac` scenario and reads its last line of statistics. */
async function runSipp(folder: string, rate: number, calls: number): Promise<SippResult> {
  const file = path.join(folder, `stat-${rate}-${calls}.csv`);
  const args = ["-sn", "uac", "-r", String(rate), "-m", String(calls), "-d", "0", "-l", "20000"];
  args.push("-i", "127.29.1.51", "-p", "6050", "-nostdin", "-trace_stat", "-stf", file, "-fd", "1");
  args.push(`${ADDRESS}:${PORT}`);
  const started = performance.now();
  const sipp = spawn("sipp", args, { cwd: folder, stdio: "ignore" });
  await new Promise<void>((resolve, reject) => {
    sipp.once("error", reject);
    sipp.once("exit", () => resolve());
  });
  const elapsed = (performance.now() - started) / 1000;
  const lines = readFileSync(file, "utf8").trim().split("\n");
  const names = (lines[0] ?? "").split(";");
  const last = (lines.at(-1) ?? "").split(";");
  const figure = (name: string): number => Number(last[names.indexOf(name)] ?? Number.NaN);
  const successful = figure("SuccessfulCall(C)");
  return {
    callsPerSecond: successful / elapsed,
    failed: calls - successful,
    retransmissions: figure("Retransmissions(C)"),
  };
}

/** User and system time of a process so far. */
function cpuMs({ pid }: ChildProcess): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MS;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), 3000);
  await ended;
  clearTimeout(force);
}

if (import.meta.main) {
  const result = await benchSip();
  console.log(JSON.stringify(result, null, 2));
}
