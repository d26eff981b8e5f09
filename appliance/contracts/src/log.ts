import pino from "pino";
import type { Config } from "./config.ts";

export type Logger = pino.Logger;

/** One JSON line an event on standard output; the supervisor puts it in `logs/`. Messages are constant text, values go in fields. */
export function openLog(
  process: "sip" | "telephony" | "inference" | "appliance",
  level: Config["log"]["level"],
): Logger {
  return pino({
    level,
    base: { process },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  });
}
