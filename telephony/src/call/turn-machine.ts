import { isLanguage, type Language, type MonoMs, type Step } from "@intramuros/contracts";
import type { FlowMessage } from "../trunk/set-up.ts";
import type { SayKind } from "./playback-machine.ts";
import { INTERRUPTED } from "./prompts.ts";
import type { Answer, Then, TurnConfig, TurnInput, TurnOutput, TurnState } from "./turn.ts";

/**
 * Who has the floor between the customer and the assistant.
 *
 * | phase     | speech-started        | final                   | answer (of the latest turn) | finished     | key            | wake                   |
 * | --------- | --------------------- | ----------------------- | --------------------------- | ------------ | -------------- | ---------------------- |
 * | new       | –                     | –                       | –                           | –            | –              | –                      |
 * | speaking  | stop → hearing        | utterance → waiting     | queue; in place of a prompt | last: `then` | stop, act      | barge-in; stuck: `then`|
 * | listening | → hearing             | utterance → waiting     | → speaking                  | –            | act            | no input: prompt       |
 * | hearing   | –                     | utterance → waiting;    | hold                        | –            | act            | → listening            |
 * |           |                       | a cough: back, or held  |                             |              |                |                        |
 * | waiting   | → hearing             | utterance → waiting     | → speaking                  | –            | act            | no answer: menu        |
 * | paused    | –                     | –                       | –                           | –            | –              | –                      |
 * | closed    | –                     | –                       | –                           | –            | –              | –                      |
 *
 * `pause` (hold, hand-over, message) leads from any phase to paused, `resume` back to listening, `close` to closed.
 */
export const TURN_CONFIG: TurnConfig = {
  answerTimeoutMs: 4000,
  bargeInMs: 0,
  maxHearingMs: 45_000,
  maxRecognitionMs: 8_000,
  maxSpeakingMs: 600_000,
};

type TurnStep = Step<TurnState, TurnOutput>;
const LISTEN: Then = { type: "listen" };

export function newTurns(
  flow: FlowMessage,
  able: { readonly canHear: boolean; readonly attached: boolean },
): TurnState {
  const counts = { turn: 0, closedTurn: 0, noInputs: 0, menus: 0, prompts: 0 };
  return { phase: { at: "new" }, flow, ...counts, ...able };
}

export function step(state: TurnState, input: TurnInput, now: MonoMs, config: TurnConfig = TURN_CONFIG): TurnStep {
  const made = decide(state, input, now, config);
  return { ...made, wakeAt: wakeOf(made.state, config) };
}

type Made = Omit<TurnStep, "wakeAt">;

function decide(state: TurnState, input: TurnInput, now: MonoMs, config: TurnConfig): Made {
  const { phase } = state;
  if (phase.at === "closed") return made(state);
  switch (input.type) {
    case "attached":
      return made({ ...state, attached: input.on });
    case "hearing-changed":
      return hearingChanged(state, input.canHear, now);
    case "close":
      return made({ ...state, phase: { at: "closed" } });
    case "pause":
      return made({ ...state, phase: { at: "paused" } }, phase.at === "speaking" ? [{ type: "stop-speaking" }] : []);
    case "resume":
      return phase.at === "paused" ? made(listening(state, now)) : made(state);
    case "start":
      return phase.at === "new" ? prompt(state, input.first, LISTEN, now) : made(state);
    default:
      break;
  }
  if (phase.at === "new" || phase.at === "paused") return made(state);
  switch (input.type) {
    case "speech-started":
      return speechStarted(state, input.agoMs, now, config);
    case "speech-ended":
      return speechEnded(state, now, config);
    case "final":
      return final(state, input, now, config);
    case "answer":
      return answer(state, input.answer, now);
    case "finished":
      return finished(state, input, now);
    case "menu-key":
      return menuKey(state, input, now);
    case "other-key":
      // With nobody to ask, a key that leads nowhere gets the menu again.
      return state.attached && state.canHear ? made(state) : prompt(state, "menu", LISTEN, now);
    case "wake":
      return wake(state, now, config);
  }
}

const made = (state: TurnState, outputs: readonly TurnOutput[] = []): Made => ({ state, outputs });

function wakeOf(state: TurnState, config: TurnConfig): MonoMs | null {
  const { phase } = state;
  switch (phase.at) {
    case "new":
    case "paused":
    case "closed":
      return null;
    case "speaking":
      return phase.speechSince === null ? phase.deadline : plus(phase.speechSince, config.bargeInMs);
    case "listening":
    case "hearing":
    case "waiting":
      return phase.deadline;
  }
}

// ---- the customer speaks

function speechStarted(state: TurnState, agoMs: number, now: MonoMs, config: TurnConfig): Made {
  const { phase } = state;
  switch (phase.at) {
    case "speaking":
      if (agoMs >= config.bargeInMs) return bargeIn(state, agoMs, now, config);
      return made({ ...state, phase: { ...phase, speechSince: plus(now, -agoMs) } });
    case "listening":
    case "waiting":
      return made(hearing(state, [], phase.at === "waiting", now, config), [
        { type: "speech-started", bargeIn: false, stoppedAfterMs: 0 },
      ]);
    default:
      return made(state);
  }
}

/** The customer has the floor: what is being said stops, and what was to follow it as well, unless it was a decision. */
function bargeIn(state: TurnState, agoMs: number, now: MonoMs, config: TurnConfig): Made {
  const { phase } = state;
  if (phase.at !== "speaking") return made(state);
  const outputs: TurnOutput[] = [
    { type: "stop-speaking" },
    { type: "speech-started", bargeIn: true, stoppedAfterMs: Math.round(agoMs) },
  ];
  if (phase.then.type === "handoff" || phase.then.type === "take-message") {
    return follow(state, phase.then, now, outputs);
  }
  return made(hearing(state, [], false, now, config), outputs);
}

function speechEnded(state: TurnState, now: MonoMs, config: TurnConfig): Made {
  const { phase } = state;
  if (phase.at === "speaking" && phase.speechSince !== null) {
    return made({ ...state, phase: { ...phase, speechSince: null } });
  }
  if (phase.at !== "hearing") return made(state);
  return made({ ...state, phase: { ...phase, deadline: plus(now, config.maxRecognitionMs) } });
}

function final(
  state: TurnState,
  { heard }: Extract<TurnInput, { type: "final" }>,
  now: MonoMs,
  config: TurnConfig,
): Made {
  const { phase } = state;
  const empty = heard.text.trim() === "";
  if (phase.at === "speaking") {
    // Speech too short to stop us; words in it count all the same.
    if (empty) return made({ ...state, phase: { ...phase, speechSince: null } });
    return before({ outputs: [{ type: "stop-speaking" }] }, utterance(quiet(state, now), heard, now, config));
  }
  if (empty && phase.at === "hearing" && (phase.held.length > 0 || phase.wasWaiting)) {
    // A cough while the answer was on its way: it is no turn of its own.
    const back: TurnState = { ...state, phase: { at: "waiting", deadline: plus(now, config.answerTimeoutMs) } };
    return phase.held.reduce((so, held) => before(so, answer(so.state, held, now)), made(back));
  }
  if (empty && phase.at !== "hearing") return made(state);
  return utterance(state, heard, now, config);
}

function utterance(
  state: TurnState,
  heard: Extract<TurnInput, { type: "final" }>["heard"],
  now: MonoMs,
  config: TurnConfig,
): Made {
  const turn = state.turn + 1;
  const after: TurnState = { ...state, turn, noInputs: 0 };
  const said = made(after, [{ type: "utterance", turn, heard }]);
  if (!state.attached || !state.canHear)
    return before(said, offerMenu(after, heard.text.trim() === "" ? "no-match" : "menu", now));
  return made({ ...after, phase: { at: "waiting", deadline: plus(now, config.answerTimeoutMs) } }, said.outputs);
}

// ---- the assistant speaks

function answer(state: TurnState, given: Answer, now: MonoMs): Made {
  if (given.turn !== 0 && (given.turn !== state.turn || given.turn <= state.closedTurn)) return made(state);
  const { phase } = state;
  const outputs: TurnOutput[] = [];
  if (given.listenLanguage !== null) outputs.push({ type: "listen-language", language: given.listenLanguage });
  if (given.flow !== null) outputs.push({ type: "flow", flow: given.flow });
  const told: TurnState = { ...state, flow: given.flow ?? state.flow, menus: 0 };
  if (phase.at === "hearing") {
    return made({ ...told, phase: { ...phase, held: [...phase.held, given].slice(-4) } }, outputs);
  }
  if (given.text.trim() === "") {
    if (phase.at === "speaking") return made({ ...told, phase: { ...phase, then: given.then } }, outputs);
    return follow(told, given.then, now, outputs);
  }
  outputs.push({
    type: "speak",
    item: {
      sayId: given.sayId,
      text: given.text,
      language: given.language,
      rate: given.rate,
      turn: given.turn,
      kind: "say",
    },
  });
  if (phase.at !== "speaking") return made(speaking(told, [given.sayId], given.then, false, now), outputs);
  if (phase.isPrompt && given.turn !== 0) {
    return made(speaking(told, [given.sayId], given.then, false, now), [{ type: "stop-speaking" }, ...outputs]);
  }
  return made(
    speaking(told, [...phase.left, given.sayId], given.then, phase.isPrompt && given.turn === 0, now),
    outputs,
  );
}

function finished(state: TurnState, input: Extract<TurnInput, { type: "finished" }>, now: MonoMs): Made {
  const { phase } = state;
  if (phase.at !== "speaking" || !phase.left.includes(input.sayId)) return made(state);
  const left = phase.left.filter((sayId) => sayId !== input.sayId);
  if (left.length > 0) return made({ ...state, phase: { ...phase, left } });
  return follow(state, phase.then, now);
}

function follow(state: TurnState, then: Then, now: MonoMs, outputs: readonly TurnOutput[] = []): Made {
  switch (then.type) {
    case "listen": {
      // Without ears the menu follows the greeting at once; after it, keys are waited for.
      if (!state.canHear && state.menus === 0 && hasText(state.flow.menuPrompt)) {
        return before({ outputs }, prompt({ ...state, menus: 1 }, "menu", LISTEN, now));
      }
      return made(listening(state, now), outputs);
    }
    case "hang-up":
      return made({ ...state, phase: { at: "closed" } }, [...outputs, { type: "hang-up", reason: then.reason }]);
    case "handoff":
      return made({ ...state, phase: { at: "paused" } }, [
        ...outputs,
        { type: "handoff", queueId: then.queueId, reason: then.reason },
      ]);
    case "take-message":
      return made({ ...state, phase: { at: "paused" } }, [...outputs, { type: "take-message" }]);
  }
}

// ---- nobody speaks, nobody answers

function wake(state: TurnState, now: MonoMs, config: TurnConfig): Made {
  const { phase } = state;
  const due = wakeOf(state, config);
  if (due === null || now < due) return made(state);
  switch (phase.at) {
    case "speaking":
      if (phase.speechSince !== null) return bargeIn(state, now - phase.speechSince, now, config);
      return follow(state, phase.then, now, [{ type: "stop-speaking" }]);
    case "hearing":
      return phase.held.reduce((so, held) => before(so, answer(so.state, held, now)), made(listening(state, now)));
    case "listening":
      return noInput(state, now);
    case "waiting":
      return before({ outputs: [{ type: "no-answer" }] }, offerMenu(state, "menu", now));
    default:
      return made(state);
  }
}

function noInput(state: TurnState, now: MonoMs): Made {
  const count = state.noInputs + 1;
  const most = Math.max(1, state.flow.maxNoInput);
  const after: TurnState = { ...state, noInputs: count };
  const told = made(after, [{ type: "no-input", turn: state.turn, count }]);
  if (count > most) return before(told, giveUp(after, "the caller said nothing", now));
  const kind: SayKind = !state.canHear || count === most ? "menu" : "no-input";
  return before(told, prompt(after, hasText(textOf(after.flow, kind)) ? kind : "no-input", LISTEN, now));
}

/** What was said cannot be answered: the menu, and after some of them a person or good-bye. */
function offerMenu(state: TurnState, kind: "menu" | "no-match", now: MonoMs): Made {
  const menus = state.menus + 1;
  const after: TurnState = { ...state, menus };
  if (menus > Math.max(1, state.flow.maxNoInput)) return giveUp(after, "nobody could answer", now);
  return prompt(after, hasText(textOf(state.flow, kind)) ? kind : "menu", LISTEN, now);
}

function giveUp(state: TurnState, reason: string, now: MonoMs): Made {
  const { queueId } = state.flow;
  if (queueId !== "") return follow(state, { type: "handoff", queueId, reason }, now);
  return prompt(state, "goodbye", { type: "hang-up", reason }, now);
}

function hearingChanged(state: TurnState, canHear: boolean, now: MonoMs): Made {
  const { phase } = state;
  const after: TurnState = { ...state, canHear };
  if (canHear || !state.canHear) return made(after);
  if (phase.at !== "hearing" && phase.at !== "listening") return made(after);
  return hasText(state.flow.menuPrompt)
    ? prompt({ ...after, menus: 1 }, "menu", LISTEN, now)
    : made(listening(after, now));
}

// ---- keys

function menuKey(state: TurnState, input: Extract<TurnInput, { type: "menu-key" }>, now: MonoMs): Made {
  const hush: Made = made(
    { ...quiet(state, now), closedTurn: state.turn, noInputs: 0, menus: 0 },
    state.phase.at === "speaking" ? [{ type: "stop-speaking" }] : [],
  );
  const so = hush.state;
  const { item, flow } = input;
  switch (item.action) {
    case "say":
      return before(hush, speakText(so, { text: item.text, kind: "digit-answer" }, LISTEN, now));
    case "handoff": {
      const queueId = item.queueId || so.flow.queueId;
      return before(hush, follow(so, { type: "handoff", queueId, reason: "the caller pressed a key" }, now));
    }
    case "language": {
      if (flow === null) return before(hush, prompt(so, "menu", LISTEN, now));
      const changed: TurnState = { ...so, flow };
      const told = made(changed, [
        { type: "flow", flow },
        { type: "listen-language", language: languageOf(flow) },
      ]);
      return before(hush, before(told, prompt(changed, "greeting", LISTEN, now)));
    }
    case "hang-up":
      return before(hush, prompt(so, "goodbye", { type: "hang-up", reason: "the caller chose to end the call" }, now));
    default:
      return before(hush, prompt(so, "menu", LISTEN, now));
  }
}

// ---- phases

function listening(state: TurnState, now: MonoMs): TurnState {
  return { ...state, phase: { at: "listening", deadline: plus(now, Math.max(1000, state.flow.noInputMs)) } };
}

function hearing(
  state: TurnState,
  held: readonly Answer[],
  wasWaiting: boolean,
  now: MonoMs,
  config: TurnConfig,
): TurnState {
  return { ...state, phase: { at: "hearing", deadline: plus(now, config.maxHearingMs), held, wasWaiting } };
}

function speaking(state: TurnState, left: readonly string[], then: Then, isPrompt: boolean, now: MonoMs): TurnState {
  const deadline = plus(now, TURN_CONFIG.maxSpeakingMs);
  return { ...state, phase: { at: "speaking", left, then, isPrompt, speechSince: null, deadline } };
}

/** Out of whatever was being said, which the caller of this stops. */
const quiet = listening;

function prompt(state: TurnState, kind: SayKind, then: Then, now: MonoMs): Made {
  return speakText(state, { text: textOf(state.flow, kind), kind }, then, now);
}

function speakText(
  state: TurnState,
  said: { readonly text: string; readonly kind: SayKind },
  then: Then,
  now: MonoMs,
): Made {
  const { text, kind } = said;
  if (!hasText(text)) return follow(state, then, now);
  const prompts = state.prompts + 1;
  const sayId = `${kind}-${prompts}`;
  const item = { sayId, text, language: languageOf(state.flow), rate: 1, turn: 0, kind };
  const hush: TurnOutput[] = state.phase.at === "speaking" ? [{ type: "stop-speaking" }] : [];
  return made(speaking({ ...state, prompts }, [sayId], then, true, now), [...hush, { type: "speak", item }]);
}

/** The language in which a flow's prompts are written and spoken. */
export const languageOf = (flow: FlowMessage): Language => (isLanguage(flow.language) ? flow.language : "zh");

export function textOf(flow: FlowMessage, kind: SayKind): string {
  switch (kind) {
    case "greeting":
      return flow.greeting;
    case "menu":
      return flow.menuPrompt;
    case "no-input":
      return flow.noInputPrompt;
    case "no-match":
      return flow.noMatchPrompt;
    case "handoff":
      return flow.handoffPrompt;
    case "message":
      return flow.messagePrompt;
    case "goodbye":
      return flow.goodbyePrompt;
    case "interrupted":
      return INTERRUPTED[languageOf(flow)];
    case "say":
    case "digit-answer":
    case "beep":
      return "";
  }
}

const hasText = (text: string): boolean => text.trim() !== "";
const before = (first: { readonly outputs: readonly TurnOutput[] }, then: Made): Made => ({
  state: then.state,
  outputs: [...first.outputs, ...then.outputs],
});
const plus = (time: MonoMs, ms: number): MonoMs => (time + ms) as MonoMs;
