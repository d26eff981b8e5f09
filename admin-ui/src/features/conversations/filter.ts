import type { ConversationSummary } from "@intramuros/contracts/browser";

export interface LiveFilter {
  readonly words: string;
  readonly handler: string;
  readonly mood: string;
  readonly medium: string;
}

/** Which live rows are shown. Words are looked for in name, number (with or without spaces) and last words. */
export function fits(row: ConversationSummary, filter: LiveFilter): boolean {
  if (filter.handler !== "" && row.handler !== filter.handler) return false;
  if (filter.medium !== "" && row.medium !== filter.medium) return false;
  if (filter.mood !== "") {
    const mood = row.mood === undefined || row.mood.abstained ? "unsure" : row.mood.label;
    if (mood !== filter.mood) return false;
  }
  const words = filter.words.trim().toLowerCase();
  if (words === "") return true;
  const texts = [
    row.customerName,
    row.address,
    row.lastText,
    row.agentName ?? "",
    row.queueName ?? "",
    row.callId ?? "",
  ];
  if (texts.some((text) => text.toLowerCase().includes(words))) return true;
  const digits = words.replaceAll(/[ ()-]/g, "");
  return /^\+?\d+$/.test(digits) && row.address.includes(digits);
}
