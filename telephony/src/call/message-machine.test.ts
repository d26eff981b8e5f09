import { monoMs } from "@intramuros/contracts";
import { describe, expect, it } from "vitest";
import { type Message, type MessageInput, type MessageOutput, NO_MESSAGE, step } from "./message-machine.ts";

function taking() {
  let state: Message = NO_MESSAGE;
  let wakeAt: number | null = null;
  const give = (input: MessageInput, at: number): readonly MessageOutput[] => {
    const made = step(state, input, monoMs(at));
    state = made.state;
    wakeAt = made.wakeAt;
    return made.outputs;
  };
  const recording = (): void => {
    give({ type: "start" }, 0);
    give({ type: "prompt-done" }, 2000);
    give({ type: "beep-done" }, 2400);
  };
  return {
    give,
    recording,
    get wakeAt() {
      return wakeAt;
    },
    get at() {
      return state.at;
    },
  };
}
const voice: MessageInput = { type: "level", dbfs: -20 };

describe("the message machine", () => {
  it("records after the beep until five seconds of silence, then gives the words", () => {
    const so = taking();
    so.recording();
    so.give(voice, 3000);
    so.give({ type: "words", text: "call me back" }, 5000);
    expect(so.wakeAt).toBe(8000);
    expect(so.give({ type: "wake" }, 8000)).toEqual([{ type: "stop-recording" }]);
    so.give({ type: "words", text: "tomorrow" }, 8200);
    expect(so.give({ type: "words-end" }, 8300)).toEqual([
      { type: "taken", durationMs: 5600, transcript: "call me back tomorrow" },
      { type: "done" },
    ]);
  });

  it("a hang-up keeps what was said, without waiting for words", () => {
    const so = taking();
    so.recording();
    so.give(voice, 3000);
    expect(so.give({ type: "hang-up" }, 4000)).toMatchObject([
      { type: "stop-recording" },
      { type: "taken", durationMs: 1600 },
      { type: "done" },
    ]);
  });

  it("keeps nothing when nothing was said", () => {
    const so = taking();
    so.recording();
    expect(so.give({ type: "wake" }, 10_400).map((output) => output.type)).toEqual([
      "stop-recording",
      "nothing-said",
      "done",
    ]);
  });

  it("stops at the hash key and at two minutes", () => {
    const hash = taking();
    hash.recording();
    hash.give(voice, 3000);
    expect(hash.give({ type: "hash" }, 3500)).toEqual([{ type: "stop-recording" }]);
    const long = taking();
    long.recording();
    for (let at = 3000; at < 122_000; at += 1000) long.give(voice, at);
    expect(long.wakeAt).toBe(122_400);
    expect(long.give({ type: "wake" }, 122_400)).toEqual([{ type: "stop-recording" }]);
  });

  it("goes on without a recogniser that never ends", () => {
    const so = taking();
    so.recording();
    so.give(voice, 3000);
    so.give({ type: "hash" }, 4000);
    expect(so.give({ type: "wake" }, 8000).map((output) => output.type)).toEqual(["taken", "done"]);
  });

  it("a caller who hangs up during the prompt leaves no message", () => {
    const so = taking();
    so.give({ type: "start" }, 0);
    expect(so.give({ type: "hang-up" }, 100)).toEqual([{ type: "done" }]);
  });
});
