import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { cpus, freemem, hostname, networkInterfaces, release, totalmem, uptime } from "node:os";
import type { Alarm, Config, LiveMessage, Overview, ProcessState, SystemReply } from "@intramuros/contracts";
import si from "systeminformation";
import type { AuditLog } from "../audit/level-audit-store.ts";
import { consoleCertPath } from "../http/certificate-store.ts";
import { isLoopback } from "../http/origin.ts";
import type { LiveHub } from "../live/live-hub.ts";
import type { LevelStore } from "../storage/level-store.ts";
import { datedAlarms, findAlarms, healthOf } from "./alarms.ts";
import type { OverviewSource } from "./overview-source.ts";
import type { ProcessWatch } from "./process-watch-driver.ts";

export interface SystemRoom {
  overview(): Overview;
  system(): Promise<SystemReply>;
  alarms(): readonly Alarm[];
  processes(): readonly ProcessState[];
  close(): void;
}

const LOOK_EVERY_MS = 1_000;
const DISK_EVERY_MS = 10_000;
const CLOCK_STEP_MS = 1_000;
const CLOCK_ALARM_MS = 3_600_000;

export interface SystemDeps {
  readonly root: string;
  readonly config: Config;
  readonly version: string;
  readonly store: LevelStore;
  readonly audit: AuditLog;
  readonly hub: LiveHub;
  readonly watch: ProcessWatch;
  readonly source: OverviewSource;
  readonly damage: () => string | null;
  readonly now: () => number;
}

/** Looks at the machine once a second, keeps the alarms, and tells the console when the overview changed. */
export async function openSystem(deps: SystemDeps): Promise<SystemRoom> {
  const { root, config, store, audit } = deps;
  const [osInfo, cpuInfo] = await Promise.all([si.osInfo(), si.cpu()]);
  let alarms: Alarm[] = [];
  let disk: { readonly total: number; readonly free: number } | null = null;
  let diskAt = Number.NEGATIVE_INFINITY;
  let cpuPercent = 0;
  let cpuBefore = cpuTimes();
  let clockStep: { readonly ms: number; readonly at: number } | null = null;
  let clockOffset = deps.now() - performance.now();
  let published = "";

  const look = async (): Promise<void> => {
    const now = deps.now();
    const steady = performance.now();
    const offset = now - steady;
    if (Math.abs(offset - clockOffset) > CLOCK_STEP_MS) {
      const ms = offset - clockOffset;
      clockStep = { ms, at: now };
      clockOffset = offset;
      if (audit.fault() === null) await audit.append(clockEntry(ms));
    } else clockOffset = offset; // NTP slews; only jumps count
    if (clockStep !== null && now - clockStep.at > CLOCK_ALARM_MS) clockStep = null;
    if (steady - diskAt > DISK_EVERY_MS) {
      diskAt = steady;
      const { blocks, bavail, bsize } = await statfs(root);
      disk = { total: blocks * bsize, free: bavail * bsize };
    }
    const times = cpuTimes();
    const total = times.total - cpuBefore.total;
    if (total > 0) cpuPercent = Math.round((1 - (times.idle - cpuBefore.idle) / total) * 1_000) / 10;
    cpuBefore = times;
    const found = findAlarms({
      processes: deps.watch.states(),
      diskFreeShare: disk === null || disk.total === 0 ? null : disk.free / disk.total,
      storeFault: store.fault()?.message ?? null,
      auditFault: audit.fault()?.message ?? null,
      damage: deps.damage(),
      certificateDaysLeft: certificateDaysLeft(root, config, now),
      clockStep,
      trunks: deps.source.trunkTroubles(),
    });
    alarms = datedAlarms(alarms, found, now);
    const message: LiveMessage = { type: "overview", overview: overview() };
    // Memory and processor move all the time; they are sent with the next real change.
    const text = JSON.stringify({
      ...message.overview,
      processes: message.overview.processes.map(({ name, state }) => [name, state]),
    });
    if (text === published) return;
    published = text;
    deps.hub.publish(message);
  };

  function overview(): Overview {
    return { health: healthOf(alarms), alarms, processes: [...deps.watch.states()], ...deps.source.figures() };
  }

  let looking = false;
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    look()
      .catch(() => {}) // the alarms of the second before stand
      .finally(() => {
        looking = false;
      });
  }, LOOK_EVERY_MS);
  timer.unref();
  await look();

  return {
    overview,
    alarms: () => alarms,
    processes: () => deps.watch.states(),
    async system() {
      const { records, bytes } = await store.stats();
      const at = audit.lastCheckpointAt();
      return {
        version: deps.version,
        node: process.version,
        host: {
          hostname: hostname(),
          os: `${osInfo.distro} ${osInfo.release}`.trim(),
          kernel: release(),
          cpu: `${cpuInfo.manufacturer} ${cpuInfo.brand}`.trim(),
          cores: cpus().length,
          uptimeSeconds: Math.round(uptime()),
        },
        load: {
          cpuPercent,
          memoryUsedBytes: totalmem() - freemem(),
          memoryTotalBytes: totalmem(),
          diskUsedBytes: disk === null ? 0 : disk.total - disk.free,
          diskTotalBytes: disk?.total ?? 0,
        },
        processes: [...deps.watch.states()],
        alarms,
        addresses: { console: consoleUrl(config), sip: sipAddresses(config) },
        store: { records, bytes: Math.round(bytes) },
        audit: { entries: audit.size(), ...(at === undefined ? {} : { lastCheckpointAt: at }) },
      };
    },
    close: () => clearInterval(timer),
  };
}

const clockEntry = (ms: number) => ({
  code: "clock.stepped",
  actor: "process:appliance",
  role: "process",
  source: "appliance",
  object: "clock",
  result: "success" as const,
  reason: "",
  requestId: "",
  detail: { ms: Math.round(ms) },
});

function cpuTimes(): { readonly idle: number; readonly total: number } {
  let idle = 0;
  let total = 0;
  for (const { times } of cpus()) {
    idle += times.idle;
    total += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return { idle, total };
}

let certificateKnown: { readonly file: string; readonly validTo: number } | null = null;

/** Null where the console is served without one. */
function certificateDaysLeft(root: string, config: Config, now: number): number | null {
  if (isLoopback(config.appliance.consoleHost)) return null;
  const file = config.appliance.tlsCertPath || consoleCertPath(root);
  if (certificateKnown?.file !== file) {
    if (!existsSync(file)) return null;
    certificateKnown = { file, validTo: Date.parse(new X509Certificate(readFileSync(file)).validTo) };
  }
  return (certificateKnown.validTo - now) / 86_400_000;
}

const inUrl = (host: string): string => (host.includes(":") ? `[${host}]` : host);

export function consoleUrl(config: Config): string {
  const { consoleHost, consolePort } = config.appliance;
  const shown = consoleHost === "0.0.0.0" || consoleHost === "::" ? hostname() : inUrl(consoleHost);
  return `${isLoopback(consoleHost) ? "http" : "https"}://${shown}:${consolePort}/`;
}

/** `auto` stands for every IPv4 address of this machine. */
function sipAddresses(config: Config): string[] {
  const mine = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ family }) => family === "IPv4")
    .map(({ address }) => address);
  return config.sip.listen.flatMap((listener) => {
    const [, transport, address, port] = /^(udp|tcp):(.+):(\d+)$/.exec(listener) ?? [];
    return (address === "auto" ? mine : [address ?? ""]).map((one) => `${transport}:${one}:${port}`);
  });
}
