export * from "./accept.ts";
export * from "./dialog.ts";
export * from "./session-timer.ts";
