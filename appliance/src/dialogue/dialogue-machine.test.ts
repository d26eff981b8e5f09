import type { Article, EmotionLabel, EmotionScore, Language } from "@intramuros/contracts";
import { describe, expect, test } from "vitest";
import { CALM_RATE, DEFAULT_POLICY } from "../emotion/apply-policy.ts";
import type { Match } from "../knowledge/search-index.ts";
import type { AssistantDecision, CustomerTurn } from "./assistant.ts";
import { answerFor, decide, type Known } from "./dialogue-machine.ts";
import { PHRASES_EN } from "./phrases-en.ts";
import { PHRASES_ZH } from "./phrases-zh.ts";

const article = (id: string, more: Partial<Article> = {}): Article => ({
  id,
  title: `Title ${id}`,
  language: "en",
  questions: [`question ${id}`],
  answer: `Written ${id}.`,
  spokenAnswer: `Spoken ${id}.`,
  tags: [],
  enabled: true,
  seed: false,
  updatedAt: 0,
  updatedBy: "",
  ...more,
});
const ARTICLES = new Map([article("a"), article("b"), article("c", { enabled: false })].map((one) => [one.id, one]));
const match = (articleId: string, score: number): Match => ({
  articleId,
  title: `Title ${articleId}`,
  question: "",
  score,
  terms: [],
});

const feeling = (label: EmotionLabel, probability: number, abstained = false): EmotionScore => ({
  label,
  probabilities: { [label]: probability },
  intensity: 0,
  abstained,
  evidence: [],
  source: "text",
  modelId: "m",
  modelVersion: "1",
  modelSha256: "0",
});

interface Line extends Partial<CustomerTurn> {
  readonly found?: readonly Match[];
  /** What is found together with the question before. */
  readonly together?: readonly Match[];
  readonly mood?: EmotionScore;
}
/** A whole conversation: each line is a turn, with what the knowledge would find for it. */
function talk(lines: readonly Line[], language: Language = "en"): AssistantDecision[] {
  const decisions: AssistantDecision[] = [];
  for (const { found = [], together = [], mood, ...line } of lines) {
    const turn: CustomerTurn = {
      medium: "phone",
      text: "",
      via: "speech",
      language,
      confidence: 0.9,
      emotion: mood ?? null,
      memory: decisions.at(-1)?.memory ?? null,
      customerName: "",
      ...line,
    };
    const known: Known = {
      language,
      matches: found,
      withBefore: together,
      article: (id) => ARTICLES.get(id),
      topics: ["cards", "loans"],
    };
    decisions.push(decide(turn, known, DEFAULT_POLICY));
  }
  return decisions;
}
const last = (lines: readonly Line[], language: Language = "en"): AssistantDecision => talk(lines, language).at(-1)!;

const CLEAR: Line = { text: "question a", found: [match("a", 0.95), match("b", 0.4)] };
const CLOSE: Line = { text: "question", found: [match("a", 0.8), match("b", 0.79)] };
const UNKNOWN: Line = { text: "question nobody knows", found: [match("a", 0.2)] };

describe("answers", () => {
  test("the phone says the spoken answer, the chat shows the written one", () => {
    expect(last([CLEAR])).toMatchObject({
      text: "Spoken a.",
      reason: "answer",
      articleId: "a",
      score: 0.95,
      rate: 1,
      then: "listen",
      policy: null,
      memory: { at: "open", lastArticleId: "a", noMatches: 0 },
    });
    expect(last([{ ...CLEAR, medium: "web-chat", via: "text" }]).text).toBe("Written a.");
  });

  test("a written answer without a spoken one is spoken without its marks", () => {
    const written = { answer: "**Bring**:\n\n- your [card](https://x)\n- `id`\n", spokenAnswer: " " };
    expect(answerFor(written, "phone")).toBe("Bring: your card id");
    expect(answerFor(written, "web-chat")).toBe(written.answer);
  });

  test("below the threshold nothing is guessed", () => {
    expect(last([UNKNOWN])).toMatchObject({ reason: "no-match", articleId: null, score: null, then: "listen" });
    expect(last([{ text: "x", found: [match("c", 0.99)] }])).toMatchObject({ reason: "no-match", articleId: null });
  });

  test("an answer makes earlier misunderstandings forgotten", () => {
    expect(last([UNKNOWN, UNKNOWN, CLEAR]).memory.noMatches).toBe(0);
    expect(last([UNKNOWN, CLEAR, UNKNOWN])).toMatchObject({ reason: "no-match", then: "listen" });
  });
});

describe("asking which is meant", () => {
  test("two close articles are both offered, and either may be chosen", () => {
    expect(last([CLOSE])).toMatchObject({
      reason: "clarify",
      memory: { at: "choosing", choices: [{ articleId: "a" }, { articleId: "b" }] },
    });
    expect(last([CLOSE]).text).toMatch(/Title a.*Title b/);
    expect(last([CLOSE, { text: "the first one" }])).toMatchObject({ reason: "answer", articleId: "a" });
    expect(last([CLOSE, { text: "2", via: "digits" }])).toMatchObject({ reason: "answer", articleId: "b" });
    expect(last([CLOSE, { text: "question b", found: [match("b", 0.97)] }])).toMatchObject({ articleId: "b" });
  });

  test("yes to two is asked again, yes to one is an answer", () => {
    expect(last([CLOSE, { text: "yes" }])).toMatchObject({ reason: "clarify", memory: { at: "choosing" } });
    const one = { text: "question", found: [match("a", 0.5)] };
    expect(last([one]).memory.choices).toHaveLength(1);
    expect(last([one, { text: "yes" }])).toMatchObject({ reason: "answer", articleId: "a" });
    expect(last([one, { text: "second" }])).toMatchObject({ reason: "no-match" });
  });

  test("no offers a person; asking three times in a circle does not happen", () => {
    expect(last([CLOSE, { text: "neither" }])).toMatchObject({ reason: "offer-person" });
    expect(last([CLOSE, { text: "no" }, { text: "yes" }])).toMatchObject({
      then: "handoff",
      handoffReason: "not-understood",
    });
    const circle = talk([CLOSE, CLOSE, CLOSE, CLOSE, CLOSE]);
    expect(circle.some((decision) => decision.reason === "offer-person" || decision.then === "handoff")).toBe(true);
  });
});

describe("a question that needs the one before", () => {
  const vague: Line = { text: "card", found: [match("a", 0.8), match("b", 0.79), match("c", 0.78)] };
  const more: Line = { text: "the fee", found: [match("b", 0.5), match("a", 0.5)], together: [match("a", 0.9)] };

  test("words that fit many articles are asked back with three examples", () => {
    expect(last([vague])).toMatchObject({ reason: "clarify", memory: { at: "choosing", lastQuestion: "card" } });
    expect(last([vague]).memory.choices).toHaveLength(3);
    expect(last([vague, { text: "yes" }]).text).toMatch(/first, .*second, .*third, /);
  });

  test("the next words are added to it, and answer", () => {
    expect(last([vague, more])).toMatchObject({
      reason: "answer",
      articleId: "a",
      memory: { lastQuestion: "card the fee" },
    });
  });

  test("after an answer it is confirmed first", () => {
    expect(last([CLEAR, more])).toMatchObject({ reason: "clarify", memory: { choices: [{ articleId: "a" }] } });
    expect(last([CLEAR, more, { text: "yes" }])).toMatchObject({ reason: "answer", articleId: "a" });
  });

  test("an article that has nothing of the new words is not taken", () => {
    const other: Line = { text: "the weather", found: [], together: [match("a", 0.9)] };
    expect(last([CLEAR, other])).toMatchObject({ reason: "no-match" });
  });
});

describe("not understood", () => {
  test("first asks back, then offers a person, then hands over", () => {
    expect(
      talk([UNKNOWN, UNKNOWN, UNKNOWN]).map(({ reason, then, handoffReason }) => [reason, then, handoffReason]),
    ).toEqual([
      ["no-match", "listen", null],
      ["offer-person", "listen", null],
      ["handoff", "handoff", "not-understood"],
    ]);
  });

  test("nothing heard counts as well, with other words", () => {
    const [first, second, third] = talk([{}, {}, {}]);
    expect(PHRASES_EN.notHeard).toContain(first!.text);
    expect(second!.reason).toBe("offer-person");
    expect(third!.handoffReason).toBe("not-understood");
  });

  test("after the offer a no goes on, and a question is still a question", () => {
    expect(last([UNKNOWN, UNKNOWN, { text: "no" }])).toMatchObject({ reason: "small-talk", memory: { at: "open" } });
    expect(last([UNKNOWN, UNKNOWN, CLEAR])).toMatchObject({ reason: "answer", articleId: "a" });
  });

  test("help names what it knows", () => {
    expect(last([UNKNOWN]).text).toContain("cards or loans");
    expect(last([{ text: "你能做什么" }], "zh").text).toContain("cards、loans");
  });
});

describe("a person", () => {
  test.each([
    ["agent please", "speech", "en"],
    ["I want to talk to a human", "text", "en"],
    ["0", "digits", "en"],
    ["转人工", "speech", "zh"],
    ["我要人工服务", "text", "zh"],
    ["0", "digits", "zh"],
  ] as const)("%s (%s) hands over at once, whatever was going on", (text, via, language) => {
    for (const before of [[], [CLEAR], [CLOSE], [UNKNOWN, UNKNOWN], [CLEAR, { text: "thanks" }]]) {
      expect(last([...before, { text, via }], language)).toMatchObject({
        reason: "handoff",
        then: "handoff",
        handoffReason: "asked",
      });
    }
  });

  test("a complaint is offered a person, and a yes says that it is a complaint", () => {
    const said = talk([{ text: "I want to complain" }, { text: "yes please" }]);
    expect(said[0]).toMatchObject({ reason: "offer-person", memory: { at: "confirming-handoff" } });
    expect(said[1]).toMatchObject({ then: "handoff", handoffReason: "complaint" });
  });

  test("an upset question is answered and a person offered", () => {
    const upset: Line = { text: "this is ridiculous, question a", found: [match("a", 0.9)] };
    expect(last([upset])).toMatchObject({ reason: "answer", articleId: "a", memory: { at: "confirming-handoff" } });
    expect(last([upset]).text).toMatch(/^Spoken a\. .+\?$/);
    expect(last([upset, { text: "yes" }])).toMatchObject({ then: "handoff", handoffReason: "complaint" });
  });
});

test("a yes with words around it is a yes after our question, and nothing by itself elsewhere", () => {
  expect(last([UNKNOWN, UNKNOWN, { text: "yes that would make me happy" }])).toMatchObject({ then: "handoff" });
  expect(last([UNKNOWN, UNKNOWN, { text: "不用那么麻烦" }], "zh")).toMatchObject({
    then: "listen",
    reason: "small-talk",
  });
  expect(last([UNKNOWN, UNKNOWN, { ...CLEAR, text: "no, question a" }])).toMatchObject({ articleId: "a" });
  expect(last([{ text: "yes that would make me happy" }])).toMatchObject({ reason: "no-match" });
});

describe("small talk", () => {
  test("it says that it is an AI assistant", () => {
    expect(last([{ text: "are you a robot?" }])).toMatchObject({ reason: "small-talk" });
    expect(last([{ text: "are you a robot?" }]).text).toContain("AI assistant");
    expect(last([{ text: "你是真人吗" }], "zh").text).toContain("人工智能");
  });

  test("thanks, anything else, no, goodbye", () => {
    const said = talk([CLEAR, { text: "thanks" }, { text: "no" }]);
    expect(said.map(({ reason }) => reason)).toEqual(["answer", "small-talk", "goodbye"]);
    expect(said.at(-1)).toMatchObject({ then: "hang-up" });
    expect(last([CLEAR, { text: "thanks" }, { text: "yes" }])).toMatchObject({
      then: "listen",
      memory: { at: "open" },
    });
  });

  test("a no out of nowhere does not hang up", () => {
    expect(last([CLEAR, { text: "no" }])).toMatchObject({ then: "listen", memory: { at: "confirming-goodbye" } });
  });

  test("say that again says the same words, and leaves the question open", () => {
    expect(last([CLEAR, { text: "say that again" }])).toMatchObject({
      text: "Spoken a.",
      reason: "answer",
      articleId: "a",
    });
    const said = talk([CLOSE, { text: "pardon" }, { text: "first" }]);
    expect(said[1]!.text).toBe(said[0]!.text);
    expect(said[2]).toMatchObject({ articleId: "a" });
    expect(last([{ text: "again" }])).toMatchObject({ reason: "small-talk" });
  });

  test("the same phrase is not said twice in a row where there is another", () => {
    const [first, second] = talk([{ text: "hello" }, { text: "hello" }]);
    expect(first!.text).not.toBe(second!.text);
  });
});

describe("moods", () => {
  test("angry once: a calmer voice, a kind word, the answer, and the offer of a person", () => {
    const said = last([{ ...CLEAR, mood: feeling("angry", 0.7) }]);
    expect(said).toMatchObject({
      reason: "answer",
      rate: CALM_RATE,
      then: "listen",
      policy: { rule: "angry", action: "offer-person", emotion: "angry" },
      memory: { at: "confirming-handoff", personOffered: true },
    });
    expect(said.text).toMatch(/^I am sorry .+ Spoken a\. .+\?$/);
    expect(last([{ ...CLEAR, mood: feeling("angry", 0.7) }, { text: "yes" }])).toMatchObject({
      then: "handoff",
      handoffReason: "angry",
    });
  });

  test("angry twice in a row, or very angry once, hands over even when an article would answer", () => {
    const angry: Line = { ...CLEAR, mood: feeling("angry", 0.7) };
    expect(last([angry, angry])).toMatchObject({
      reason: "handoff",
      then: "handoff",
      handoffReason: "angry",
      articleId: null,
      policy: { rule: "angry-again", action: "handoff" },
    });
    expect(last([{ ...CLEAR, mood: feeling("angry", 0.9) }])).toMatchObject({ handoffReason: "angry" });
    expect(last([angry, { ...CLEAR, mood: feeling("neutral", 0.9) }, angry])).toMatchObject({ then: "listen" });
  });

  test("an angry message without a question is offered a person", () => {
    expect(last([{ ...UNKNOWN, mood: feeling("angry", 0.7) }])).toMatchObject({
      reason: "offer-person",
      memory: { at: "confirming-handoff", offeredFor: "angry", noMatches: 1 },
    });
  });

  test("anxious: calmed once, offered once", () => {
    const anxious: Line = { ...CLEAR, mood: feeling("anxious", 0.8) };
    const [first, second] = talk([anxious, anxious]);
    expect(first!.text).toMatch(/^Please don't worry/);
    expect(first!.memory.personOffered).toBe(true);
    expect(second).toMatchObject({ text: "Spoken a.", rate: CALM_RATE, policy: { rule: "anxious", action: "none" } });
  });

  test("a score that abstained does nothing, and neither does no score after an angry one", () => {
    expect(last([{ ...CLEAR, mood: feeling("angry", 0.99, true) }])).toMatchObject({
      rate: 1,
      policy: null,
      text: "Spoken a.",
    });
    expect(last([{ ...CLEAR, mood: feeling("angry", 0.7) }, CLEAR])).toMatchObject({
      rate: 1,
      policy: null,
      text: "Spoken a.",
    });
  });

  test("who says goodbye is let go, however angry", () => {
    expect(last([{ text: "goodbye", mood: feeling("angry", 0.99) }])).toMatchObject({
      then: "hang-up",
      policy: { action: "none" },
    });
  });

  test("who asks for a person is handed over for having asked", () => {
    expect(last([{ text: "agent", mood: feeling("angry", 0.99) }])).toMatchObject({ handoffReason: "asked" });
  });

  test("Mandarin is calmed in Mandarin", () => {
    expect(last([{ ...CLEAR, mood: feeling("anxious", 0.8) }], "zh").text).toMatch(/^您别着急.*Spoken a\..*转接人工/);
  });
});

test("both languages have every phrase, and none of them is empty", () => {
  expect(Object.keys(PHRASES_ZH).toSorted()).toEqual(Object.keys(PHRASES_EN).toSorted());
  for (const phrases of [PHRASES_EN, PHRASES_ZH]) {
    for (const given of Object.values(phrases)) {
      const forms =
        typeof given === "function" ? (given as (...args: unknown[]) => readonly string[])(["x", "y"], ["z"]) : given;
      expect(forms.length).toBeGreaterThan(0);
      for (const form of forms) expect(form.trim()).not.toBe("");
    }
  }
});
