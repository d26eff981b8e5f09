import { performance } from "node:perf_hooks";
import { type Config, isLanguage, type Language, type Logger, type MonoMs, monoMs } from "@intramuros/contracts";
import { bridgeEndpoints } from "../rtp/bridge-driver.ts";
import type { AudioFrame, CodecName, RtpReport } from "../rtp/rtp-endpoint.ts";
import type { RtpPortPool } from "../rtp/rtp-endpoint-driver.ts";
import type { Binding } from "../trunk/registrar.ts";
import type { FlowMessage, SetupMessage } from "../trunk/set-up.ts";
import { AgentLegs } from "./agent-legs-driver.ts";
import * as call from "./call-machine.ts";
import { CustomerLeg, type CustomerLegOptions } from "./customer-leg-driver.ts";
import * as digits from "./digits-machine.ts";
import { Ear } from "./ear-driver.ts";
import type { EventBody } from "./event-log-store.ts";
import type { InferenceLink } from "./inference-link-client.ts";
import * as message from "./message-machine.ts";
import { Mouth } from "./mouth-driver.ts";
import * as playback from "./playback-machine.ts";
import type { PromptStore } from "./prompt-store.ts";
import { RECORDING_HZ, Recorder } from "./recorder.ts";
import type { RecordingStore } from "./recording-store.ts";
import type { SipAgent } from "./sip-types.ts";
import { RING_BACK_MS, ringBack } from "./tones.ts";
import type { Answer, Heard, TurnConfig, TurnInput, TurnOutput, TurnState } from "./turn.ts";
import * as turns from "./turn-machine.ts";
import { levelDbfs } from "./wav.ts";

/**
 * One call: runs the five machines and does what they say. Inputs wait in one line; each is taken to its machine and all of the
 * outputs performed before the next. A fault of ours ends this call and no other.
 */
export interface CallDeps {
  readonly config: Config["telephony"];
  readonly sip: SipAgent;
  readonly pool: RtpPortPool;
  readonly link: InferenceLink;
  readonly prompts: PromptStore;
  readonly recordings: RecordingStore;
  readonly log: Logger;
  /** Kept until acknowledged. */
  readonly emit: (body: EventBody) => void;
  /** Sent to whom is attached, else forgotten. */
  readonly tell: (body: EventBody) => void;
  readonly isAttached: () => boolean;
  readonly contactsOf: (phoneId: string) => readonly Binding[];
  readonly onOver: (callId: string) => void;
}

export interface CallOffer {
  readonly callId: string;
  readonly trunkId: string;
  readonly numberId: string;
  readonly flow: FlowMessage;
  readonly setup: SetupMessage;
  readonly dtmf: digits.DigitsConfig["via"];
  readonly from: string;
  readonly to: string;
  readonly displayName: string;
  readonly sourceAddress: string;
  readonly sipCallId: string;
  readonly leg: Omit<CustomerLegOptions, "sip">;
}

type Post =
  | { readonly to: "call"; readonly input: call.CallInput }
  | { readonly to: "turn"; readonly input: TurnInput }
  | { readonly to: "playback"; readonly input: playback.PlaybackInput }
  | { readonly to: "digits"; readonly input: digits.DigitsInput }
  | { readonly to: "message"; readonly input: message.MessageInput };

const ANSWER_MS = 20_000;
const HANDOFF_PROMPT_MS = 20_000;
const LOST_MEDIA_MS = 5_000;
const MAX_INPUTS = 10_000;

export class CallDriver {
  readonly callId: string;
  readonly trunkId: string;
  readonly #deps: CallDeps;
  readonly #offer: CallOffer;
  readonly #customer: CustomerLeg;
  readonly #agents: AgentLegs;
  readonly #ear: Ear;
  #mouth: Mouth | null = null;
  #flow: FlowMessage;
  #language: Language;
  readonly #callConfig: call.CallConfig;
  readonly #turnConfig: TurnConfig;

  #call: call.CallState;
  #turn: TurnState;
  #playback: playback.Playback = playback.SILENT;
  #digits: digits.Digits;
  #message: message.Message = message.NO_MESSAGE;
  readonly #wakes = new Map<Post["to"], MonoMs>();
  readonly #line: Post[] = [];
  #isRunning = false;
  #timer: NodeJS.Timeout | null = null;

  #speechEnd: { readonly turn: number; readonly at: number } | null = null;
  #recorder: Recorder | null = null;
  #saving: Promise<void> = Promise.resolve();
  #ringTimer: NodeJS.Timeout | null = null;
  #bridge: { readonly undo: () => void; readonly legId: string } | null = null;
  #ending: Extract<call.CallOutput, { type: "ended" }> | null = null;
  #lastReport: RtpReport | null = null;

  constructor(deps: CallDeps, offer: CallOffer) {
    this.callId = offer.callId;
    this.trunkId = offer.trunkId;
    this.#deps = deps;
    this.#offer = offer;
    this.#flow = offer.flow;
    this.#language = isLanguage(offer.flow.language) ? offer.flow.language : "zh";
    const { config } = deps;
    this.#callConfig = {
      mediaTimeoutMs: config.mediaTimeoutSeconds * 1000,
      lostMediaTimeoutMs: LOST_MEDIA_MS,
      maxCallMs: config.maxCallMinutes * 60_000,
      answerMs: ANSWER_MS,
      handoffPromptMs: HANDOFF_PROMPT_MS,
    };
    this.#turnConfig = {
      ...turns.TURN_CONFIG,
      answerTimeoutMs: config.answerTimeoutMs,
      bargeInMs: config.bargeInMs,
    };
    this.#call = call.newCall(now());
    this.#turn = turns.newTurns(offer.flow, { canHear: deps.link.isUp(), attached: deps.isAttached() });
    this.#digits = digits.noDigits(offer.flow.menu);
    this.#customer = new CustomerLeg(
      { sip: deps.sip, ...offer.leg },
      {
        onUp: () => this.#post("call", { type: "answered" }),
        onFailed: (reason, sipCode) => this.#post("call", { type: "answer-failed", reason, sipCode }),
        onCancel: () => this.#post("call", { type: "cancel" }),
        onBye: (bye) => this.#post("call", { type: "bye", ...bye }),
        onDigit: (digit, via) => this.#post("digits", { type: "key", digit, via }),
        onHold: (on) => this.#post("call", { type: "hold", on }),
        onRateChanged: () => this.#rateChanged(),
        onFrame: (frame) => this.#frame(frame),
      },
    );
    this.#agents = new AgentLegs(
      { sip: deps.sip, pool: deps.pool, log: deps.log, publicAddress: config.publicAddress },
      {
        onRinging: (legId) => this.#post("call", { type: "leg-ringing", legId }),
        onAnswered: (legId) => this.#post("call", { type: "leg-answered", legId }),
        onFailed: (legId, reason) => this.#post("call", { type: "leg-failed", legId, reason }),
        onBye: (legId) => this.#post("call", { type: "leg-bye", legId }),
      },
    );
    this.#ear = new Ear(
      deps.link,
      { callId: this.callId, endpointSilenceMs: config.endpointSilenceMs },
      {
        onStarted: (agoMs) => this.#post("turn", { type: "speech-started", agoMs }),
        onEnded: () => this.#post("turn", { type: "speech-ended" }),
        onPartial: (text, language) => {
          deps.tell({ callId: this.callId, partial: { turn: this.#turn.turn + 1, text, language } });
        },
        onFinal: (heard, endedAt) => this.#heard(heard, endedAt),
        onAble: (canHear, reason, hint) => {
          if (!canHear) this.#emit({ degraded: { reason, hint } });
          this.#post("turn", { type: "hearing-changed", canHear });
        },
        onWordsEnd: () => this.#post("message", { type: "words-end" }),
      },
    );
  }

  /** Tells of the call and answers it. */
  start(): void {
    const { flow, from, to, displayName, trunkId, numberId, sourceAddress, sipCallId, leg } = this.#offer;
    this.#emit({
      offered: {
        ...{ from, to, displayName, trunkId, numberId, sourceAddress, sipCallId },
        flowId: flow.id,
        codec: leg.media.remote?.choice.codec ?? "",
        language: this.#language,
      },
    });
    this.#setTimer();
    this.#customer.answer().catch((error: unknown) => {
      this.#deps.log.error({ err: error, callId: this.callId }, "a call could not be answered");
      this.#customer.reject(503);
      const reason = error instanceof Error ? error.message : "no audio port could be opened";
      this.#post("call", { type: "answer-failed", reason, sipCode: 503 });
    });
  }

  // ---- from the appliance

  say(answer: Answer): void {
    this.#post("turn", { type: "answer", answer });
  }
  handoff(queueId: string, reason: string): void {
    this.#post("call", { type: "handoff", queue: this.#queue(queueId), reason });
  }
  hangUp(reason: string): void {
    this.#post("call", { type: "hang-up", reason });
  }
  takeMessage(): void {
    this.#post("call", { type: "take-message" });
  }
  attached(on: boolean): void {
    this.#post("turn", { type: "attached", on });
  }

  // ---- from the process

  /** Once a second. */
  look(): void {
    const report = this.#customer.media?.endpoint.report();
    if (report === undefined) return;
    const agent = this.#bridge === null ? null : this.#agents.media(this.#bridge.legId);
    const agentSilentMs = agent === null || agent.isOnHold ? null : agent.endpoint.report().silentForMs;
    this.#post("call", { type: "media", silentMs: report.silentForMs, agentSilentMs });
  }
  sipLost(): void {
    this.#post("call", { type: "sip-lost" });
  }
  shutdown(): void {
    this.#post("call", { type: "shutdown" });
  }
  get isBridged(): boolean {
    return this.#bridge !== null;
  }

  // ---- the line of inputs

  #post<To extends Post["to"]>(to: To, input: Extract<Post, { to: To }>["input"]): void {
    if (this.#line.length > MAX_INPUTS) return;
    this.#line.push({ to, input } as Post);
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      for (let next = this.#line.shift(); next !== undefined; next = this.#line.shift()) this.#take(next);
    } catch (error) {
      this.#fault(error);
    } finally {
      this.#isRunning = false;
    }
    this.#setTimer();
    if (this.#ending !== null && this.#line.length === 0) void this.#finish();
  }

  #take(post: Post): void {
    const at = now();
    switch (post.to) {
      case "call": {
        const made = call.step(this.#call, post.input, at, this.#callConfig);
        this.#call = made.state;
        this.#wake("call", made.wakeAt);
        for (const output of made.outputs) this.#performCall(output);
        return;
      }
      case "turn": {
        const made = turns.step(this.#turn, post.input, at, this.#turnConfig);
        this.#turn = made.state;
        this.#wake("turn", made.wakeAt);
        for (const output of made.outputs) this.#performTurn(output);
        return;
      }
      case "playback": {
        const made = playback.step(this.#playback, post.input, at);
        this.#playback = made.state;
        this.#wake("playback", made.wakeAt);
        for (const output of made.outputs) this.#performPlayback(output);
        return;
      }
      case "digits": {
        const made = digits.step(this.#digits, post.input, at, { via: this.#offer.dtmf });
        this.#digits = made.state;
        for (const output of made.outputs) this.#performDigits(output);
        return;
      }
      case "message": {
        const made = message.step(this.#message, post.input, at);
        this.#message = made.state;
        this.#wake("message", made.wakeAt);
        for (const output of made.outputs) this.#performMessage(output);
        return;
      }
    }
  }

  #wake(to: Post["to"], at: MonoMs | null): void {
    if (at === null) this.#wakes.delete(to);
    else this.#wakes.set(to, at);
  }

  #setTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#ending !== null) return;
    if (!this.#wakes.has("call")) this.#wakes.set("call", monoMs(this.#call.offeredAt + ANSWER_MS));
    const next = Math.min(...this.#wakes.values());
    this.#timer = setTimeout(() => this.#wakeUp(), Math.max(1, Math.ceil(next - performance.now())));
  }

  #wakeUp(): void {
    const due = [...this.#wakes].filter(([, at]) => at <= performance.now()).map(([to]) => to);
    for (const to of due) if (to !== "digits") this.#post(to, { type: "wake" });
    if (due.length === 0) this.#setTimer();
  }

  #fault(error: unknown): void {
    this.#deps.log.error({ err: error, callId: this.callId }, "a fault of ours ends this call");
    this.#line.length = 0;
    if (this.#ending !== null) return;
    const made = call.step(this.#call, { type: "fault", reason: "a fault of ours" }, now(), this.#callConfig);
    this.#call = made.state;
    for (const output of made.outputs) {
      try {
        this.#performCall(output);
      } catch (again) {
        this.#deps.log.error({ err: again, callId: this.callId }, "ending a faulty call met another fault");
      }
    }
  }

  // ---- what the machines say

  #performCall(output: call.CallOutput): void {
    switch (output.type) {
      case "start-assistant":
        this.#mouth = new Mouth(
          { link: this.#deps.link, prompts: this.#deps.prompts, endpoint: this.#customer.media!.endpoint },
          (input) => this.#post("playback", input),
        );
        this.#listen();
        this.#post("turn", { type: "start" });
        this.#post("digits", { type: "ready" });
        return;
      case "pause-assistant":
        this.#post("turn", { type: "pause" });
        this.#post("digits", { type: "closed" });
        return;
      case "resume-assistant":
        this.#post("turn", { type: "resume" });
        this.#post("digits", { type: "ready" });
        return;
      case "handoff-prompt":
        this.#ear.stop();
        this.#prompt("handoff");
        return;
      case "ring":
        this.#post("call", { type: "legs", legs: this.#ring(output.queueId) });
        return;
      case "ring-tone":
        this.#ringTone(output.on);
        return;
      case "cancel-legs":
        this.#agents.cancelAll(output.except);
        return;
      case "bye-leg":
        this.#unbridge();
        this.#agents.bye(output.legId);
        return;
      case "bridge":
        this.#bridgeWith(output.legId);
        return;
      case "start-message":
        this.#post("message", { type: "start" });
        return;
      case "close-message":
        this.#post("message", { type: "hang-up" });
        return;
      case "answered":
        this.#emit({ answered: { codec: this.#customer.media!.endpoint.codec, setupMs: output.setupMs } });
        return;
      case "ringing": {
        const { legId, phoneId } = output.leg;
        this.#emit({ ringing: { legId, phoneId, queueId: output.queueId } });
        return;
      }
      case "bridged":
        this.#emit({ bridged: { legId: output.legId, phoneId: output.phoneId } });
        return;
      case "handoff-failed":
        this.#emit({ handoffFailed: { queueId: output.queueId, reason: output.reason } });
        return;
      case "hold-changed":
        this.#emit({ holdChanged: { onHold: output.on } });
        return;
      case "reject":
        this.#customer.reject(output.sipCode);
        return;
      case "bye":
        this.#customer.bye(output.q850, output.reason);
        return;
      case "ended":
        this.#lastReport = this.#customer.media?.endpoint.report() ?? null;
        this.#ending = output;
        this.#post("turn", { type: "close" });
        this.#post("playback", { type: "stop" });
        return;
    }
  }

  #performTurn(output: TurnOutput): void {
    switch (output.type) {
      case "speak":
        this.#post("playback", { type: "say", item: output.item });
        return;
      case "stop-speaking":
        this.#post("playback", { type: "stop" });
        return;
      case "speech-started":
        this.#emit({ speechStarted: { bargeIn: output.bargeIn, stoppedAfterMs: output.stoppedAfterMs } });
        return;
      case "utterance": {
        const { emotion, ...heard } = output.heard;
        if (this.#speechEnd !== null) this.#speechEnd = { turn: output.turn, at: this.#speechEnd.at };
        this.#emit({ utterance: { turn: output.turn, ...heard, ...(emotion === null ? {} : { emotion }) } });
        return;
      }
      case "no-input":
        this.#emit({ noInput: { turn: output.turn, count: output.count } });
        return;
      case "no-answer":
        this.#emit({
          degraded: {
            reason: "no answer came from the appliance in time",
            hint: "see whether the appliance is busy or down",
          },
        });
        return;
      case "flow":
        this.#flow = output.flow;
        this.#post("digits", { type: "menu", menu: output.flow.menu });
        return;
      case "listen-language":
        this.#language = output.language;
        if (this.#ear.isOn) this.#listen();
        return;
      case "handoff":
        this.handoff(output.queueId, output.reason);
        return;
      case "hang-up":
        this.hangUp(output.reason);
        return;
      case "take-message":
        this.takeMessage();
        return;
    }
  }

  #performPlayback(output: playback.PlaybackOutput): void {
    switch (output.type) {
      case "started": {
        const { sayId, text, language, turn, kind } = output.item;
        if (kind === "beep") return;
        const answers = turn !== 0 && this.#speechEnd?.turn === turn;
        const responseMs = answers ? Math.round(performance.now() - this.#speechEnd!.at) : 0;
        if (answers) this.#speechEnd = null;
        const { synthesisMs } = output;
        this.#emit({ playbackStarted: { sayId, text, language, turn, synthesisMs, responseMs } });
        if (kind !== "say") this.#emit({ spoken: { text, language, kind } });
        return;
      }
      case "finished":
        this.#playbackFinished(output);
        return;
      default:
        this.#mouth?.perform(output);
    }
  }

  #playbackFinished(output: Extract<playback.PlaybackOutput, { type: "finished" }>): void {
    const { item, outcome, playedMs } = output;
    if (output.started && item.kind !== "beep") {
      this.#emit({ playbackFinished: { sayId: item.sayId, interrupted: outcome === "interrupted", playedMs } });
    }
    if (outcome === "failed") {
      const hint = "see whether inference runs; prompts are kept once they were synthesised";
      this.#emit({ degraded: { reason: "something could not be spoken: the voice is not to be had", hint } });
    }
    switch (item.kind) {
      case "handoff":
        if (outcome !== "interrupted") this.#post("call", { type: "prompt-done" });
        return;
      case "message":
        if (outcome !== "interrupted") this.#post("message", { type: "prompt-done" });
        return;
      case "beep":
        this.#post("message", { type: "beep-done" });
        return;
      default:
        if (item.kind === "goodbye" && this.#message.at === "done") this.#post("call", { type: "message-done" });
        this.#post("turn", { type: "finished", sayId: item.sayId, outcome });
    }
  }

  #performDigits(output: digits.DigitsOutput): void {
    switch (output.type) {
      case "report":
        this.#emit({ digit: { digit: output.digit, via: output.via, turn: this.#turn.turn } });
        if (output.digit === "#") this.#post("message", { type: "hash" });
        return;
      case "act": {
        const flow = this.#offer.setup.flows.find((item) => item.id === output.item.flowId) ?? null;
        this.#post("turn", { type: "menu-key", item: output.item, flow });
        return;
      }
      case "none":
        this.#post("turn", { type: "other-key" });
        return;
    }
  }

  #performMessage(output: message.MessageOutput): void {
    switch (output.type) {
      case "prompt":
        this.#prompt("message");
        return;
      case "beep":
        this.#say({ kind: "beep", text: "" });
        return;
      case "record":
        this.#recorder = new Recorder();
        this.#listen();
        return;
      case "stop-recording":
        this.#ear.finish();
        return;
      case "taken":
        this.#save(output);
        return;
      case "nothing-said":
        this.#recorder = null;
        return;
      case "done":
        if (this.#ending === null) this.#prompt("goodbye");
        return;
    }
  }

  // ---- small doings

  #emit(body: EventBody): void {
    this.#deps.emit({ callId: this.callId, ...body });
  }

  #listen(): void {
    this.#ear.listen(this.#language, this.#customer.media!.endpoint.sampleRateHz);
  }

  #rateChanged(): void {
    if (this.#ear.isOn) this.#listen();
    this.#post("playback", { type: "stop" });
  }

  #frame(frame: AudioFrame): void {
    if (this.#ear.isOn) this.#ear.frame(frame.samples, frame.atMs);
    if (this.#recorder === null || this.#message.at !== "recording") return;
    this.#recorder.add(frame.samples, this.#customer.media!.endpoint.sampleRateHz);
    const dbfs = levelDbfs(frame.samples);
    if (dbfs > message.MESSAGE_CONFIG.voiceDbfs) this.#post("message", { type: "level", dbfs });
  }

  #heard(heard: Heard, endedAt: number): void {
    if (this.#message.at !== "idle") {
      this.#post("message", { type: "words", text: heard.text });
      return;
    }
    this.#speechEnd = { turn: 0, at: endedAt };
    this.#post("turn", { type: "final", heard });
  }

  /** A prompt in a state in which the turn machine rests. One without words is over at once. */
  #prompt(kind: "handoff" | "message" | "goodbye"): void {
    const text = turns.textOf(this.#flow, kind);
    if (text.trim() !== "") this.#say({ kind, text });
    else if (kind === "handoff") this.#post("call", { type: "prompt-done" });
    else if (kind === "message") this.#post("message", { type: "prompt-done" });
    else this.#post("call", { type: "message-done" });
  }

  #say(what: { readonly kind: playback.SayKind; readonly text: string }): void {
    const sayId = `${what.kind}-${this.#turn.turn}-${Math.trunc(performance.now())}`;
    const item = { ...what, sayId, language: this.#language, rate: 1, turn: 0 };
    this.#post("playback", { type: "say", item });
  }

  #queue(queueId: string): call.RingableQueue | null {
    const { queues } = this.#offer.setup;
    const queue = queues.find((item) => item.id === queueId) ?? queues.find((item) => item.id === this.#flow.queueId);
    if (queue === undefined) return null;
    const registered = queue.phoneIds.filter((phoneId) => this.#deps.contactsOf(phoneId).length > 0).length;
    return { queueId: queue.id, ringSeconds: queue.ringSeconds, registered };
  }

  #ring(queueId: string): readonly { readonly legId: string; readonly phoneId: string }[] {
    const queue = this.#offer.setup.queues.find((item) => item.id === queueId);
    const bindings = (queue?.phoneIds ?? []).flatMap((phoneId) => this.#deps.contactsOf(phoneId)).slice(0, MAX_RUNG);
    const { codec } = this.#customer.media!.endpoint;
    const rest = ALL_CODECS.filter((name) => name !== codec);
    const { from, displayName } = this.#offer;
    return this.#agents.ring(bindings, { from, displayName, preference: [codec, ...rest] });
  }

  #ringTone(on: boolean): void {
    if (this.#ringTimer !== null) clearInterval(this.#ringTimer);
    this.#ringTimer = null;
    const { endpoint } = this.#customer.media!;
    endpoint.stopPlaying();
    if (!on) return;
    const play = (): void => void endpoint.play(ringBack(endpoint.sampleRateHz));
    play();
    this.#ringTimer = setInterval(play, RING_BACK_MS);
  }

  #bridgeWith(legId: string): void {
    const media = this.#agents.media(legId);
    if (media === null) return;
    this.#ear.stop();
    this.#bridge = { undo: bridgeEndpoints(this.#customer.media!.endpoint, media.endpoint).undo, legId };
  }

  #unbridge(): void {
    this.#bridge?.undo();
    this.#bridge = null;
  }

  #save(taken: Extract<message.MessageOutput, { type: "taken" }>): void {
    const recorder = this.#recorder;
    this.#recorder = null;
    if (recorder === null) return;
    const { durationMs, transcript } = taken;
    this.#saving = this.#deps.recordings.save(this.callId, recorder.samples(), RECORDING_HZ).then(
      (recordingPath) => this.#emit({ messageTaken: { recordingPath, durationMs, transcript } }),
      (error: unknown) => {
        this.#deps.log.error({ err: error, callId: this.callId }, "a message could not be kept");
        this.#emit({ messageTaken: { recordingPath: "", durationMs, transcript } });
        const hint = "see whether the disk is full";
        this.#emit({ degraded: { reason: "a message could not be kept; only its words are", hint } });
      },
    );
  }

  async #finish(): Promise<void> {
    const output = this.#ending;
    if (output === null || this.#call.phase.at !== "ended" || this.#isFinished) return;
    this.#isFinished = true;
    if (this.#ringTimer !== null) clearInterval(this.#ringTimer);
    this.#ear.stop();
    this.#mouth?.close();
    this.#unbridge();
    this.#agents.close();
    await this.#saving;
    const { ending, durationMs } = output;
    const codec = this.#customer.media?.endpoint.codec ?? "";
    const media = this.#lastReport === null ? {} : { media: mediaReport(codec, this.#lastReport) };
    this.#emit({ ended: { ...ending, durationMs, ...media } });
    try {
      await this.#customer.close();
    } catch (error) {
      this.#deps.log.warn({ err: error, callId: this.callId }, "an RTP endpoint did not close");
    }
    this.#deps.onOver(this.callId);
  }
  #isFinished = false;
}

const MAX_RUNG = 50;
const ALL_CODECS: readonly CodecName[] = ["PCMA", "PCMU", "G722"];
const now = (): MonoMs => monoMs(performance.now());

function mediaReport(codec: string, report: RtpReport) {
  const { silentForMs: _silent, ...figures } = report;
  return { codec, ...figures };
}
