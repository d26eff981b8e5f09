/** What a browser may import: schemas and types, nothing of Node. */
export * from "./conversation.ts";
export * from "./http/call-codes.ts";
export * from "./http/call-trace.ts";
export * from "./http/common.ts";
export * from "./http/conversations.ts";
export * from "./http/customers.ts";
export * from "./http/identity.ts";
export * from "./http/knowledge.ts";
export * from "./http/live.ts";
export * from "./http/system.ts";
export * from "./http/telephony.ts";
export * from "./http/trunk.ts";
export * from "./http/trunk-templates.ts";
export * from "./http/trust.ts";
export * from "./http/web-chat.ts";
