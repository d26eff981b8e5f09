import type { Phrases } from "./phrases.ts";

const list = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} or ${items.at(-1)}`;
const quoted = (title: string): string => `“${title}”`;

/** Everything that the assistant says by itself in English. Several forms of one phrase are taken in turn, not at random. */
export const PHRASES_EN: Phrases = {
  greeting: ["Hello, how can I help you?", "Hello! What can I do for you?"],
  howAreYou: ["I'm well, thank you. What can I do for you?"],
  whoAreYou: [
    "I'm the bank's AI assistant, a computer program. I can answer questions about our services, and I can connect you with a colleague at any time.",
  ],
  thanks: [
    "You're welcome. Is there anything else I can do for you?",
    "My pleasure. Is there anything else you would like to know?",
  ],
  anythingElse: ["Is there anything else I can do for you?"],
  goAhead: ["Please go ahead, what would you like to know?", "Of course. What is your question?"],
  help: (topics) => [
    topics.length === 0
      ? "Please ask me your question in your own words, or say “agent” to reach a colleague."
      : `You can ask me about ${list(topics)}, in your own words. If you would rather speak to a colleague, just say “agent”.`,
  ],
  goodbye: ["Thank you for getting in touch. Goodbye!", "Thank you, and have a good day. Goodbye!"],
  notHeard: [
    "I'm sorry, I didn't catch that. Could you say it again, please?",
    "Sorry, I couldn't make that out. Could you say it once more?",
  ],
  notKnown: (topics) => [
    topics.length === 0
      ? "I'm not sure I have the right answer to that. Could you put it another way?"
      : `I'm not sure I have the right answer to that. Could you put it another way? I know about ${list(topics)}, for example.`,
  ],
  offerPerson: [
    "I don't have a reliable answer to that. Shall I connect you with a colleague?",
    "I don't want to tell you anything wrong. Would you like me to connect you with a colleague?",
  ],
  offerAfterAnswer: ["Would you also like to speak to a colleague?"],
  offerInMood: ["Shall I connect you with a colleague, or would you like to tell me what happened?"],
  offerForComplaint: [
    "I'm sorry that you are not satisfied. A colleague can take your complaint right away. Shall I connect you?",
  ],
  stillHere: ["All right, I'm still here to help. What would you like to know?"],
  handoff: [
    "I'll connect you with a colleague now. They can see what we have talked about, so you won't have to repeat it.",
    "Of course, I'm connecting you with a colleague. They can see our conversation.",
  ],
  handoffNotUnderstood: ["I can't answer that reliably, so I'll connect you with a colleague who can help."],
  clarifyOne: (title) => [`Just to be sure, is your question about ${quoted(title)}?`],
  clarifyTwo: (first, second) => [
    `Do you mean ${quoted(first)} or ${quoted(second)}?`,
    `Is your question about ${quoted(first)} or about ${quoted(second)}?`,
  ],
  clarifyMany: (titles) => [
    `What would you like to know about it? For example ${list(titles.map(quoted))}.`,
    `Could you tell me a little more? Is it about ${list(titles.map(quoted))}, or something else?`,
  ],
  whichOne: (titles) => [
    `Which one do you mean: ${titles.map((title, at) => `${["first", "second", "third"][at]}, ${quoted(title)}`).join("; ")}?`,
  ],
  nothingToRepeat: ["I'm the bank's AI assistant. What would you like to know?"],
};
