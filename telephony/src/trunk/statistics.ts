import type { TrunkStatus } from "@intramuros/contracts";

/** What came of the calls of one trunk in the last 24 hours, in buckets of an hour, so that it stays small and outlives a restart. */
export interface TrunkStatistics {
  readonly hours: readonly HourOfCalls[];
}
export interface HourOfCalls {
  /** Hours since 1970. */
  readonly hour: number;
  readonly attempts: number;
  readonly answered: number;
  readonly talkedMs: number;
  /** Attempts that came as far as a person or a busy line (ITU-T E.425). */
  readonly effective: number;
  readonly dialledMs: number;
  readonly dialled: number;
  readonly peak: number;
  readonly failures: readonly { readonly code: number; readonly count: number; readonly lastAt: number }[];
}
export const NO_STATISTICS: TrunkStatistics = { hours: [] };

export interface CallOutcome {
  /** SIP code that it ended with; 200 when it was answered. */
  readonly sipCode: number;
  readonly talkedMs: number;
  /** INVITE to the first sign of the other side; null: none came. */
  readonly dialMs: number | null;
}

const HOUR_MS = 3_600_000;
const KEPT_HOURS = 24;
const MAX_CODES = 30;
/** Busy, no answer, given up by the caller, declined. */
const EFFECTIVE = new Set([200, 408, 480, 486, 487, 600, 603]);

export function withOutcome(before: TrunkStatistics, outcome: CallOutcome, nowMs: number): TrunkStatistics {
  const { sipCode, talkedMs, dialMs } = outcome;
  const isAnswered = sipCode === 200;
  // Without any sign of the other side a 408 or 480 is the network's word, not a person's.
  const isEffective = EFFECTIVE.has(sipCode) && (sipCode !== 408 || dialMs !== null);
  return changed(before, nowMs, (hour) => ({
    ...hour,
    attempts: hour.attempts + 1,
    answered: hour.answered + (isAnswered ? 1 : 0),
    talkedMs: hour.talkedMs + talkedMs,
    effective: hour.effective + (isEffective ? 1 : 0),
    dialledMs: hour.dialledMs + (dialMs ?? 0),
    dialled: hour.dialled + (dialMs === null ? 0 : 1),
    failures: isAnswered ? hour.failures : withFailure(hour.failures, sipCode, nowMs),
  }));
}

export const withPeak = (before: TrunkStatistics, calls: number, nowMs: number): TrunkStatistics =>
  changed(before, nowMs, (hour) => (hour.peak >= calls ? hour : { ...hour, peak: calls }));

type Figures = Pick<
  TrunkStatus,
  "callsPeak" | "attempts" | "answered" | "asr" | "acdSeconds" | "pddMs" | "ner" | "failures"
>;

/** Ratios are absent while there is nothing to divide by. */
export function figuresOf(statistics: TrunkStatistics, nowMs: number): Figures {
  const hours = kept(statistics, nowMs);
  const sum = (of: (hour: HourOfCalls) => number): number => hours.reduce((total, hour) => total + of(hour), 0);
  const [attempts, answered, dialled] = [sum((h) => h.attempts), sum((h) => h.answered), sum((h) => h.dialled)];
  const failures = hours
    .flatMap((hour) => hour.failures)
    .reduce<HourOfCalls["failures"]>((list, { code, count, lastAt }) => withFailure(list, code, lastAt, count), []);
  return {
    callsPeak: Math.max(0, ...hours.map((hour) => hour.peak)),
    attempts,
    answered,
    ...(attempts === 0 ? {} : { asr: answered / attempts, ner: sum((h) => h.effective) / attempts }),
    ...(answered === 0 ? {} : { acdSeconds: sum((h) => h.talkedMs) / answered / 1000 }),
    ...(dialled === 0 ? {} : { pddMs: sum((h) => h.dialledMs) / dialled }),
    failures: failures.toSorted((a, b) => b.count - a.count),
  };
}

const kept = ({ hours }: TrunkStatistics, nowMs: number): readonly HourOfCalls[] =>
  hours.filter(({ hour }) => hour > Math.trunc(nowMs / HOUR_MS) - KEPT_HOURS);

function changed(before: TrunkStatistics, nowMs: number, change: (hour: HourOfCalls) => HourOfCalls): TrunkStatistics {
  const hour = Math.trunc(nowMs / HOUR_MS);
  const others = kept(before, nowMs).filter((item) => item.hour !== hour);
  const current = before.hours.find((item) => item.hour === hour) ?? { ...EMPTY, hour };
  return { hours: [...others, change(current)] };
}

const EMPTY: Omit<HourOfCalls, "hour"> = {
  ...{ attempts: 0, answered: 0, talkedMs: 0, effective: 0, dialledMs: 0, dialled: 0, peak: 0 },
  failures: [],
};

function withFailure(list: HourOfCalls["failures"], code: number, atMs: number, count = 1): HourOfCalls["failures"] {
  const found = list.find((item) => item.code === code);
  if (found === undefined) return list.length >= MAX_CODES ? list : [...list, { code, count, lastAt: atMs }];
  return list.map((item) =>
    item === found ? { code, count: item.count + count, lastAt: Math.max(item.lastAt, atMs) } : item,
  );
}
