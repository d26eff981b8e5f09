import { type ChildProcess, fork, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/**
 * What the SIP benches share: the server under load (ours, or another that speaks the drachtio protocol), an application on
 * drachtio-srf behind it, and SIPp before it. Server and application are processes of their own, whose CPU time and memory are read
 * from /proc.
 */
export interface RigOptions {
  /** SIP address of another server to load, `HOST:PORT`; ours is started when there is none. */
  readonly server?: string | undefined;
  /** Where that server takes applications, `HOST:PORT`, and its secret. */
  readonly control?: string | undefined;
  readonly secret?: string | undefined;
  /** Its process on this machine; without it its CPU time and memory are not known. */
  readonly serverPid?: number | undefined;
}

export interface SippResult {
  readonly callsPerSecond: number;
  readonly failed: number;
  readonly retransmissions: number;
}

export interface Rig {
  readonly folder: string;
  /** NaN where the server is another's and its process is not named. */
  serverCpuMs(): number;
  serverRssKiB(): number;
  /** What our server uses when all garbage is collected; of another's its resident memory. */
  serverUsedKiB(): Promise<number>;
  appCpuMs(): number;
  appRssKiB(): number;
  /** Our server's own; null of another's. */
  figures(): Promise<Record<string, number> | null>;
  sipp(run: {
    readonly scenario?: string;
    readonly rate: number;
    readonly calls: number;
    readonly callMs?: number;
    readonly inject?: string;
  }): Promise<SippResult>;
  close(): Promise<void>;
}

const ADDRESS = "127.29.1.50";
const CALLER = "127.29.1.51";
const CONTROL_PORT = 21_922;
const HEALTH_PORT = 21_930;
const SECRET = "bench";
const CLOCK_TICK_MS = 10;

export async function openRig(options: RigOptions = {}): Promise<Rig> {
  const folder = mkdtempSync(path.join(tmpdir(), "intramuros-sip-bench-"));
  const processes: ChildProcess[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(processes.map(stop));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const target = options.server ?? `${ADDRESS}:5060`;
    let serverPid = options.serverPid;
    let server: ChildProcess | null = null;
    if (options.server === undefined) {
      server = startServer(folder);
      processes.push(server);
      serverPid = server.pid;
      await untilReady();
    }
    const [host, port] = options.server === undefined ? ["127.0.0.1", CONTROL_PORT] : placeOf(options.control);
    const secret = options.server === undefined ? SECRET : (options.secret ?? "");
    const app = fork(path.join(import.meta.dirname, "sip-bench-app.ts"), [host, String(port), secret, folder]);
    processes.push(app);
    await new Promise<void>((resolve, reject) => {
      app.once("message", () => resolve());
      app.once("exit", (code) => reject(new Error(`bench application ended with ${code}`)));
    });
    let runs = 0;
    return {
      folder,
      serverCpuMs: () => cpuMs(serverPid),
      serverRssKiB: () => rssKiB(serverPid),
      serverUsedKiB: () => (server === null ? Promise.resolve(rssKiB(serverPid)) : usedKiB(server)),
      appCpuMs: () => cpuMs(app.pid),
      appRssKiB: () => rssKiB(app.pid),
      figures: async () =>
        options.server === undefined
          ? ((await (await fetch(`http://127.0.0.1:${HEALTH_PORT}/figures`)).json()) as Record<string, number>)
          : null,
      sipp: (run) => runSipp(folder, target, ++runs, run),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** `HOST:PORT`; where a drachtio server takes applications when nothing is said. */
function placeOf(text = "127.0.0.1:9022"): [string, number] {
  const colon = text.lastIndexOf(":");
  return [text.slice(0, colon), Number(text.slice(colon + 1))];
}

/** Ours, on an empty home. One SIPp is one source, so the limit for sources is lifted. */
function startServer(folder: string): ChildProcess {
  mkdirSync(path.join(folder, "keys"));
  writeFileSync(path.join(folder, "keys", "sip-control.secret"), SECRET);
  const sip = {
    listen: [`udp:${ADDRESS}:5060`, `tcp:${ADDRESS}:5060`],
    controlPort: CONTROL_PORT,
    healthPort: HEALTH_PORT,
    maxRequestsPerSecond: 0,
  };
  writeFileSync(path.join(folder, "config.json"), JSON.stringify({ sip, log: { level: "warn" } }));
  const profile = process.env.INTRAMUROS_BENCH_PROFILE;
  const flags = profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`];
  const heap = ["--expose-gc", "--import", path.join(import.meta.dirname, "sip-bench-heap.ts")];
  return spawn(process.execPath, [...flags, ...heap, path.join(import.meta.dirname, "../src/server/main.ts")], {
    env: { ...process.env, INTRAMUROS_HOME: folder },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}

function usedKiB(server: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    server.once("message", (kiB) => resolve(Number(kiB)));
    server.send("collect");
  });
}

async function untilReady(): Promise<void> {
  for (let i = 0; i < 150; i++) {
    const ready = await fetch(`http://127.0.0.1:${HEALTH_PORT}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the SIP server did not become ready");
}

/** SIPp's own `uac` scenario or one given, and its last line of statistics. */
async function runSipp(
  folder: string,
  target: string,
  n: number,
  run: Parameters<Rig["sipp"]>[0],
): Promise<SippResult> {
  const { scenario, rate, calls, callMs = 0, inject } = run;
  const file = path.join(folder, `stat-${n}.csv`);
  const args = ["-r", String(rate), "-m", String(calls), "-d", String(callMs), "-l", "50000", "-nostdin"];
  args.push("-i", CALLER, "-p", "6050", "-trace_stat", "-stf", file, "-fd", "1", "-timeout", "500s");
  if (scenario === undefined) args.push("-sn", "uac");
  else {
    writeFileSync(path.join(folder, `scenario-${n}.xml`), scenario);
    args.push("-sf", path.join(folder, `scenario-${n}.xml`));
  }
  if (inject !== undefined) {
    writeFileSync(path.join(folder, `inject-${n}.csv`), inject);
    args.push("-inf", path.join(folder, `inject-${n}.csv`));
  }
  const started = performance.now();
  const sipp = spawn("sipp", [...args, target], { cwd: folder, stdio: "ignore" });
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
function cpuMs(pid: number | undefined): number {
  if (pid === undefined) return Number.NaN;
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MS;
}

function rssKiB(pid: number | undefined): number {
  if (pid === undefined) return Number.NaN;
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? Number.NaN);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), 5000);
  await ended;
  clearTimeout(force);
}
