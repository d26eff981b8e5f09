import { type MonoMs, monoMs } from "@intramuros/contracts";
import { describe, expect, it } from "vitest";
import { flow } from "./test/flow.ts";
import type { Answer, Heard, TurnInput, TurnOutput, TurnState } from "./turn.ts";
import { newTurns, step, TURN_CONFIG } from "./turn-machine.ts";

const heard = (text: string): Heard => ({
  ...{ text, language: "en", confidence: 0.9, startMs: 0, endMs: 1000, endpointMs: 400, recognitionMs: 20 },
  ...{ emotion: null, modelId: "m", modelSha256: "s" },
});
const answer = (turn: number, change: Partial<Answer> = {}): Answer => ({
  ...{ sayId: `say-${turn}`, turn, text: "fifty thousand", language: "en", rate: 1 },
  then: { type: "listen" },
  ...{ listenLanguage: null, flow: null },
  ...change,
});

/** A conversation with a clock of its own. */
function talk(
  able: { canHear?: boolean; attached?: boolean } = {},
  change: Parameters<typeof flow>[0] = {},
  config = TURN_CONFIG,
) {
  let state: TurnState = newTurns(flow(change), { canHear: able.canHear ?? true, attached: able.attached ?? true });
  let now: MonoMs = monoMs(0);
  let wakeAt: MonoMs | null = null;
  const all: TurnOutput[] = [];
  const give = (input: TurnInput): readonly TurnOutput[] => {
    const made = step(state, input, now, config);
    state = made.state;
    wakeAt = made.wakeAt;
    all.push(...made.outputs);
    return made.outputs;
  };
  return {
    give,
    all,
    get state() {
      return state;
    },
    /** Lets time pass, waking when it was asked for. */
    pass(ms: number): readonly TurnOutput[] {
      const end = now + ms;
      const outputs: TurnOutput[] = [];
      while (wakeAt !== null && wakeAt <= end) {
        now = wakeAt > now ? wakeAt : now;
        const before = wakeAt;
        outputs.push(...give({ type: "wake" }));
        if (wakeAt === before && outputs.length === 0) break;
      }
      now = monoMs(end);
      return outputs;
    },
    spoken(outputs: readonly TurnOutput[]): readonly string[] {
      return outputs.flatMap((output) => (output.type === "speak" ? [output.item.kind] : []));
    },
    finish(outcome: "heard" | "interrupted" | "failed" = "heard"): readonly TurnOutput[] {
      const { phase } = state;
      if (phase.at !== "speaking") return [];
      return phase.left.flatMap((sayId) => give({ type: "finished", sayId, outcome }));
    },
  };
}

function greeted(...how: Parameters<typeof talk>) {
  const so = talk(...how);
  so.give({ type: "start", first: "greeting" });
  so.finish();
  return so;
}
function asked(...how: Parameters<typeof talk>) {
  const so = greeted(...how);
  so.give({ type: "speech-started", agoMs: 100 });
  so.give({ type: "speech-ended" });
  so.give({ type: "final", heard: heard("what is my limit") });
  return so;
}

describe("the turn machine", () => {
  it("greets, listens, tells the utterance and speaks the answer", () => {
    const so = asked();
    expect(so.all.find((output) => output.type === "utterance")).toMatchObject({ turn: 1 });
    expect(so.give({ type: "answer", answer: answer(1) })).toMatchObject([{ type: "speak", item: { sayId: "say-1" } }]);
    so.finish();
    expect(so.state.phase.at).toBe("listening");
  });

  it("stops at once when the customer speaks over it, and says how long that took", () => {
    const so = talk();
    so.give({ type: "start", first: "greeting" });
    expect(so.give({ type: "speech-started", agoMs: 140 })).toEqual([
      { type: "stop-speaking" },
      { type: "speech-started", bargeIn: true, stoppedAfterMs: 140 },
    ]);
  });

  it("lets a configured length of speech pass before it stops", () => {
    const so = talk({}, {}, { ...TURN_CONFIG, bargeInMs: 300 });
    so.give({ type: "start", first: "greeting" });
    expect(so.give({ type: "speech-started", agoMs: 100 })).toEqual([]);
    expect(so.pass(199)).toEqual([]);
    expect(so.pass(1)).toMatchObject([{ type: "stop-speaking" }, { bargeIn: true, stoppedAfterMs: 300 }]);
  });

  it("a cough shorter than that does not stop it", () => {
    const so = talk({}, {}, { ...TURN_CONFIG, bargeInMs: 300 });
    so.give({ type: "start", first: "greeting" });
    so.give({ type: "speech-started", agoMs: 100 });
    so.give({ type: "speech-ended" });
    expect(so.pass(1000)).toEqual([]);
    expect(so.give({ type: "final", heard: heard("") })).toEqual([]);
    expect(so.state.phase.at).toBe("speaking");
  });

  it("drops an answer to an earlier turn", () => {
    const so = asked();
    so.give({ type: "speech-started", agoMs: 100 });
    so.give({ type: "final", heard: heard("no, my savings limit") });
    expect(so.give({ type: "answer", answer: answer(1) })).toEqual([]);
    expect(so.give({ type: "answer", answer: answer(2) })).toMatchObject([{ type: "speak" }]);
  });

  it("keeps an answer that comes while the customer coughs, and speaks it then", () => {
    const so = asked();
    so.give({ type: "speech-started", agoMs: 100 });
    expect(so.give({ type: "answer", answer: answer(1) })).toEqual([]);
    expect(so.give({ type: "final", heard: heard("") })).toMatchObject([{ type: "speak", item: { sayId: "say-1" } }]);
    expect(so.state.turn).toBe(1);
  });

  it("forgets that answer when the cough was words", () => {
    const so = asked();
    so.give({ type: "speech-started", agoMs: 100 });
    so.give({ type: "answer", answer: answer(1) });
    expect(so.give({ type: "final", heard: heard("and my savings") })).toMatchObject([{ type: "utterance", turn: 2 }]);
    expect(so.pass(100)).toEqual([]);
  });

  it("tells nothing-understood as an empty utterance for the appliance to answer", () => {
    const so = greeted();
    so.give({ type: "speech-started", agoMs: 100 });
    expect(so.give({ type: "final", heard: heard("") })).toMatchObject([{ type: "utterance", turn: 1 }]);
    expect(so.state.phase.at).toBe("waiting");
  });

  it("speaks the menu when no answer comes in time, and lets a late answer take its place", () => {
    const so = asked();
    const outputs = so.pass(4000);
    expect(outputs[0]).toEqual({ type: "no-answer" });
    expect(so.spoken(outputs)).toEqual(["menu"]);
    expect(so.give({ type: "answer", answer: answer(1) })).toMatchObject([
      { type: "stop-speaking" },
      { type: "speak" },
    ]);
  });

  it("without the appliance the menu comes at once, and after three a person", () => {
    const so = greeted({ attached: false });
    for (let n = 0; n < 3; n++) {
      so.give({ type: "speech-started", agoMs: 100 });
      expect(so.spoken(so.give({ type: "final", heard: heard("hello") }))).toEqual(["menu"]);
      so.finish();
    }
    so.give({ type: "speech-started", agoMs: 100 });
    expect(so.give({ type: "final", heard: heard("hello") })).toMatchObject([
      { type: "utterance" },
      { type: "handoff", queueId: "queue" },
    ]);
  });

  it("asks three times into the silence, with the menu last, then hands over", () => {
    const so = greeted();
    const kinds: string[] = [];
    for (let n = 0; n < 3; n++) {
      kinds.push(...so.spoken(so.pass(6000)));
      so.finish();
    }
    expect(kinds).toEqual(["no-input", "no-input", "menu"]);
    expect(so.pass(6000)).toMatchObject([{ type: "no-input", count: 4 }, { type: "handoff" }]);
  });

  it("says good-bye and hangs up when there is nobody to hand over to", () => {
    const so = greeted({}, { queueId: "", maxNoInput: 1 });
    so.pass(6000);
    so.finish();
    expect(so.spoken(so.pass(6000))).toEqual(["goodbye"]);
    expect(so.finish()).toMatchObject([{ type: "hang-up" }]);
  });

  it("without ears the menu follows the greeting", () => {
    const so = talk({ canHear: false });
    expect(so.spoken(so.give({ type: "start", first: "greeting" }))).toEqual(["greeting"]);
    expect(so.spoken(so.finish())).toEqual(["menu"]);
    expect(so.finish()).toEqual([]);
    expect(so.state.phase.at).toBe("listening");
  });

  it("losing its ears while it listens it offers the menu", () => {
    const so = greeted();
    expect(so.spoken(so.give({ type: "hearing-changed", canHear: false }))).toEqual(["menu"]);
  });

  it("a key stops the speech and makes the awaited answer stale", () => {
    const so = asked();
    const item = flow().menu[0]!;
    expect(so.spoken(so.give({ type: "menu-key", item, flow: null }))).toEqual(["digit-answer"]);
    expect(so.give({ type: "answer", answer: answer(1) })).toEqual([]);
  });

  it("a key changes the language of ear and prompts", () => {
    const so = greeted();
    const zh = flow({ id: "zh", language: "zh", greeting: "您好" });
    const outputs = so.give({ type: "menu-key", item: flow().menu[2]!, flow: zh });
    expect(outputs).toMatchObject([
      { type: "flow", flow: { id: "zh" } },
      { type: "listen-language", language: "zh" },
      { type: "speak", item: { text: "您好", language: "zh" } },
    ]);
  });

  it("an answer that changes the language changes the prompts with it", () => {
    const so = asked();
    const zh = flow({ id: "zh", language: "zh", noInputPrompt: "您还在吗" });
    const outputs = so.give({ type: "answer", answer: answer(1, { listenLanguage: "zh", flow: zh, language: "zh" }) });
    expect(outputs.map((output) => output.type)).toEqual(["listen-language", "flow", "speak"]);
    so.finish();
    expect(so.pass(6000).at(-1)).toMatchObject({ type: "speak", item: { text: "您还在吗", language: "zh" } });
  });

  it("a hand-over that was announced happens although the customer speaks over it", () => {
    const so = asked();
    so.give({ type: "answer", answer: answer(1, { then: { type: "handoff", queueId: "q", reason: "r" } }) });
    expect(so.give({ type: "speech-started", agoMs: 100 }).at(-1)).toMatchObject({ type: "handoff", queueId: "q" });
  });

  it("a good-bye that the customer speaks over is taken back", () => {
    const so = asked();
    so.give({ type: "answer", answer: answer(1, { then: { type: "hang-up", reason: "r" } }) });
    so.give({ type: "speech-started", agoMs: 100 });
    expect(so.state.phase.at).toBe("hearing");
    expect(so.give({ type: "final", heard: heard("one more thing") })).toMatchObject([{ type: "utterance", turn: 2 }]);
  });

  it("speaks several says of one turn, and then does what the last one says", () => {
    const so = asked();
    so.give({ type: "answer", answer: answer(1, { sayId: "a" }) });
    so.give({ type: "answer", answer: answer(1, { sayId: "b", then: { type: "take-message" } }) });
    expect(so.give({ type: "finished", sayId: "a", outcome: "heard" })).toEqual([]);
    expect(so.give({ type: "finished", sayId: "b", outcome: "heard" })).toEqual([{ type: "take-message" }]);
  });

  it("rests while the call is on hold", () => {
    const so = talk();
    so.give({ type: "start", first: "greeting" });
    expect(so.give({ type: "pause" })).toEqual([{ type: "stop-speaking" }]);
    expect(so.pass(3_600_000)).toEqual([]);
    so.give({ type: "resume" });
    expect(so.spoken(so.pass(6000))).toEqual(["no-input"]);
  });

  it("a call of an hour of questions runs in milliseconds", () => {
    const so = greeted();
    for (let n = 1; n <= 360; n++) {
      so.give({ type: "speech-started", agoMs: 60 });
      so.pass(1500);
      so.give({ type: "speech-ended" });
      so.pass(500);
      so.give({ type: "final", heard: heard(`question ${n}`) });
      so.pass(300);
      so.give({ type: "answer", answer: answer(n) });
      so.pass(5000);
      so.finish();
      so.pass(2700);
    }
    expect(so.state.turn).toBe(360);
    expect(so.all.filter((output) => output.type === "speak")).toHaveLength(361);
    expect(so.all.filter((output) => output.type === "no-input")).toHaveLength(0);
  });
});
