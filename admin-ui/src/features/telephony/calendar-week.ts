import type { CalendarInput } from "@intramuros/contracts/browser";

/** A week in few lines: days with the same hours stand together, neighbours as a range. */
export function weekLines(
  hours: CalendarInput["hours"],
  dayName: (weekday: number) => string,
): readonly { readonly days: string; readonly spans: string }[] {
  const byDay = new Map<number, string>();
  for (let day = 1; day <= 7; day++) {
    const spans = hours
      .filter((span) => span.weekday === day)
      .toSorted((left, right) => (left.from < right.from ? -1 : 1))
      .map((span) => `${span.from}–${span.to}`);
    if (spans.length > 0) byDay.set(day, spans.join(", "));
  }
  const lines = new Map<string, number[]>();
  for (const [day, spans] of byDay) lines.set(spans, [...(lines.get(spans) ?? []), day]);
  return [...lines].map(([spans, days]) => ({ days: daysText(days, dayName), spans }));
}

function daysText(days: readonly number[], dayName: (weekday: number) => string): string {
  const ranges: { first: number; last: number }[] = [];
  for (const day of days) {
    const open = ranges.at(-1);
    if (open !== undefined && open.last === day - 1) open.last = day;
    else ranges.push({ first: day, last: day });
  }
  return ranges
    .map(({ first, last }) => (first === last ? dayName(first) : `${dayName(first)}–${dayName(last)}`))
    .join(", ");
}
