/** Ids are strings with a brand, so that one cannot be passed for another. They are made with `newId` where a driver needs one. */
declare const brand: unique symbol;
type Branded<B extends string> = string & { readonly [brand]: B };

export type ConversationId = Branded<"ConversationId">;
export type ContactId = Branded<"ContactId">;
export type CustomerId = Branded<"CustomerId">;
export type CallId = Branded<"CallId">;
export type LegId = Branded<"LegId">;
export type TrunkId = Branded<"TrunkId">;
export type NumberId = Branded<"NumberId">;
export type FlowId = Branded<"FlowId">;
export type QueueId = Branded<"QueueId">;
export type PhoneId = Branded<"PhoneId">;
export type ArticleId = Branded<"ArticleId">;
export type TaskId = Branded<"TaskId">;
export type UserId = Branded<"UserId">;

/** Says that a string from outside is an id of kind `T`; the door that calls it has checked the shape. */
export const asId = <T extends Branded<string>>(text: string): T => text as T;
