/** How long a silence must last before an utterance counts as finished, given what its words so far look like. */
export interface EndpointConfig {
  /** Silence that ends an utterance about which nothing is known. */
  readonly silenceMs: number;
}

export type Completeness = "question" | "sentence" | "reply" | "open" | "number" | "unknown";

/** Words after which an English sentence goes on. */
const OPEN_WORDS = new Set(
  (
    "a an the and or but so because if when while that which who whose of to for from with without in on at by about into over " +
    "under between my your his her its our their this these those is are was were am be been being do does did can could will " +
    "would shall should may might must i'm i've i'd we're you're it's there's don't not very really um uh er hmm like also then " +
    "than as until since i we they he she it's what how where why"
  ).split(" "),
);

/** Whole replies of one or two words: nothing follows them. */
const REPLIES = new Set([
  "yes",
  "no",
  "yeah",
  "yep",
  "nope",
  "okay",
  "ok",
  "sure",
  "right",
  "correct",
  "exactly",
  "hello",
  "hi",
  "goodbye",
  "bye",
  "thanks",
  "thank you",
  "no thanks",
  "no thank you",
  "yes please",
  "agent",
  "operator",
  "help",
  "stop",
  "cancel",
  "repeat",
  "that's all",
  "bye bye",
  "goodbye now",
]);

const NUMBER_WORD =
  /^(?:\d[\d,.-]*|zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|double|triple|hundred|thousand)$/;

const ENOUGH_CONFIDENCE = 0.6;

/** What the text of an utterance so far looks like. */
export function completeness(text: string, confidence: number): Completeness {
  const trimmed = text.trim();
  const words = trimmed
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}' ,.-]/gu, " ")
    .split(/\s+/)
    .map((word) => word.replaceAll(/^[,.'-]+|[,.'-]+$/g, ""))
    .filter(Boolean);
  const last = words.at(-1);
  if (last === undefined || confidence < ENOUGH_CONFIDENCE) return "unknown";
  if (trimmed.endsWith("?") && words.length >= 3) return "question";
  if (/[,:;…-]$|\.\.\.$/.test(trimmed) || OPEN_WORDS.has(last)) return "open";
  if (words.slice(-2).every((word) => NUMBER_WORD.test(word))) return "number";
  if (REPLIES.has(words.join(" "))) return "reply";
  if (words.length < 3) return "unknown";
  if (/[.!]$/.test(trimmed)) return "sentence";
  return "unknown";
}

/** Share of the configured silence that each kind needs. */
const SHARE: Record<Completeness, number> = {
  question: 0.6,
  sentence: 0.68,
  reply: 0.75,
  unknown: 1,
  number: 1.8,
  open: 2,
};
const SHORTEST_MS = 200;

export function requiredSilenceMs(kind: Completeness, config: EndpointConfig): number {
  return Math.max(SHORTEST_MS, Math.round(config.silenceMs * SHARE[kind]));
}
