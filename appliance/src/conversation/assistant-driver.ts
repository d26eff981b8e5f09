import type { Logger } from "@intramuros/contracts";
import type { Assistant, AssistantDecision, CustomerTurn } from "../dialogue/assistant.ts";
import { fallbackDecision } from "./turn.ts";

/** A caller waits for the first word of the answer: what takes longer than this is no answer any more. */
const DECISION_MS = 2_000;

/** The assistant's decision, or a hand-over when it fails or takes too long. Never rejects. */
export async function decide(
  deps: { readonly assistant: Assistant; readonly log: Logger },
  turn: CustomerTurn,
): Promise<AssistantDecision> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("the assistant took too long")), DECISION_MS);
  });
  try {
    return await Promise.race([deps.assistant.answer(turn), late]);
  } catch (error) {
    deps.log.error({ err: error }, "the assistant could not answer; a person is asked for");
    return fallbackDecision(turn);
  } finally {
    clearTimeout(timer);
  }
}
