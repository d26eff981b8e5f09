import { readdir, readFile } from "node:fs/promises";
import http from "node:http";
import type { Config, ProcessState } from "@intramuros/contracts";
import { type Asked, judge, type Standing } from "./judge-process.ts";

/** The other processes of the house, asked every two seconds; figures of each from `/proc`. */
export interface ProcessWatch {
  states(): readonly ProcessState[];
  close(): void;
}

const ASK_EVERY_MS = 2_000;
const ASK_TIMEOUT_MS = 1_500;
/** Looking through all of `/proc` is dear on a busy machine; in between, the processes found are asked for by their number. */
const SCAN_EVERY_ROUNDS = 5;
const REPLY_MAX_BYTES = 65_536;
const PAGE_BYTES = 4_096;
const TICKS_PER_SECOND = 100;

type Name = ProcessState["name"];
const OTHER_NAMES = ["sip", "telephony", "inference"] as const;
const ENTRIES: Readonly<Record<(typeof OTHER_NAMES)[number], string>> = {
  sip: "telephony/src/server/main.ts",
  telephony: "telephony/src/main.ts",
  inference: "inference/src/main.ts",
};

interface Usage {
  readonly pid: number;
  readonly rssBytes: number;
  readonly cpuTicks: number;
  readonly at: number;
}

export function watchProcesses(deps: {
  readonly root: string;
  readonly config: Config;
  /** Problems of this very process. */
  readonly own: () => readonly string[];
  readonly now: () => number;
}): ProcessWatch {
  const { config } = deps;
  const others: readonly { readonly name: Name; readonly port: number }[] = [
    { name: "sip", port: config.sip.healthPort },
    { name: "telephony", port: config.telephony.healthPort },
    { name: "inference", port: config.inference.healthPort },
  ];
  let rounds = 0;
  const standings = new Map<Name, Standing>();
  const usage = new Map<Name, Usage & { readonly cpuPercent: number }>();
  const started = deps.now();
  let states: readonly ProcessState[] = [
    ...others.map(({ name }) => ({ name, state: "down" as const, since: started, problem: "not asked yet" })),
    { name: "appliance", state: "up", since: started, problem: "" },
  ];

  const judged = (name: Name, asked: Asked): Standing => {
    const standing = judge(standings.get(name) ?? { state: "down", problem: "not asked yet", misses: 0 }, asked);
    standings.set(name, standing);
    return standing;
  };

  const ask = async (): Promise<void> => {
    const answers = await Promise.all(others.map(async ({ name, port }) => ({ name, answer: await askReady(port) })));
    const now = deps.now();
    const known = [...usage].map(([name, { pid }]) => ({ name, pid }));
    const missing = others.some(({ name }) => !usage.has(name));
    const scan = rounds % SCAN_EVERY_ROUNDS === 0 || (missing && rounds < SCAN_EVERY_ROUNDS);
    rounds += 1;
    for (const { name, pid } of scan ? await findProcesses(deps.root) : known) {
      const read = await readUsage(pid);
      const before = usage.get(name);
      if (read === null) {
        usage.delete(name);
        continue;
      }
      const seconds = (read.at - (before?.at ?? 0)) / 1_000;
      const ticks = read.cpuTicks - (before?.cpuTicks ?? 0);
      const cpuPercent =
        before?.pid === pid && seconds > 0 ? Math.round((ticks / TICKS_PER_SECOND / seconds) * 1_000) / 10 : 0;
      usage.set(name, { ...read, cpuPercent });
    }
    const own = deps.own();
    const standingNow = [
      ...answers.map(({ name, answer }) => ({ name, ...judged(name, answer) })),
      {
        name: "appliance" as const,
        state: own.length === 0 ? ("up" as const) : ("degraded" as const),
        problem: own.join("; "),
      },
    ];
    states = standingNow.map(({ name, state, problem }) => {
      const before = states.find((one) => one.name === name);
      const used = state === "down" ? undefined : usage.get(name);
      return {
        name,
        state,
        problem,
        since: before?.state === state ? before.since : now,
        ...(used === undefined ? {} : { pid: used.pid, rssBytes: used.rssBytes, cpuPercent: used.cpuPercent }),
      };
    });
  };

  let timer: NodeJS.Timeout | null = null;
  let closed = false;
  const round = (): void => {
    ask()
      .catch(() => {}) // a round that could not read /proc leaves the states of the round before
      .finally(() => {
        if (closed) return;
        timer = setTimeout(round, ASK_EVERY_MS);
        timer.unref();
      });
  };
  round();
  return {
    states: () => states,
    close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}

/** What `/readyz` says, or why it said nothing. */
function askReady(port: number): Promise<Asked> {
  return new Promise((resolve) => {
    const request = http.get(
      { host: "127.0.0.1", port, path: "/readyz", timeout: ASK_TIMEOUT_MS, agent: false },
      (reply) => {
        let text = "";
        reply.setEncoding("utf8");
        reply.on("data", (part: string) => {
          text += part;
          if (text.length > REPLY_MAX_BYTES) request.destroy(new Error("answer too long"));
        });
        reply.on("end", () => resolve(readAnswer(text)));
        reply.on("error", (error) => resolve({ type: "silent", problem: error.message }));
      },
    );
    request.on("timeout", () => request.destroy(new Error("no answer in time")));
    request.on("error", (error: NodeJS.ErrnoException) =>
      resolve(
        error.code === "ECONNREFUSED"
          ? { type: "refused", problem: "not running" }
          : { type: "silent", problem: error.message },
      ),
    );
  });
}

function readAnswer(text: string): Asked {
  try {
    const { ready, problems } = JSON.parse(text) as { ready?: unknown; problems?: unknown };
    const list = Array.isArray(problems) ? problems.map(String) : [];
    return { type: "answered", ready: ready === true, problems: list };
  } catch {
    return { type: "silent", problem: "its answer is not understood" };
  }
}

/** Our processes by their command line and home folder; other users' are not ours and cannot be read. */
async function findProcesses(root: string): Promise<{ readonly name: Name; readonly pid: number }[]> {
  const found: { name: Name; pid: number }[] = [{ name: "appliance", pid: process.pid }];
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const command = (await readFile(`/proc/${entry}/cmdline`, "latin1")).split("\0");
      const name = nameOf(command);
      if (name === undefined) continue;
      const environment = (await readFile(`/proc/${entry}/environ`, "latin1")).split("\0");
      if (environment.includes(`INTRAMUROS_HOME=${root}`)) found.push({ name, pid: Number(entry) });
    } catch {
      // Gone meanwhile, or not ours to read.
    }
  }
  return found;
}

const nameOf = (command: readonly string[]): Exclude<Name, "appliance"> | undefined =>
  OTHER_NAMES.find((name) => command.some((part) => part.endsWith(`/${ENTRIES[name]}`)));

/** Null when the process is gone. */
async function readUsage(pid: number): Promise<Usage | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "latin1");
    // Fields after the command in brackets: 14 utime and 15 stime of proc(5) are the 12th and 13th here.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const pages = (await readFile(`/proc/${pid}/statm`, "latin1")).split(" ")[1];
    return {
      pid,
      rssBytes: Number(pages) * PAGE_BYTES,
      cpuTicks: Number(fields[11]) + Number(fields[12]),
      at: performance.now(),
    };
  } catch {
    return null;
  }
}
