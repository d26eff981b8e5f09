export * from "./ack.ts";
export * from "./client.ts";
export * from "./invite-client.ts";
export * from "./invite-server.ts";
export * from "./server.ts";
export * from "./timers.ts";
