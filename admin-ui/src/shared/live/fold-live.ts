import type { ConversationDetail, ConversationEvent, ConversationSummary } from "@intramuros/contracts/browser";

/** How live messages change what the console holds. Values in, values out; live-client.ts performs it on the query cache. */

/** A live list with one conversation told anew. Rows keep their place; new ones come on top; ended ones stay until the list is loaded again. */
export function foldSummary(
  list: readonly ConversationSummary[],
  summary: ConversationSummary,
): readonly ConversationSummary[] {
  const place = list.findIndex((row) => row.id === summary.id);
  if (place === -1) return summary.state === "live" ? [summary, ...list] : list;
  const known = list[place];
  if (known !== undefined && known.updatedAt > summary.updatedAt) return list;
  return list.with(place, summary);
}

/** A page list (history) only changes the rows it already shows. */
export function replaceSummary(
  list: readonly ConversationSummary[],
  summary: ConversationSummary,
): readonly ConversationSummary[] {
  const place = list.findIndex((row) => row.id === summary.id);
  if (place === -1) return list;
  return list.with(place, summary);
}

export type EventFold =
  | { readonly type: "folded"; readonly detail: ConversationDetail }
  | { readonly type: "known" }
  /** Events between are missing: the conversation has to be loaded again. */
  | { readonly type: "gap" };

/** A conversation with one event more. Events come once each and in order, or are asked for again. */
export function foldEvent(detail: ConversationDetail, event: ConversationEvent): EventFold {
  const last = detail.events.at(-1)?.seq ?? 0;
  if (event.seq <= last) return { type: "known" };
  if (event.seq !== last + 1) return { type: "gap" };
  return { type: "folded", detail: { ...detail, events: [...detail.events, event] } };
}

/** Words heard so far in an utterance that has not ended. */
export interface Partial {
  readonly text: string;
  readonly language: string;
}

/** Once the customer's sentence stands in the transcript, its partial words are dropped. */
export function partialAfter(event: ConversationEvent, partial: Partial | null): Partial | null {
  switch (event.body.type) {
    case "customer-said":
    case "contact-ended":
    case "ended":
      return null;
    default:
      return partial;
  }
}

/** Query keys to load again when the appliance says that a list has changed. */
export function keysOfChange(what: string): readonly (readonly string[])[] {
  switch (what) {
    case "trunks":
    case "numbers":
    case "flows":
    case "queues":
    case "phones":
    case "calendars":
    case "trunk-status":
      return [["telephony", what]];
    case "tasks":
      return [["tasks"], ["overview"]];
    case "articles":
      // one that is open in the editor is not loaded anew under the hands of who edits it
      return [["articles", "list"]];
    case "models":
      return [["models"], ["system"]];
    case "audit":
      return [["audit"]];
    case "customers":
      return [["customers"]];
    default:
      return [[what]];
  }
}
