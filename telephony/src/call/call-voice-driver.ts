import { performance } from "node:perf_hooks";
import type { RtpEndpoint } from "../rtp/rtp-endpoint.ts";
import type { FlowMessage } from "../trunk/set-up.ts";
import type { EventBody } from "./event-log-store.ts";
import type { InferenceLink } from "./inference-link-client.ts";
import type { Machines } from "./machines-driver.ts";
import { Mouth } from "./mouth-driver.ts";
import type { PlaybackOutput, SayKind } from "./playback-machine.ts";
import type { PromptStore } from "./prompt-store.ts";
import { languageOf, textOf } from "./turn-machine.ts";

/** What a call says: does what its playback machine wants, tells what was heard of it and to whom that matters. */
export interface CallVoiceDeps {
  readonly link: InferenceLink;
  readonly prompts: PromptStore;
  readonly machines: Machines;
  readonly emit: (body: Omit<EventBody, "callId">) => void;
  readonly flow: () => FlowMessage;
  /** Whether a message of the caller was kept. */
  readonly hasSaved: () => boolean;
}

export class CallVoice {
  readonly #deps: CallVoiceDeps;
  #mouth: Mouth | null = null;
  /** When the customer stopped speaking, and the turn that it became (0: not told yet). */
  #speechEnd: { readonly turn: number; readonly at: number } | null = null;
  #isMissing = false;

  constructor(deps: CallVoiceDeps) {
    this.#deps = deps;
  }

  open(endpoint: RtpEndpoint): void {
    const { link, prompts, machines } = this.#deps;
    this.#mouth ??= new Mouth({ link, prompts, endpoint }, (input) => machines.post("playback", input));
  }

  close(): void {
    this.#mouth?.close();
  }

  /** The customer stopped speaking at `at`; what is said next to that turn is the answer. */
  speechEnded(at: number): void {
    this.#speechEnd = { turn: 0, at };
  }
  speechBecame(turn: number): void {
    if (this.#speechEnd !== null) this.#speechEnd = { turn, at: this.#speechEnd.at };
  }

  perform(output: PlaybackOutput): void {
    switch (output.type) {
      case "started": {
        const { sayId, text, language, turn, kind } = output.item;
        if (kind === "beep") return;
        const answers = turn !== 0 && this.#speechEnd?.turn === turn;
        const responseMs = answers ? Math.round(performance.now() - this.#speechEnd!.at) : 0;
        if (answers) this.#speechEnd = null;
        const { synthesisMs } = output;
        this.#deps.emit({ playbackStarted: { sayId, text, language, turn, synthesisMs, responseMs } });
        if (kind !== "say") this.#deps.emit({ spoken: { text, language, kind } });
        return;
      }
      case "finished":
        this.#finished(output);
        return;
      default:
        this.#mouth?.perform(output);
    }
  }

  /** A prompt in a state in which the turn machine rests. One without words is over at once. */
  prompt(kind: "handoff" | "message" | "goodbye"): void {
    const { machines, flow, hasSaved } = this.#deps;
    const text = textOf(flow(), kind);
    if (text.trim() !== "") this.#say({ kind, text });
    else if (kind === "handoff") machines.post("call", { type: "prompt-done" });
    else if (kind === "message") machines.post("message", { type: "prompt-done" });
    else machines.post("call", { type: "message-done", taken: hasSaved() });
  }

  beep(): void {
    this.#say({ kind: "beep", text: "" });
  }

  #say(what: { readonly kind: SayKind; readonly text: string }): void {
    const { machines, flow } = this.#deps;
    const sayId = `${what.kind}-${machines.turn.turn}-${Math.trunc(performance.now())}`;
    machines.post("playback", {
      type: "say",
      item: { ...what, sayId, language: languageOf(flow()), rate: 1, turn: 0 },
    });
  }

  #finished(output: Extract<PlaybackOutput, { type: "finished" }>): void {
    const { machines, emit, hasSaved } = this.#deps;
    const { item, outcome, playedMs } = output;
    if (output.started && item.kind !== "beep") {
      emit({ playbackFinished: { sayId: item.sayId, interrupted: outcome === "interrupted", playedMs } });
    }
    if (outcome === "heard") this.#isMissing = false;
    if (outcome === "failed" && !this.#isMissing) {
      this.#isMissing = true;
      const hint = "see whether inference runs; prompts are kept once they were synthesised";
      emit({ degraded: { reason: "something could not be spoken: the voice is not to be had", hint } });
    }
    switch (item.kind) {
      case "handoff":
        if (outcome !== "interrupted") machines.post("call", { type: "prompt-done" });
        return;
      case "message":
        if (outcome !== "interrupted") machines.post("message", { type: "prompt-done" });
        return;
      case "beep":
        machines.post("message", { type: "beep-done" });
        return;
      default:
        if (item.kind === "goodbye" && machines.message.at === "done")
          machines.post("call", { type: "message-done", taken: hasSaved() });
        machines.post("turn", { type: "finished", sayId: item.sayId, outcome });
    }
  }
}
