/** Times, durations and sizes as people say them. The clock is an argument; `language` is the console's. */
export type Language = "zh" | "en";

const locale = (language: Language) => (language === "zh" ? "zh-CN" : "en-GB");
const formats = new Map<string, Intl.DateTimeFormat>();
function format(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  let made = formats.get(key);
  if (made === undefined) {
    made = new Intl.DateTimeFormat(locale(language), options);
    formats.set(key, made);
  }
  return made;
}

const clockParts = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;

/** Time of day with seconds: 14:03:09. */
export function clockTime(at: number, language: Language): string {
  return format(language, { ...clockParts, second: "2-digit" }).format(at);
}

export function sameDay(one: number, other: number): boolean {
  const left = new Date(one);
  const right = new Date(other);
  return (
    left.getFullYear() === right.getFullYear() &&
    left.getMonth() === right.getMonth() &&
    left.getDate() === right.getDate()
  );
}

/** The shortest unambiguous form: the time today, else day and time, with the year when it is another one. */
export function shortTime(at: number, now: number, language: Language): string {
  if (sameDay(at, now)) return format(language, clockParts).format(at);
  const otherYear = new Date(at).getFullYear() !== new Date(now).getFullYear();
  return format(language, {
    ...clockParts,
    day: "numeric",
    month: "short",
    ...(otherYear ? { year: "numeric" as const } : {}),
  }).format(at);
}

/** Everything, with the zone: shown on hover. */
export function fullTime(at: number, language: Language): string {
  return format(language, {
    year: "numeric",
    month: "long",
    day: "numeric",
    weekday: "short",
    ...clockParts,
    second: "2-digit",
    timeZoneName: "longOffset",
  }).format(at);
}

/** How long ago: 刚刚, 5 分钟前; just now, 5 min ago. */
export function ago(at: number, now: number, language: Language): string {
  const seconds = Math.max(0, Math.round((now - at) / 1000));
  if (seconds < 10) return language === "zh" ? "刚刚" : "just now";
  if (seconds < 60) return language === "zh" ? `${seconds} 秒前` : `${seconds} s ago`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return language === "zh" ? `${minutes} 分钟前` : `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return language === "zh" ? `${hours} 小时前` : `${hours} h ago`;
  const days = Math.floor(hours / 24);
  return language === "zh" ? `${days} 天前` : days === 1 ? "yesterday" : `${days} days ago`;
}

/** A span: 3 分 20 秒, 1 小时 5 分; 3 min 20 s, 1 h 5 min, 3 days 2 h. */
export function duration(ms: number, language: Language): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const unit =
    language === "zh"
      ? { s: " 秒", m: " 分", h: " 小时", d: " 天" }
      : { s: " s", m: " min", h: " h", d: seconds < 172_800 ? " day" : " days" };
  if (seconds < 60) return `${seconds}${unit.s}`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes}${unit.m}` : `${minutes}${unit.m} ${seconds % 60}${unit.s}`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours}${unit.h}` : `${hours}${unit.h} ${minutes % 60}${unit.m}`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? `${days}${unit.d}` : `${days}${unit.d} ${hours % 24}${unit.h}`;
}

/** A running clock as on a switchboard: 0:07, 12:30, 1:02:03. */
export function stopwatch(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** A latency: 84 ms, 640 ms, 1.24 s. */
export function latency(ms: number, language: Language): string {
  const [small, large] = language === "zh" ? [" 毫秒", " 秒"] : [" ms", " s"];
  if (ms < 1000) return `${ms < 10 && !Number.isInteger(ms) ? ms.toFixed(1) : Math.round(ms)}${small}`;
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)}${large}`;
}

/** Bytes in binary units with three digits: 980 B, 12.4 MiB. */
export function bytes(count: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

export function integer(value: number, language: Language): string {
  return value.toLocaleString(locale(language));
}

export function percent(fraction: number): string {
  return `${Math.round(fraction * 100)}%`;
}
