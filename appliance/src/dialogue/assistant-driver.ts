import type { EmotionPolicySource } from "../emotion/emotion-policy-store.ts";
import type { Knowledge } from "../knowledge/knowledge-store.ts";
import { languageOf } from "../knowledge/language-of.ts";
import type { Assistant, CustomerTurn } from "./assistant.ts";
import { decide } from "./dialogue-machine.ts";

/** Longer texts are cut for understanding: what somebody wants stands at the beginning, and search must stay quick. */
const MAX_TEXT = 1000;

/** Joins knowledge, policy and machine. Stateless: what a conversation remembers comes with the turn and leaves with the decision. */
export function openAssistant(options: {
  readonly knowledge: Pick<Knowledge, "search" | "article" | "topics">;
  readonly policy: Pick<EmotionPolicySource, "current">;
}): Assistant {
  const { knowledge, policy } = options;
  return {
    answer: async (given) => {
      const turn: CustomerTurn = { ...given, text: given.text.slice(0, MAX_TEXT) };
      const language = turn.via === "digits" ? turn.language : languageOf(turn.text, turn.language);
      const before = turn.memory?.lastQuestion;
      const known = {
        language,
        matches: turn.via === "digits" ? [] : knowledge.search(turn.text, language),
        withBefore:
          turn.via === "digits" || before === undefined || languageOf(before, language) !== language
            ? []
            : knowledge.search(`${before} ${turn.text}`, language),
        article: knowledge.article,
        topics: knowledge.topics(language),
      };
      return decide(turn, known, policy.current());
    },
  };
}
