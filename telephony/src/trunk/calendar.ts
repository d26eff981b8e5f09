import type { CalendarInput } from "@intramuros/contracts";

/**
 * Whether opening hours are on at a moment. Days in order of what they outrank: a make-up working day follows the hours of another
 * weekday even within a holiday; a holiday is closed; any other day has its own hours. Hours over midnight (22:00 to 06:00) belong to
 * the day that they begin on.
 */
export function isOpen(calendar: CalendarInput, unixMs: number): boolean {
  const here = localTime(calendar.timeZone, unixMs);
  if (here === null) return true; // a zone that nobody knows must not close the house
  if (hoursOf(calendar, here.day, here.weekday).some(({ from, to }) => within(here.minute, from, to))) return true;
  const before = dayBefore(here);
  return hoursOf(calendar, before.day, before.weekday).some(
    ({ from, to }) => minutes(to) < minutes(from) && here.minute < minutes(to),
  );
}

export interface LocalTime {
  /** `2026-11-23` */
  readonly day: string;
  /** 1 Monday … 7 Sunday */
  readonly weekday: number;
  /** Since midnight. */
  readonly minute: number;
}

const formats = new Map<string, Intl.DateTimeFormat | null>();
const MAX_FORMATS = 100;

/** Null: the zone is unknown. */
export function localTime(timeZone: string, unixMs: number): LocalTime | null {
  const format = formatOf(timeZone);
  if (format === null) return null;
  const part = new Map(format.formatToParts(unixMs).map(({ type, value }) => [type, value]));
  const day = `${part.get("year")}-${part.get("month")}-${part.get("day")}`;
  return { day, weekday: weekdayOf(day), minute: Number(part.get("hour")) * 60 + Number(part.get("minute")) };
}

function formatOf(timeZone: string): Intl.DateTimeFormat | null {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  let made: Intl.DateTimeFormat | null = null;
  try {
    made = new Intl.DateTimeFormat("en-CA", {
      ...{ timeZone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit" },
      ...{ hour: "2-digit", minute: "2-digit" },
    });
  } catch {
    // A name that this machine's tables do not have.
  }
  if (formats.size >= MAX_FORMATS) formats.clear();
  formats.set(timeZone, made);
  return made;
}

/** Days are counted at midnight of Greenwich: no zone and no summer time has a say in the calendar itself. */
const atMidnight = (day: string): number => Date.parse(`${day}T00:00:00Z`);
const weekdayOf = (day: string): number => new Date(atMidnight(day)).getUTCDay() || 7;

function dayBefore(here: LocalTime): { readonly day: string; readonly weekday: number } {
  const day = new Date(atMidnight(here.day) - 86_400_000).toISOString().slice(0, 10);
  return { day, weekday: weekdayOf(day) };
}

function hoursOf(calendar: CalendarInput, day: string, weekday: number): CalendarInput["hours"] {
  const made = calendar.workdays.find((item) => item.day === day);
  if (made === undefined && calendar.holidays.some(({ from, to }) => from <= day && day <= to)) return [];
  return calendar.hours.filter((item) => item.weekday === (made?.likeWeekday ?? weekday));
}

const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

function within(minute: number, from: string, to: string): boolean {
  const [begin, end] = [minutes(from), minutes(to)];
  return end >= begin ? minute >= begin && minute < end : minute >= begin;
}
