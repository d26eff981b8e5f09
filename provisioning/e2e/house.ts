import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { askAppliance, openHome, setupCodePath } from "@intramuros/contracts";

/** A whole house for a test: its own home folder and ports, started by the same command that a person types. */
export interface House {
  readonly home: string;
  readonly console: string;
  readonly sipPort: number;
  /** Everything that `npm start` printed so far. */
  board(): string;
  /** GET from the appliance with the local token; the parsed body. Throws on anything but 200. */
  api<T>(pathname: string): Promise<T>;
  /** Waits until `ready()` gives true; throws with `what` after `limitMs`. */
  until(what: string, ready: () => boolean | Promise<boolean>, limitMs?: number): Promise<void>;
  /** Runs one of the npm scripts against this house. */
  npm(script: string, args?: readonly string[], limitMs?: number): { readonly code: number; readonly output: string };
  /** Pid of one of the four processes, from its command line. */
  pidOf(process: "sip" | "telephony" | "inference" | "appliance"): number;
  close(): Promise<number>;
}

export const repositoryRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

const MAINS = {
  sip: "telephony/src/server/main.ts",
  telephony: "telephony/src/main.ts",
  inference: "inference/src/main.ts",
  appliance: "appliance/src/main.ts",
};

/** `portBase` keeps houses of different tests apart: SIP on +60, console on +80, control and health beside. */
export async function openHouse(options: {
  readonly portBase: number;
  readonly home?: string;
  readonly config?: Record<string, Record<string, unknown>>;
}): Promise<House> {
  const home = options.home ?? mkdtempSync(path.join(tmpdir(), "intramuros-house-"));
  mkdirSync(home, { recursive: true });
  const base = options.portBase;
  const extra = options.config ?? {};
  const config = {
    ...extra,
    sip: {
      listen: [`udp:127.0.0.1:${base + 60}`, `tcp:127.0.0.1:${base + 60}`],
      controlPort: base + 22,
      healthPort: base + 30,
      ...extra.sip,
    },
    telephony: { healthPort: base + 31, rtpPortMin: base + 100, rtpPortMax: base + 899, ...extra.telephony },
    inference: { healthPort: base + 32, ...extra.inference },
    appliance: { consolePort: base + 80, ...extra.appliance },
  };
  writeFileSync(path.join(home, "config.json"), JSON.stringify(config, null, 2));
  const env = { ...process.env, INTRAMUROS_HOME: home };
  let printed = "";
  const child: ChildProcess = spawn(
    process.execPath,
    [path.join(repositoryRoot, "provisioning/bootstrap.mjs"), "start"],
    { cwd: repositoryRoot, env, stdio: ["ignore", "pipe", "pipe"] },
  );
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-200_000);
    });
  }
  const ended = new Promise<number>((resolve) => child.once("exit", (code) => resolve(code ?? 1)));

  const until: House["until"] = async (what, ready, limitMs = 60_000) => {
    const end = Date.now() + limitMs;
    while (Date.now() < end) {
      if (await ready()) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${what}: not within ${limitMs} ms\n${printed.slice(-3000)}`);
  };
  const house: House = {
    home,
    console: `http://127.0.0.1:${base + 80}`,
    sipPort: base + 60,
    board: () => printed,
    until,
    async api<T>(pathname: string) {
      const reply = await askAppliance(openHome(home), { path: pathname, timeoutMs: 15_000 });
      if (reply.status !== 200) throw new Error(`GET ${pathname}: ${reply.status} ${reply.text.slice(0, 500)}`);
      return JSON.parse(reply.text) as T;
    },
    npm(script, args = [], limitMs = 120_000) {
      const result = spawnSync(
        process.execPath,
        [path.join(repositoryRoot, "provisioning/bootstrap.mjs"), script, ...args],
        { cwd: repositoryRoot, env, encoding: "utf8", timeout: limitMs, maxBuffer: 32 << 20 },
      );
      return { code: result.status ?? 1, output: `${result.stdout}${result.stderr}` };
    },
    pidOf(name) {
      const list = spawnSync("pgrep", ["-f", `^[^ ]*node [^ ]*/${MAINS[name]}$`], { encoding: "utf8" })
        .stdout.split("\n")
        .filter(Boolean)
        .map(Number);
      const ours = list.filter((pid) =>
        readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`INTRAMUROS_HOME=${home}`),
      );
      if (ours.length !== 1) throw new Error(`expected one ${name}, found ${ours.length}`);
      return ours[0]!;
    },
    async close() {
      if (child.exitCode === null) child.kill("SIGTERM");
      const code = await ended;
      if (options.home === undefined) rmSync(home, { recursive: true, force: true });
      return code;
    },
  };
  await until(
    "npm start",
    () => {
      if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}:\n${printed}`);
      return /· ready after/.test(printed);
    },
    120_000,
  );
  return house;
}

/** The code that the board shows, as a person would read it. */
export const setupCodeOf = (house: House): string => readFileSync(setupCodePath(house.home), "utf8").trim();
