export * from "./forward.ts";
export * from "./search.ts";
