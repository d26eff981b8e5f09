import type { Calendar } from "@intramuros/contracts";
import type { SetupRecords } from "./setup.ts";
import { duplicate, fault, others, type SetupFault } from "./setup-fault.ts";

/** What is wrong with opening hours: hours that cross, a zone that nobody knows, days that do not exist or run backwards. */
export function checkCalendar(records: SetupRecords, calendar: Calendar): SetupFault | null {
  if (others(records.calendars, calendar.id).some((other) => other.name === calendar.name)) {
    return duplicate("name", calendar.name);
  }
  if (!isTimeZone(calendar.timeZone)) {
    return fault(
      "timeZone",
      "time-zone-unknown",
      `"${calendar.timeZone}" is not a time zone`,
      "write an IANA name such as Asia/Shanghai",
    );
  }
  return checkHours(calendar) ?? checkHolidays(calendar) ?? checkWorkdays(calendar);
}

function checkHours({ hours }: Calendar): SetupFault | null {
  for (const [index, span] of hours.entries()) {
    if (span.from >= span.to) {
      return fault(
        `hours.${index}.to`,
        "hours-backwards",
        `${span.from} to ${span.to} is no time of a day`,
        "hours over midnight are two entries: until 24:00, and from 00:00 of the next day",
      );
    }
    const crossing = hours.findIndex(
      (other, place) => place < index && other.weekday === span.weekday && other.from < span.to && span.from < other.to,
    );
    if (crossing !== -1) {
      return fault(
        `hours.${index}.from`,
        "hours-overlap",
        `${span.from} to ${span.to} overlaps with entry ${crossing + 1}`,
        "join the two, or move one",
      );
    }
  }
  return null;
}

function checkHolidays({ holidays }: Calendar): SetupFault | null {
  for (const [index, days] of holidays.entries()) {
    for (const end of ["from", "to"] as const) {
      if (!isDay(days[end])) return dayInvalid(`holidays.${index}.${end}`, days[end]);
    }
    if (days.from > days.to) {
      return fault(
        `holidays.${index}.to`,
        "days-backwards",
        `${days.to} is before ${days.from}`,
        "the last day is the first one or a later one",
      );
    }
  }
  return null;
}

function checkWorkdays({ workdays }: Calendar): SetupFault | null {
  for (const [index, { day }] of workdays.entries()) {
    if (!isDay(day)) return dayInvalid(`workdays.${index}.day`, day);
    if (workdays.findIndex((other) => other.day === day) !== index) {
      return fault(`workdays.${index}.day`, "duplicate", `${day} is named twice`, "name each day once");
    }
  }
  return null;
}

const dayInvalid = (field: string, day: string): SetupFault =>
  fault(field, "day-invalid", `there is no ${day}`, "write a day such as 2026-10-01");

/** A day of the Gregorian calendar as YYYY-MM-DD, so that texts compare as days do. */
function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(text);
}

function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
