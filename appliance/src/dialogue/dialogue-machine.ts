import { type Article, type EmotionPolicy, type Language, type Medium, unreachable } from "@intramuros/contracts";
import { applyPolicy, type Mood, type PolicyEffect, rememberMood } from "../emotion/apply-policy.ts";
import { judgeInContext, type Verdict } from "../knowledge/judge.ts";
import type { Match } from "../knowledge/search-index.ts";
import type { AssistantDecision, CustomerTurn, DialogueMemory } from "./assistant.ts";
import { type Cue, cueOf, leadOf } from "./cues.ts";
import { formOf, PHRASES, type Phrases } from "./phrases.ts";

/*
 * at                  input                        does                                         then at
 * ------------------  ---------------------------  -------------------------------------------  --------------------
 * any                 person, key 0                hands over: asked                            open
 * any                 repeat                       says the last words again                    the same
 * any                 goodbye, nothing else        says goodbye, hangs up                       open
 * any                 greeting, who, how, help     small talk                                   open
 * any                 complaint                    offers a person                              confirming-handoff
 * any                 question, answered           answers                                      open
 * any                 question, answered, upset    answers, offers a person                     confirming-handoff
 * any                 question, unclear            asks which article is meant                  choosing
 * any                 question unknown, nothing    1st asks back, 2nd offers a person,          open, confirming-handoff,
 *                                                  3rd hands over: not-understood               open
 * open                yes, no, no person           asks what it can do, or what else            open, confirming-goodbye
 * open                thanks                       asks what else it can do                     confirming-goodbye
 * choosing            first to third, yes to one   answers                                      open
 * choosing            yes to several               asks which                                   choosing
 * choosing            no                           offers a person                              confirming-handoff
 * confirming-handoff  yes, thanks                  hands over: for what it was offered          open
 * confirming-handoff  no, no person                asks what it can do                          open
 * confirming-goodbye  no, thanks                   says goodbye, hangs up                       open
 * confirming-goodbye  yes                          asks for the question                        open
 *
 * A question that does not stand by itself is looked at together with the one before: while choosing it then answers, otherwise
 * what both seem to mean is confirmed.
 *
 * The emotion policy is applied last, on whatever was decided: a calming prefix and a calmer voice, an offer of a person, or the
 * hand-over itself (never instead of a goodbye). The machine waits for nothing by itself: silence comes from the call as a turn.
 */

/** What the knowledge says about a turn. `language` is the one that the customer used. */
export interface Known {
  readonly language: Language;
  readonly matches: readonly Match[];
  /** The same for the question before and this one together; empty when there was none. */
  readonly withBefore: readonly Match[];
  readonly article: (id: string) => Article | undefined;
  readonly topics: readonly string[];
}

/** What the customer's turn is taken for. */
type Input =
  | { readonly type: "nothing" }
  | { readonly type: "cue"; readonly cue: Exclude<Cue, "complaint" | "upset"> }
  | { readonly type: "complaint" }
  | {
      readonly type: "question";
      readonly verdict: Verdict;
      readonly upset: boolean;
      /** The verdict needed the question before. */
      readonly fromContext: boolean;
    };

/** A decision before the mood is taken into account. */
interface Draft {
  readonly text: string;
  readonly reason: AssistantDecision["reason"];
  readonly at: DialogueMemory["at"];
  readonly next?: AssistantDecision["then"];
  readonly articleId?: string;
  readonly score?: number;
  readonly choices?: DialogueMemory["choices"];
  readonly noMatches?: number;
  readonly handoffReason?: string;
  /** Set when this turn offers a person, and why. */
  readonly offeredFor?: string;
}

interface Scene {
  readonly turn: CustomerTurn;
  readonly known: Known;
  readonly memory: DialogueMemory;
  readonly phrases: Phrases;
}

export const FIRST_MEMORY: DialogueMemory = {
  at: "open",
  choices: [],
  noMatches: 0,
  lastArticleId: null,
  personOffered: false,
  recentEmotions: [],
};

/** One turn of the customer in, one decision out. The same turn with the same knowledge always leads to the same decision. */
export function decide(turn: CustomerTurn, known: Known, policy: EmotionPolicy): AssistantDecision {
  const memory = turn.memory ?? FIRST_MEMORY;
  const scene: Scene = { turn, known, memory, phrases: PHRASES[known.language] };
  const moods = rememberMood(memory.recentEmotions, turn.emotion);
  const effect = moods === memory.recentEmotions ? null : applyPolicy(policy, moods, known.language);
  const saidBefore = effect !== null && applyPolicy(policy, moods.slice(1), known.language)?.rule === effect.rule;
  const input = inputOf(turn, known);
  const draft = reply(scene, input);
  const felt = effect === null ? draft : inMood(scene, draft, effect);
  const prefix = effect === null || (saidBefore && felt.next !== "handoff") ? "" : effect.prefix;
  return decisionOf({ scene, input, draft: felt, moods, effect, prefix });
}

function inputOf(turn: CustomerTurn, known: Known): Input {
  const text = turn.text.trim();
  if (text === "") return { type: "nothing" };
  if (turn.via === "digits") {
    const cue =
      text === "0" ? "person" : text === "1" ? "first" : text === "2" ? "second" : text === "3" ? "third" : "help";
    return { type: "cue", cue };
  }
  const cue = cueOf(text, known.language);
  if (cue === "complaint") return { type: "complaint" };
  if (cue !== null && cue !== "upset") return { type: "cue", cue };
  const { verdict, fromContext } = judgeInContext(known.matches, known.withBefore, turn.confidence);
  const asked = turn.memory !== null && turn.memory.at !== "open";
  const lead = asked && verdict.kind === "none" && cue === null ? leadOf(text, known.language) : null;
  return lead === null
    ? { type: "question", verdict, upset: cue === "upset", fromContext }
    : { type: "cue", cue: lead };
}

function reply(scene: Scene, input: Input): Draft {
  switch (input.type) {
    case "nothing":
      return noMatch(scene, "nothing");
    case "complaint":
      return offer(scene, scene.phrases.offerForComplaint, "complaint");
    case "question":
      return toQuestion(scene, input);
    case "cue":
      return toCue(scene, input.cue);
  }
}

function toCue(scene: Scene, cue: Exclude<Cue, "complaint" | "upset">): Draft {
  const { memory, phrases, known } = scene;
  switch (cue) {
    case "person":
      return handoff(scene, phrases.handoff, "asked");
    case "repeat":
      return again(scene);
    case "goodbye":
    case "nothing-else":
      return goodbye(scene);
    case "greeting":
      return smallTalk(scene, phrases.greeting);
    case "how-are-you":
      return smallTalk(scene, phrases.howAreYou);
    case "who-are-you":
      return smallTalk(scene, phrases.whoAreYou);
    case "help":
      return smallTalk(scene, phrases.help(known.topics));
    case "thanks":
      if (memory.at === "confirming-handoff") return accepted(scene);
      return memory.at === "confirming-goodbye" ? goodbye(scene) : whatElse(scene, phrases.thanks);
    case "first":
      return choose(scene, 0);
    case "second":
      return choose(scene, 1);
    case "third":
      return choose(scene, 2);
    case "yes":
      return toYes(scene);
    case "no":
    case "no-person":
      return toNo(scene);
  }
}

function toYes(scene: Scene): Draft {
  const { memory, phrases } = scene;
  switch (memory.at) {
    case "choosing": {
      if (memory.choices.length === 1) return choose(scene, 0);
      if (memory.choices.length === 0) return smallTalk(scene, phrases.goAhead);
      const titles = memory.choices.map(({ title }) => title);
      return { text: say(scene, phrases.whichOne(titles)), reason: "clarify", at: "choosing", choices: memory.choices };
    }
    case "confirming-handoff":
      return accepted(scene);
    case "confirming-goodbye":
      return smallTalk(scene, phrases.goAhead);
    case "open":
      return memory.lastArticleId === null ? smallTalk(scene, phrases.goAhead) : whatElse(scene, phrases.anythingElse);
  }
}

function toNo(scene: Scene): Draft {
  const { memory, phrases } = scene;
  switch (memory.at) {
    case "choosing":
      return { ...offer(scene, phrases.offerPerson, "not-understood"), noMatches: 2 };
    case "confirming-handoff":
      return smallTalk(scene, phrases.stillHere);
    case "confirming-goodbye":
      return goodbye(scene);
    case "open":
      return whatElse(scene, phrases.anythingElse);
  }
}

function toQuestion(scene: Scene, input: Extract<Input, { type: "question" }>): Draft {
  const { phrases, memory } = scene;
  const { verdict, upset } = input;
  switch (verdict.kind) {
    case "answer": {
      // After an answer the words before may have nothing to do with these: what they seem to mean together is confirmed first.
      if (input.fromContext && memory.at !== "choosing") return clarify(scene, [verdict.match]);
      const given = answer(scene, verdict.match.articleId, verdict.match.score);
      if (given === null) return noMatch(scene, "unknown");
      if (!upset) return given;
      return { ...given, ...withOffer(scene, given.text), offeredFor: "complaint" };
    }
    case "clarify":
      if (upset) return offer(scene, phrases.offerForComplaint, "complaint");
      if (memory.at === "choosing" && memory.noMatches >= 1) return noMatch(scene, "unknown");
      return clarify(scene, verdict.matches);
    case "none":
      return upset ? offer(scene, phrases.offerForComplaint, "complaint") : noMatch(scene, "unknown");
  }
}

function clarify(scene: Scene, matches: readonly [Match, ...Match[]]): Draft {
  const { memory } = scene;
  const choices = matches.map(({ articleId, title }) => ({ articleId, title }));
  return {
    text: whichText(scene, choices),
    reason: "clarify",
    at: "choosing",
    score: matches[0].score,
    choices,
    noMatches: memory.at === "choosing" ? memory.noMatches + 1 : memory.noMatches,
  };
}

function whichText(scene: Scene, choices: DialogueMemory["choices"]): string {
  const { phrases } = scene;
  const [first = "", second, third] = choices.map(({ title }) => title);
  if (second === undefined) return say(scene, phrases.clarifyOne(first));
  return say(
    scene,
    third === undefined ? phrases.clarifyTwo(first, second) : phrases.clarifyMany([first, second, third]),
  );
}

/** A choice of those offered; outside of a choice, or when the article has gone since, the number means nothing. */
function choose(scene: Scene, index: number): Draft {
  const chosen = scene.memory.at === "choosing" ? scene.memory.choices[index] : undefined;
  const given = chosen === undefined ? null : answer(scene, chosen.articleId, null);
  return given ?? noMatch(scene, "unknown");
}

function answer(scene: Scene, articleId: string, score: number | null): Draft | null {
  const article = scene.known.article(articleId);
  if (article === undefined || !article.enabled) return null;
  return {
    text: answerFor(article, scene.turn.medium),
    reason: "answer",
    at: "open",
    articleId,
    noMatches: 0,
    ...(score === null ? {} : { score }),
  };
}

function noMatch(scene: Scene, what: "nothing" | "unknown"): Draft {
  const { phrases, memory, known } = scene;
  const noMatches = memory.noMatches + 1;
  if (noMatches >= 3) return handoff(scene, phrases.handoffNotUnderstood, "not-understood");
  if (noMatches === 2) return { ...offer(scene, phrases.offerPerson, "not-understood"), noMatches };
  const forms = what === "nothing" ? phrases.notHeard : phrases.notKnown(known.topics);
  return { text: say(scene, forms), reason: "no-match", at: "open", noMatches };
}

const offer = (scene: Scene, forms: readonly string[], offeredFor: string): Draft => ({
  text: say(scene, forms),
  reason: "offer-person",
  at: "confirming-handoff",
  offeredFor,
});

const withOffer = (scene: Scene, text: string): Pick<Draft, "text" | "at"> => ({
  text: joined(scene.known.language, text, say(scene, scene.phrases.offerAfterAnswer)),
  at: "confirming-handoff",
});

const handoff = (scene: Scene, forms: readonly string[], handoffReason: string): Draft => ({
  text: say(scene, forms),
  reason: "handoff",
  at: "open",
  next: "handoff",
  handoffReason,
  noMatches: 0,
});

const accepted = (scene: Scene): Draft => handoff(scene, scene.phrases.handoff, scene.memory.offeredFor ?? "asked");

const smallTalk = (scene: Scene, forms: readonly string[]): Draft => ({
  text: say(scene, forms),
  reason: "small-talk",
  at: "open",
});

const whatElse = (scene: Scene, forms: readonly string[]): Draft => ({
  text: say(scene, forms),
  reason: "small-talk",
  at: "confirming-goodbye",
  noMatches: 0,
});

const goodbye = (scene: Scene): Draft => ({
  text: say(scene, scene.phrases.goodbye),
  reason: "goodbye",
  at: "open",
  next: "hang-up",
});

function again(scene: Scene): Draft {
  const { memory, phrases } = scene;
  const { lastText = "" } = memory;
  if (lastText === "") return smallTalk(scene, phrases.nothingToRepeat);
  const article = memory.lastArticleId === null ? undefined : scene.known.article(memory.lastArticleId);
  const isAnswer = article !== undefined && lastText.startsWith(answerFor(article, scene.turn.medium));
  return {
    text: lastText,
    reason: isAnswer ? "answer" : "small-talk",
    at: memory.at,
    choices: memory.choices,
    ...(isAnswer ? { articleId: article.id } : {}),
    ...(memory.at === "confirming-handoff" && memory.offeredFor !== undefined ? { offeredFor: memory.offeredFor } : {}),
  };
}

/** The policy on top of what was decided. A customer who says goodbye is let go, however angry. */
function inMood(scene: Scene, draft: Draft, effect: PolicyEffect): Draft {
  const { phrases, memory } = scene;
  if (draft.next === "hang-up" || draft.next === "handoff") return draft;
  switch (effect.action) {
    case "none":
      return draft;
    case "handoff":
      return handoff(scene, phrases.handoff, effect.emotion);
    case "offer-person": {
      if (memory.personOffered || draft.offeredFor !== undefined || draft.reason === "clarify") return draft;
      if (draft.reason === "answer") {
        return { ...draft, ...withOffer(scene, draft.text), offeredFor: effect.emotion };
      }
      return {
        ...offer(scene, phrases.offerInMood, effect.emotion),
        ...(draft.noMatches === undefined ? {} : { noMatches: draft.noMatches }),
      };
    }
    default:
      return unreachable(effect.action);
  }
}

function decisionOf(made: {
  readonly scene: Scene;
  readonly input: Input;
  readonly draft: Draft;
  readonly moods: readonly Mood[];
  readonly effect: PolicyEffect | null;
  readonly prefix: string;
}): AssistantDecision {
  const { scene, input, draft, moods, effect, prefix } = made;
  const { memory, known } = scene;
  const offeredFor = draft.offeredFor ?? (draft.at === "confirming-handoff" ? memory.offeredFor : undefined);
  return {
    text: joined(known.language, prefix, draft.text),
    language: known.language,
    reason: draft.reason,
    articleId: draft.articleId ?? null,
    score: draft.score ?? null,
    rate: effect?.rate ?? 1,
    then: draft.next ?? "listen",
    handoffReason: draft.handoffReason ?? null,
    policy: effect === null ? null : { rule: effect.rule, action: done(draft, effect), emotion: effect.emotion },
    memory: {
      at: draft.at,
      choices: draft.choices ?? [],
      noMatches: draft.noMatches ?? memory.noMatches,
      lastArticleId: draft.articleId ?? memory.lastArticleId,
      personOffered: memory.personOffered || draft.offeredFor !== undefined,
      recentEmotions: moods,
      ...lastQuestionOf(scene, input),
      lastText: draft.text.slice(0, 4000),
      ...(offeredFor === undefined ? {} : { offeredFor }),
    },
  };
}

const MAX_REMEMBERED = 200;

/** The question in its own words; with those before it, when it is understood only together with them. */
function lastQuestionOf({ turn, memory }: Scene, input: Input): Pick<DialogueMemory, "lastQuestion"> {
  const { lastQuestion } = memory;
  if (input.type !== "question") return lastQuestion === undefined ? {} : { lastQuestion };
  const asked = input.fromContext && lastQuestion !== undefined ? `${lastQuestion} ${turn.text}` : turn.text;
  return { lastQuestion: asked.trim().slice(-MAX_REMEMBERED) };
}

/** What of the policy's action was really done on this turn. */
function done(draft: Draft, effect: PolicyEffect): PolicyEffect["action"] {
  if (effect.action === "handoff") return draft.next === "handoff" ? "handoff" : "none";
  if (effect.action === "offer-person") return draft.offeredFor !== undefined ? "offer-person" : "none";
  return "none";
}

const say = (scene: Scene, forms: readonly string[]): string =>
  formOf(forms, scene.turn.text, scene.memory.lastText ?? "");

const joined = (language: Language, ...parts: readonly string[]): string =>
  parts.filter((part) => part !== "").join(language === "zh" ? "" : " ");

/** The phone says the spoken answer, or the written one without its marks; a screen shows the written one. */
export function answerFor(article: Pick<Article, "answer" | "spokenAnswer">, medium: Medium): string {
  if (medium !== "phone") return article.answer;
  return article.spokenAnswer.trim() || speakable(article.answer);
}

/** Markdown as words: no bullets, no emphasis, no addresses of links, one paragraph. */
const speakable = (text: string): string =>
  text
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/^[ \t]*(?:#{1,6}|>|[-*+]|\d+[.)])[ \t]+/gm, "")
    .replace(/[*_`~]+/g, "")
    .replace(/\s*\n\s*/g, " ")
    .trim();
