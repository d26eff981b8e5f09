import { monoMs } from "@intramuros/contracts";
import { describe, expect, it } from "vitest";
import {
  type Playback,
  type PlaybackInput,
  type PlaybackOutput,
  type SayItem,
  SILENT,
  step,
} from "./playback-machine.ts";

const item = (sayId: string): SayItem => ({ sayId, text: "words", language: "en", rate: 1, turn: 1, kind: "say" });
const second = new Int16Array(8000);
const audio = (sayId: string): PlaybackInput => ({ type: "audio", sayId, samples: second, sampleRateHz: 8000 });

function line() {
  let state: Playback = SILENT;
  let wakeAt: number | null = null;
  return {
    give(input: PlaybackInput, at: number): readonly PlaybackOutput[] {
      const made = step(state, input, monoMs(at));
      state = made.state;
      wakeAt = made.wakeAt;
      return made.outputs;
    },
    get state() {
      return state;
    },
    get wakeAt() {
      return wakeAt;
    },
  };
}
const types = (outputs: readonly PlaybackOutput[]): readonly string[] => outputs.map((output) => output.type);

describe("the playback machine", () => {
  it("plays a say from its first audio and finishes when the line has heard it", () => {
    const so = line();
    expect(types(so.give({ type: "say", item: item("a") }, 0))).toEqual(["synthesize"]);
    expect(so.give(audio("a"), 120)).toMatchObject([{ type: "play" }, { type: "started", synthesisMs: 120 }]);
    expect(types(so.give({ type: "audio-end", sayId: "a" }, 150))).toEqual(["mark"]);
    expect(so.give({ type: "played", sayId: "a" }, 1120)).toMatchObject([
      { type: "finished", outcome: "heard", playedMs: 1000 },
    ]);
    expect(so.state.at).toBe("idle");
  });

  it("plays nothing of a say after it was stopped", () => {
    const so = line();
    so.give({ type: "say", item: item("a") }, 0);
    so.give(audio("a"), 100);
    expect(so.give({ type: "stop" }, 400)).toMatchObject([
      { type: "silence" },
      { type: "cancel-synthesis", sayId: "a" },
      { type: "finished", outcome: "interrupted", playedMs: 300 },
    ]);
    expect(so.give(audio("a"), 410)).toEqual([]);
    so.give({ type: "say", item: item("b") }, 420);
    expect(so.give(audio("a"), 430)).toEqual([]);
    expect(so.give({ type: "audio-end", sayId: "a" }, 440)).toEqual([]);
  });

  it("drops what waits as well", () => {
    const so = line();
    so.give({ type: "say", item: item("a") }, 0);
    so.give({ type: "say", item: item("b") }, 0);
    const finished = so.give({ type: "stop" }, 10).filter((output) => output.type === "finished");
    expect(finished.map((output) => output.item.sayId)).toEqual(["a", "b"]);
    expect(finished.every((output) => !output.started)).toBe(true);
  });

  it("goes on with the next say when the voice fails", () => {
    const so = line();
    so.give({ type: "say", item: item("a") }, 0);
    so.give({ type: "say", item: item("b") }, 0);
    expect(so.give({ type: "audio-failed", sayId: "a" }, 50)).toMatchObject([
      { type: "finished", outcome: "failed", started: false },
      { type: "synthesize", item: { sayId: "b" } },
    ]);
  });

  it("gives up a voice that gives no audio", () => {
    const so = line();
    so.give({ type: "say", item: item("a") }, 0);
    expect(so.wakeAt).toBe(6000);
    expect(so.give({ type: "wake" }, 6000)).toMatchObject([
      { type: "cancel-synthesis" },
      { type: "finished", outcome: "failed" },
    ]);
  });

  it("plays half a sentence to its end when the rest fails", () => {
    const so = line();
    so.give({ type: "say", item: item("a") }, 0);
    so.give(audio("a"), 10);
    expect(types(so.give({ type: "audio-failed", sayId: "a" }, 20))).toEqual(["mark"]);
  });

  it("refuses more than it can hold", () => {
    const so = line();
    for (let n = 0; n < 9; n++) so.give({ type: "say", item: item(`s${n}`) }, 0);
    expect(so.give({ type: "say", item: item("more") }, 0)).toMatchObject([{ type: "finished", outcome: "failed" }]);
  });
});
