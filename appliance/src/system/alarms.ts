import type { Alarm, Overview, ProcessState } from "@intramuros/contracts";
import type { TrunkTrouble } from "../telephony/trunk-status.ts";

/** What the alarms are decided from. */
export interface Signs {
  readonly processes: readonly ProcessState[];
  readonly diskFreeShare: number | null;
  readonly storeFault: string | null;
  readonly auditFault: string | null;
  /** What the last reading of all records and entries found. */
  readonly damage: string | null;
  readonly certificateDaysLeft: number | null;
  readonly trunks: readonly TrunkTrouble[];
  /** How far the wall clock jumped against the steady one, and when; null when it did not. */
  readonly clockStep: { readonly ms: number; readonly at: number } | null;
}

type Found = Omit<Alarm, "since">;

const DISK_WARNING = 0.1;
const DISK_CRITICAL = 0.05;
const CERTIFICATE_WARNING_DAYS = 30;

/**
 * Codes that the console translates: `process-down`, `process-degraded`, `store-failed`, `audit-unavailable`, `records-damaged`,
 * `disk-low`, `certificate-expires`, `clock-stepped`, `trunk-down`, `trunk-degraded`, `trunk-certificate`.
 */
export function findAlarms(signs: Signs): readonly Found[] {
  const found: Found[] = [];
  if (signs.auditFault !== null) {
    found.push({ code: "audit-unavailable", severity: "critical", values: { problem: signs.auditFault } });
  }
  if (signs.storeFault !== null) {
    found.push({ code: "store-failed", severity: "critical", values: { problem: signs.storeFault } });
  }
  if (signs.damage !== null) {
    found.push({
      code: "records-damaged",
      severity: "critical",
      values: { problem: signs.damage, hint: "npm run audit -- verify" },
    });
  }
  for (const { name, state, problem } of signs.processes) {
    if (state === "up") continue;
    const severity = state === "degraded" ? "warning" : "critical";
    found.push({ code: `process-${state}`, severity, values: { process: name, problem } });
  }
  if (signs.diskFreeShare !== null && signs.diskFreeShare < DISK_WARNING) {
    const severity = signs.diskFreeShare < DISK_CRITICAL ? "critical" : "warning";
    found.push({ code: "disk-low", severity, values: { freePercent: (signs.diskFreeShare * 100).toFixed(1) } });
  }
  if (signs.certificateDaysLeft !== null && signs.certificateDaysLeft < CERTIFICATE_WARNING_DAYS) {
    const days = String(Math.floor(signs.certificateDaysLeft));
    found.push({ code: "certificate-expires", severity: "warning", values: { days } });
  }
  if (signs.clockStep !== null) {
    found.push({ code: "clock-stepped", severity: "warning", values: { ms: String(Math.round(signs.clockStep.ms)) } });
  }
  for (const trouble of signs.trunks) {
    const { kind, trunk } = trouble;
    if (kind === "certificate") {
      found.push({ code: "trunk-certificate", severity: "warning", values: { trunk, days: String(trouble.days) } });
    } else {
      const values = { trunk, problem: trouble.problem };
      found.push({ code: `trunk-${kind}`, severity: kind === "down" ? "critical" : "warning", values });
    }
  }
  return found;
}

const nameOf = (alarm: Found): string => `${alarm.code} ${alarm.values.process ?? alarm.values.trunk ?? ""}`;

/** Keeps the time since when an alarm stands, as long as it stands. */
export function datedAlarms(before: readonly Alarm[], found: readonly Found[], now: number): Alarm[] {
  const since = new Map(before.map((alarm) => [nameOf(alarm), alarm.since]));
  return found.map((alarm) => ({ ...alarm, since: since.get(nameOf(alarm)) ?? now }));
}

export function healthOf(alarms: readonly Alarm[]): Overview["health"] {
  if (alarms.some((alarm) => alarm.severity === "critical")) return "bad";
  return alarms.some((alarm) => alarm.severity === "warning") ? "degraded" : "good";
}
