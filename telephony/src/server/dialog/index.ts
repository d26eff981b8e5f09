export * from "./accept.ts";
export * from "./dialog.ts";
