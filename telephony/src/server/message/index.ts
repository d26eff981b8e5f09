export * from "./essentials.ts";
export * from "./field.ts";
export * from "./header-name.ts";
export * from "./option-tags.ts";
export { parseMessage } from "./parse.ts";
export * from "./reason.ts";
export * from "./request-uri.ts";
export * from "./sip-message.ts";
export * from "./write.ts";
