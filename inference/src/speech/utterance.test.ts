import { type MonoMs, monoMs } from "@intramuros/contracts";
import { describe, expect, test } from "vitest";
import { defaultActivity } from "./activity.ts";
import {
  initialUtterance,
  isOver,
  neededFromMs,
  step,
  type UtteranceConfig,
  type UtteranceInput,
  type UtteranceOutput,
  type UtteranceState,
} from "./utterance.ts";

const config: UtteranceConfig = {
  activity: defaultActivity,
  frameMs: 32,
  preRollMs: 256,
  guessSilenceMs: 128,
  endpointSilenceMs: 450,
  maxUtteranceMs: 20_000,
  partialEveryMs: 0,
  stallMs: 1_500,
  recognises: true,
};

/** A speaker and a recogniser in simulated time: recognition takes `takesMs` of audio and answers `text`. */
class Line {
  state: UtteranceState = initialUtterance(monoMs(0));
  readonly outputs: (UtteranceOutput & { readonly clockMs: number })[] = [];
  readonly #running: { readonly job: number; readonly readyAt: number }[] = [];
  readonly #config: UtteranceConfig;
  text: string;
  confidence = 0.9;
  takesMs = 110;

  constructor(text: string, change: Partial<UtteranceConfig> = {}) {
    this.text = text;
    this.#config = { ...config, ...change };
  }
  get now(): MonoMs {
    return monoMs(this.state.clockMs);
  }
  input(input: UtteranceInput | { readonly type: "wake" }, now = this.now): void {
    const result = step(this.state, input, now, this.#config);
    this.state = result.state;
    for (const output of result.outputs) {
      this.outputs.push({ ...output, clockMs: this.state.clockMs });
      if (output.type === "recognise")
        this.#running.push({ job: output.job, readyAt: this.state.clockMs + this.takesMs });
      if (output.type === "cancel")
        this.#running.splice(
          this.#running.findIndex((one) => one.job === output.job),
          1,
        );
    }
  }
  frames(ms: number, probability: number): this {
    for (let at = 0; at < ms / 32; at++) {
      this.input({ type: "frame", probability });
      for (const ready of this.#running.filter((one) => one.readyAt <= this.state.clockMs)) {
        this.#running.splice(this.#running.indexOf(ready), 1);
        this.input({
          type: "recognised",
          job: ready.job,
          result: { text: this.text, confidence: this.confidence, ms: this.takesMs },
        });
      }
    }
    return this;
  }
  speak = (ms: number): this => this.frames(ms, 0.97);
  hush = (ms: number): this => this.frames(ms, 0.02);
  of<T extends UtteranceOutput["type"]>(type: T) {
    return this.outputs.filter((output) => output.type === type) as (Extract<UtteranceOutput, { type: T }> & {
      clockMs: number;
    })[];
  }
}

describe("an utterance", () => {
  test("starts within 130 ms of the first voiced frame, and its start is that frame", () => {
    const line = new Line("Yes.").hush(640).speak(320);
    const [started] = line.of("started");
    expect(started!.clockMs - 640).toBeLessThanOrEqual(130);
    expect(started!.atMs).toBe(640);
  });

  test("a click does not start one", () => {
    const line = new Line("").hush(320).frames(64, 0.95).hush(640);
    expect(line.of("started")).toEqual([]);
  });

  test("breath that is only just likely does not start one", () => {
    expect(new Line("").hush(320).frames(200, 0.55).hush(320).of("started")).toEqual([]);
  });

  test("a question that sounds finished ends sooner than one about which nothing is known", () => {
    const asked = new Line("What is my daily transfer limit?").speak(1600).hush(1600).of("ended")[0]!;
    const unclear = new Line("What is my daily").speak(1600).hush(1600).of("ended")[0]!;
    expect(asked.decidedMs - asked.endMs).toBeLessThan(330);
    expect(unclear.decidedMs - unclear.endMs).toBeGreaterThanOrEqual(450);
  });

  test("the text comes together with the end when the guess was right", () => {
    const line = new Line("Thank you very much.").speak(1600).hush(1600);
    expect(line.of("ended")[0]!.clockMs).toBe(line.of("final")[0]!.clockMs);
    expect(line.of("recognise")).toHaveLength(1);
  });

  test("a sentence that ends in the middle waits twice as long", () => {
    const ended = new Line("I want to send money to my sister and").speak(1600).hush(1600).of("ended")[0]!;
    expect(ended.decidedMs - ended.endMs).toBeGreaterThanOrEqual(900);
  });

  test("a pause between two numbers does not end it", () => {
    const line = new Line("five five five").speak(960).hush(600).speak(640).hush(1600);
    expect(line.of("ended")).toHaveLength(1);
  });

  test("a cough in the silence does not bring the speaker back", () => {
    const calm = new Line("What is the fee?").speak(960).hush(1600).of("ended")[0]!;
    const cough = new Line("What is the fee?").speak(960).hush(192).frames(32, 0.8).hush(1600).of("ended")[0]!;
    expect(cough.decidedMs).toBe(calm.decidedMs);
  });

  test("speech that goes on cancels the guess and is recognised anew, whole", () => {
    const line = new Line("What is the fee?");
    line.takesMs = 400;
    line.speak(960).hush(192).speak(640).hush(1600);
    expect(line.of("cancel")).toHaveLength(1);
    const [first, second] = line.of("recognise");
    expect(second!.fromMs).toBe(first!.fromMs);
    expect(second!.toMs).toBeGreaterThan(first!.toMs);
    expect(line.of("final")).toHaveLength(1);
  });

  test("a recognition that is late is waited for after the end", () => {
    const line = new Line("Hello.");
    line.takesMs = 3000;
    line.speak(960).hush(960);
    expect(line.of("ended")).toHaveLength(1);
    expect(line.of("promote")).toHaveLength(1);
    expect(line.of("final")).toHaveLength(0);
    line.hush(3200);
    expect(line.of("final")).toHaveLength(1);
  });

  test("a guess that lost its place in the queue is recognised again at the end", () => {
    const line = new Line("Hello.");
    line.takesMs = 100_000;
    line.speak(960).hush(192);
    line.input({ type: "unrecognised", job: line.of("recognise")[0]!.job, fault: null });
    line.hush(640);
    expect(line.of("recognise").map(({ use }) => use)).toEqual(["speculative", "final"]);
  });

  test("a final that cannot be recognised is empty and says why", () => {
    const line = new Line("Hello.");
    line.takesMs = 100_000;
    line.speak(960).hush(960);
    for (const fault of [null, { reason: "the recognisers are busy", hint: "more cores" }]) {
      line.input({ type: "unrecognised", job: line.of("recognise").at(-1)!.job, fault });
    }
    expect(line.of("final")[0]!.result.text).toBe("");
    expect(line.of("degraded")[0]!.reason).toBe("the recognisers are busy");
  });

  test("where nothing is recognised, voice events go on and finals are empty", () => {
    const line = new Line("", { recognises: false }).speak(960).hush(960);
    expect(line.outputs.map(({ type }) => type)).toEqual(["started", "ended", "final"]);
  });

  test("one that never ends is cut, and the next begins at once", () => {
    const line = new Line("And then", { maxUtteranceMs: 2_000 }).speak(4_800).hush(1_600);
    expect(line.of("started").map(({ utterance }) => utterance)).toEqual([1, 2, 3]);
    expect(line.of("final")).toHaveLength(3);
  });

  test("finish closes it at once", () => {
    const line = new Line("Hello.").speak(960);
    line.input({ type: "finish" });
    expect(line.of("ended")).toHaveLength(1);
    expect(isOver(line.state)).toBe(false);
    line.hush(160);
    expect(isOver(line.state)).toBe(true);
  });

  test("audio that stops coming closes it by the wall clock", () => {
    const line = new Line("Hello.").speak(960);
    line.input({ type: "wake" }, monoMs(line.state.clockMs + 400));
    expect(line.of("ended")).toHaveLength(0);
    line.input({ type: "wake" }, monoMs(line.state.clockMs + 1_600));
    expect(line.of("ended")).toHaveLength(1);
  });

  test("partials come about every 0.7 s and never two at once", () => {
    const line = new Line("Hello", { partialEveryMs: 704 });
    line.takesMs = 2_000;
    line.speak(2_112).hush(64);
    expect(line.of("recognise").filter(({ use }) => use === "partial")).toHaveLength(1);
    const quick = new Line("Hello", { partialEveryMs: 704 }).speak(2_240);
    expect(quick.of("partial")).toHaveLength(3);
  });

  test("an hour of silence keeps no audio", () => {
    const line = new Line("").hush(3_600_000);
    expect(line.state.clockMs - neededFromMs(line.state, config)).toBeLessThanOrEqual(400);
  });

  test("the audio of the next does not reach back into the one before", () => {
    const line = new Line("Hello.").speak(640).hush(576).speak(640).hush(960);
    const [first, second] = line.of("recognise").filter(({ use }) => use !== "partial");
    expect(second!.fromMs).toBeGreaterThanOrEqual(line.of("ended")[0]!.endMs);
    expect(first!.fromMs).toBe(0);
  });
});
