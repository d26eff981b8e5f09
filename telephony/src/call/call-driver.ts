import { isLanguage, type Language } from "@intramuros/contracts";
import type { AudioFrame, RtpReport } from "../rtp/rtp-endpoint.ts";
import { type FlowMessage, flowIn } from "../trunk/set-up.ts";
import { machinesConfig } from "./call-config.ts";
import type { CallDeps, CallOffer } from "./call-deps-driver.ts";
import { type CallOutput, newCall } from "./call-machine.ts";
import { CallVoice } from "./call-voice-driver.ts";
import { CustomerLeg } from "./customer-leg-driver.ts";
import { type DigitsOutput, noDigits } from "./digits-machine.ts";
import { Ear } from "./ear-driver.ts";
import type { EventBody } from "./event-log-store.ts";
import { Handoff } from "./handoff-driver.ts";
import { KEPT_FORMAT, type KeptCall, keptPhaseOf, resumedState } from "./kept-call.ts";
import { Machines, now, type Performer } from "./machines-driver.ts";
import { MessageKeeper } from "./message-keeper-driver.ts";
import { MESSAGE_CONFIG, type MessageOutput } from "./message-machine.ts";
import type { PlaybackOutput } from "./playback-machine.ts";
import { ringableQueue, ringTargets } from "./queue-targets-driver.ts";
import type { SipRequest, SipResponse } from "./sip-types.ts";
import type { ReplacedDialog } from "./take-over-driver.ts";
import type { Answer, Heard, TurnOutput } from "./turn.ts";
import { languageOf, newTurns } from "./turn-machine.ts";
import { levelDbfs } from "./wav.ts";

/**
 * One call: does what its machines say, and tells them what happens at the line, in the ear and to the voice. A fault of ours ends
 * this call and no other.
 */
export class CallDriver implements Performer {
  readonly callId: string;
  readonly trunkId: string;
  readonly #deps: CallDeps;
  readonly #offer: CallOffer;
  readonly #customer: CustomerLeg;
  readonly #handoff: Handoff;
  readonly #ear: Ear;
  readonly #keeper: MessageKeeper;
  readonly #machines: Machines;
  readonly #voice: CallVoice;
  #flow: FlowMessage;
  /** What is listened for; prompts are spoken in the flow's. */
  #language: Language;
  #ending: Extract<CallOutput, { type: "ended" }> | null = null;
  #lastReport: RtpReport | null = null;

  constructor(deps: CallDeps, offer: CallOffer) {
    this.callId = offer.callId;
    this.trunkId = offer.trunkId;
    this.#deps = deps;
    this.#offer = offer;
    this.#flow = offer.flow;
    this.#language = languageOf(offer.flow);
    const { config, recordings, log } = deps;
    const { kept } = offer;
    if (kept !== undefined && isLanguage(kept.language)) this.#language = kept.language;
    const turns = newTurns(offer.flow, { canHear: deps.link.isUp(), attached: deps.isAttached() });
    this.#keeper = new MessageKeeper({
      ...{ callId: this.callId, recordings, log, emit: this.#emit },
    });
    this.#machines = new Machines(
      {
        call: kept === undefined ? newCall(now()) : resumedState(kept, { mono: now(), unixMs: Date.now() }),
        turn: { ...turns, turn: kept?.turn ?? 0 },
        digits: noDigits(offer.flow.menu),
      },
      machinesConfig(config, offer.dtmf, {
        ringMs: offer.leg.session?.ringMs,
        timeouts: offer.leg.media.terms?.timeouts,
      }),
      this,
    );
    this.#voice = new CallVoice({
      ...{ link: deps.link, prompts: deps.prompts, machines: this.#machines, emit: this.#emit },
      ...{ flow: () => this.#flow, hasSaved: () => this.#keeper.hasSaved },
    });
    this.#customer = new CustomerLeg(
      {
        ...{ sip: deps.sip, ...offer.leg },
        media: {
          ...offer.leg.media,
          record: { store: deps.callMedia, leg: { callId: this.callId, legId: "", sipCallId: offer.sipCallId } },
        },
      },
      {
        onUp: () => this.#machines.post("call", { type: "answered" }),
        onFailed: (reason, sipCode) => this.#machines.post("call", { type: "answer-failed", reason, sipCode }),
        onCancel: () => this.#machines.post("call", { type: "cancel" }),
        onBye: (bye) => this.#machines.post("call", { type: "bye", ...bye }),
        onDigit: (digit, via) => this.#machines.post("digits", { type: "key", digit, via }),
        onHold: (on) => {
          this.#machines.post("call", { type: "hold", on });
          this.#keep();
        },
        onRateChanged: () => this.#rateChanged(),
        onFrame: (frame) => this.#frame(frame),
      },
    );
    this.#handoff = new Handoff(
      {
        ...{ sip: deps.sip, pool: deps.pool, log: deps.log, trunks: deps.trunks },
        passRefer: (headers) => this.#customer.refer(headers),
        ...{ publicAddress: config.publicAddress, callMedia: deps.callMedia, callId: this.callId },
      },
      {
        onRinging: (legId) => this.#machines.post("call", { type: "leg-ringing", legId }),
        onAnswered: (legId) => this.#machines.post("call", { type: "leg-answered", legId }),
        onFailed: (legId, reason) => this.#machines.post("call", { type: "leg-failed", legId, reason }),
        onBye: (legId) => this.#machines.post("call", { type: "leg-bye", legId }),
        onChanged: () => this.#keep(),
      },
    );
    this.#ear = new Ear(
      deps.link,
      { callId: this.callId, endpointSilenceMs: config.endpointSilenceMs },
      {
        onStarted: (agoMs) => this.#machines.post("turn", { type: "speech-started", agoMs }),
        onEnded: () => this.#machines.post("turn", { type: "speech-ended" }),
        onPartial: (text, language) => {
          deps.tell({ callId: this.callId, partial: { turn: this.#machines.turn.turn + 1, text, language } });
        },
        onFinal: (heard, endedAt) => this.#heard(heard, endedAt),
        onAble: (canHear, reason, hint) => {
          if (!canHear) this.#emit({ degraded: { reason, hint } });
          this.#machines.post("turn", { type: "hearing-changed", canHear });
        },
        onWordsEnd: () => this.#machines.post("message", { type: "words-end" }),
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
    this.#machines.start();
    this.#customer.answer().catch((error: unknown) => {
      this.#deps.log.error({ err: error, callId: this.callId }, "a call could not be answered");
      this.#customer.reject(503);
      const reason = error instanceof Error ? error.message : "no audio port could be opened";
      this.#machines.post("call", { type: "answer-failed", reason, sipCode: 503 });
    });
  }

  /** Opens the audio of a call of the process before this one, at the ports that the peers know. */
  async open(): Promise<void> {
    const phase = this.#offer.kept?.phase;
    await this.#customer.open();
    if (phase?.at === "bridged") await this.#handoff.open(phase.leg);
  }

  /** Gives back what was opened for a call that cannot go on. */
  async discard(): Promise<void> {
    this.#handoff.close();
    await this.#customer.close();
  }

  /** Goes on with it: its dialogs, then what belongs to where it was. */
  resume(kept: KeptCall): void {
    const { phase } = kept;
    this.#customer.resume(kept.customer.dialog);
    if (phase.at === "bridged") {
      const trunk = this.#offer.setup.trunks.find((item) => item.id === phase.leg.party.trunkId);
      this.#handoff.resume(phase.leg, trunk ?? null);
    }
    const hint = "what was being said when telephony went away was lost; see why it went";
    this.#emit({ degraded: { reason: "resumed after a restart of telephony", hint } });
    this.#voice.open(this.#customer.media!.endpoint);
    this.#machines.start();
    if (phase.at === "handing-over") this.handoff(phase.queueId, "the hand-over was interrupted");
    else this.#machines.post("call", { type: "resume" });
    this.#keep();
  }

  /** What the next process must know of the call; null: it is not up. */
  kept(): KeptCall | null {
    const { setup, leg, kept: before, ...facts } = this.#offer;
    const { answeredAt, phase, onHold } = this.#machines.call;
    const customer = this.#customer.kept();
    const keptPhase = keptPhaseOf(phase, (legId) => this.#handoff.kept(legId));
    if (answeredAt === null || customer === null || keptPhase === null) return null;
    return {
      ...{ format: KEPT_FORMAT, offer: { ...facts, flow: this.#flow } },
      ...{ language: this.#language, turn: this.#machines.turn.turn, onHold },
      answeredAt: Math.round(Date.now() - (now() - answeredAt)),
      phase: keptPhase,
      customer,
    };
  }

  /** The SIP server is there again and says which dialogs are ours; null: it is one that cannot say. */
  sipBack(dialogIds: ReadonlySet<string> | null): void {
    const kept = this.kept();
    if (dialogIds === null || kept === null) return;
    const { customer, phase } = kept;
    if (phase.at === "bridged" && !dialogIds.has(phase.leg.dialog.id)) {
      this.#machines.post("call", { type: "leg-bye", legId: phase.leg.legId });
    }
    this.#machines.post("call", { type: "sip-back", knows: dialogIds.has(customer.dialog.id) });
  }

  say(given: Omit<Answer, "flow">): void {
    const flow = flowIn(this.#offer.setup, this.#flow, given.listenLanguage);
    this.#machines.post("turn", { type: "answer", answer: { ...given, flow } });
  }
  handoff(queueId: string, reason: string): void {
    const queue = ringableQueue(this.#deps, this.#offer.setup, { queueId, otherwise: this.#flow.queueId });
    this.#machines.post("call", { type: "handoff", queue, reason });
  }
  hangUp(reason: string): void {
    this.#machines.post("call", { type: "hang-up", reason });
  }
  takeMessage(): void {
    this.#machines.post("call", { type: "take-message" });
  }
  attached(on: boolean): void {
    this.#machines.post("turn", { type: "attached", on });
  }

  /** Once a second. */
  look(): void {
    const report = this.#customer.media?.endpoint.report();
    if (report === undefined) return;
    const agentSilentMs = this.#handoff.agentSilentMs();
    this.#machines.post("call", { type: "media", silentMs: report.silentForMs, agentSilentMs });
  }
  /** Another dialog takes the place of one of this call's (RFC 3891); false: it is none of them. */
  takeOver(
    replaced: ReplacedDialog,
    trunkId: string,
    invite: { readonly request: SipRequest; readonly response: SipResponse },
  ): boolean {
    if (this.trunkId === trunkId && this.#customer.takeOver(replaced, invite)) return true;
    return this.#handoff.takeOver(replaced, trunkId, invite);
  }
  sipLost(): void {
    this.#machines.post("call", { type: "sip-lost" });
  }
  shutdown(): void {
    this.#machines.post("call", { type: "shutdown" });
  }

  call(output: CallOutput): void {
    if (KEPT_AT.has(output.type)) this.#keep();
    switch (output.type) {
      case "start-assistant":
        this.#voice.open(this.#customer.media!.endpoint);
        this.#listen();
        this.#machines.post("turn", { type: "start", first: output.first });
        this.#machines.post("digits", { type: "ready" });
        return;
      case "pause-assistant":
        this.#machines.post("turn", { type: "pause" });
        this.#machines.post("digits", { type: "closed" });
        return;
      case "resume-assistant":
        this.#machines.post("turn", { type: "resume" });
        this.#machines.post("digits", { type: "ready" });
        return;
      case "handoff-prompt":
        this.#ear.stop();
        this.#voice.prompt("handoff");
        return;
      case "ring":
        this.#machines.post("call", { type: "legs", legs: this.#ring(output.queueId) });
        return;
      case "ring-tone":
        this.#handoff.ringTone(this.#customer.media!.endpoint, output.on);
        return;
      case "cancel-legs":
        this.#handoff.cancelAll(output.except);
        return;
      case "bye-leg":
        this.#handoff.bye(output.legId);
        return;
      case "bridge":
        this.#ear.stop();
        this.#handoff.bridge(this.#customer.media!.endpoint, output.legId);
        return;
      case "start-message":
        this.#machines.post("message", { type: "start" });
        return;
      case "close-message":
        this.#machines.post("message", { type: "hang-up" });
        return;
      case "answered":
        this.#emit({ answered: { codec: this.#customer.media!.endpoint.codec, setupMs: output.setupMs } });
        return;
      case "ringing": {
        const { legId } = output.leg;
        this.#emit({ ringing: { legId, ...this.#handoff.party(legId), queueId: output.queueId } });
        return;
      }
      case "bridged":
        this.#emit({ bridged: { legId: output.legId, ...this.#handoff.party(output.legId) } });
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
        this.#machines.post("turn", { type: "close" });
        this.#machines.post("playback", { type: "stop" });
        return;
    }
  }

  turn(output: TurnOutput): void {
    switch (output.type) {
      case "speak":
        this.#machines.post("playback", { type: "say", item: output.item });
        return;
      case "stop-speaking":
        this.#machines.post("playback", { type: "stop" });
        return;
      case "speech-started":
        this.#emit({ speechStarted: { bargeIn: output.bargeIn, stoppedAfterMs: output.stoppedAfterMs } });
        return;
      case "utterance": {
        const { emotion, ...heard } = output.heard;
        this.#keep();
        this.#voice.speechBecame(output.turn);
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
        this.#keep();
        this.#machines.post("digits", { type: "menu", menu: output.flow.menu });
        return;
      case "listen-language":
        this.#language = output.language;
        this.#keep();
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

  playback(output: PlaybackOutput): void {
    this.#voice.perform(output);
  }

  digits(output: DigitsOutput): void {
    switch (output.type) {
      case "report":
        this.#emit({ digit: { digit: output.digit, via: output.via, turn: this.#machines.turn.turn } });
        this.#handoff.passDigit(output.digit, output.via);
        if (output.digit === "#") this.#machines.post("message", { type: "hash" });
        return;
      case "act": {
        const flow = this.#offer.setup.flows.find((item) => item.id === output.item.flowId) ?? null;
        this.#machines.post("turn", { type: "menu-key", item: output.item, flow });
        return;
      }
      case "none":
        this.#machines.post("turn", { type: "other-key" });
        return;
    }
  }

  message(output: MessageOutput): void {
    switch (output.type) {
      case "prompt":
        this.#voice.prompt("message");
        return;
      case "beep":
        this.#voice.beep();
        return;
      case "record":
        this.#keeper.record();
        this.#listen();
        return;
      case "stop-recording":
        this.#ear.finish();
        return;
      case "taken":
        this.#keeper.save(output);
        return;
      case "nothing-said":
        this.#keeper.forget();
        return;
      case "done":
        if (this.#ending === null) this.#voice.prompt("goodbye");
        return;
    }
  }

  #keep(): void {
    this.#deps.keep(this.callId);
  }

  readonly #emit = (body: EventBody): void => this.#deps.emit({ callId: this.callId, ...body });

  #listen(): void {
    this.#ear.listen(this.#language, this.#customer.media!.endpoint.sampleRateHz);
  }

  #rateChanged(): void {
    if (this.#ear.isOn) this.#listen();
    this.#machines.post("playback", { type: "stop" });
  }

  #frame(frame: AudioFrame): void {
    if (this.#ear.isOn) this.#ear.frame(frame.samples, frame.atMs);
    if (this.#machines.message.at !== "recording") return;
    this.#keeper.frame(frame.samples, this.#customer.media!.endpoint.sampleRateHz);
    const dbfs = levelDbfs(frame.samples);
    if (dbfs > MESSAGE_CONFIG.voiceDbfs) this.#machines.post("message", { type: "level", dbfs });
  }

  #heard(heard: Heard, endedAt: number): void {
    if (this.#machines.message.at !== "idle") {
      this.#machines.post("message", { type: "words", text: heard.text });
      return;
    }
    this.#voice.speechEnded(endedAt);
    this.#machines.post("turn", { type: "final", heard });
  }

  #ring(queueId: string): readonly { readonly legId: string; readonly phoneId: string }[] {
    const { from, displayName, isPrivate, passed } = this.#offer;
    return this.#handoff.ring(ringTargets(this.#deps, this.#offer.setup, queueId), {
      ...{ caller: { number: from, displayName, isPrivate }, passed },
      codec: this.#customer.media!.endpoint.codec,
    });
  }

  over(): void {
    void this.#finish();
  }

  fault(error: unknown): void {
    this.#deps.log.error({ err: error, callId: this.callId }, "a fault of ours ends this call");
  }

  /** Everything is let go of; the end is told when the message, if there is one, is kept. */
  async #finish(): Promise<void> {
    this.#ear.stop();
    this.#voice.close();
    this.#handoff.close();
    await this.#keeper.settled();
    const { ending, durationMs } = this.#ending ?? FAULTY;
    const codec = this.#customer.media?.endpoint.codec ?? "";
    const media = this.#lastReport === null ? null : { codec, ...this.#lastReport };
    this.#emit({ ended: { ...ending, durationMs, media } });
    try {
      await this.#customer.close();
    } catch (error) {
      this.#deps.log.warn({ err: error, callId: this.callId }, "an RTP endpoint did not close");
    }
    this.#deps.onOver(this.callId);
  }
}

/** After these the call is another one for whom it is kept for. */
const KEPT_AT: ReadonlySet<CallOutput["type"]> = new Set([
  ...(["answered", "handoff-prompt", "ring", "bridged", "start-message", "hold-changed", "ended"] as const),
]);

const FAULTY = { ending: { side: "us", reason: "a fault of ours", sipCode: 500, q850: 41 }, durationMs: 0 };
