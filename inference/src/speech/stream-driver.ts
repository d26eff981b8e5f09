import { type EmotionScore, type Logger, type MonoMs, monoMs } from "@intramuros/contracts";
import type { RecognitionTicket, Recognizer } from "../asr/recognizer.ts";
import { floatsOf } from "../audio/pcm.ts";
import type { TextEmotion } from "../emotion/text-emotion.ts";
import { FRAME_MS, frameSamples } from "../vad/frames.ts";
import type { VoiceDetector, VoiceStream } from "../vad/voice-detector.ts";
import { AudioWindow } from "./audio-window.ts";
import type { SpeechEvent } from "./events.ts";
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

export interface SpeechStreamOptions {
  readonly streamId: string;
  readonly party: "customer" | "agent";
  readonly language: string;
  readonly rateHz: number;
  readonly phrases: readonly string[];
  readonly config: UtteranceConfig;
  readonly detector: VoiceDetector;
  readonly recognizer: Recognizer | null;
  readonly emotion: TextEmotion;
  readonly log: Logger;
  emit(event: SpeechEvent): void;
  /** The last final has been emitted after `finish`. */
  onOver(): void;
  /** The detector is behind: stop reading (true), or go on (false). */
  onPressure(stop: boolean): void;
}

const HIGH_WATER_FRAMES = 48; // 1.5 s of audio before the sender is slowed down
const LOW_WATER_FRAMES = 16;

/** Runs the utterance machine of one stream: frames go to the detector, spans of audio to the recogniser, events to the caller. */
export class SpeechStream {
  readonly #options: SpeechStreamOptions;
  readonly #window: AudioWindow;
  readonly #voice: VoiceStream;
  readonly #frameSamples: number;
  readonly #tickets = new Map<number, RecognitionTicket>();
  #state: UtteranceState;
  #rest: Int16Array = new Int16Array(0);
  #pushed = 0;
  #heard = 0;
  #finishing = false;
  #closed = false;
  #slowed = false;
  #over = false;
  #timer: NodeJS.Timeout | null = null;
  /** Finals leave in order even when the emotion of one takes longer. */
  #events: Promise<void> = Promise.resolve();

  constructor(options: SpeechStreamOptions) {
    this.#options = options;
    this.#frameSamples = frameSamples(options.rateHz);
    this.#window = new AudioWindow({ frameMs: FRAME_MS, frameSamples: this.#frameSamples });
    this.#state = initialUtterance(this.#now());
    this.#voice = options.detector.open(options.rateHz, (_index, probability) => this.#frameHeard(probability));
  }

  audio(samples: Int16Array): void {
    if (this.#closed || this.#finishing) return;
    const all = new Int16Array(this.#rest.length + samples.length);
    all.set(this.#rest);
    all.set(samples, this.#rest.length);
    let at = 0;
    for (; at + this.#frameSamples <= all.length; at += this.#frameSamples) {
      this.#push(all.slice(at, at + this.#frameSamples));
    }
    this.#rest = all.slice(at);
  }

  finish(): void {
    if (this.#closed || this.#finishing) return;
    if (this.#rest.length > 0) {
      const last = new Int16Array(this.#frameSamples);
      last.set(this.#rest);
      this.#push(last);
    }
    this.#finishing = true;
    if (this.#heard === this.#pushed) this.#step({ type: "finish" });
  }

  /** Stops at once: what runs is cancelled, nothing more is emitted. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    for (const ticket of this.#tickets.values()) ticket.cancel();
    this.#tickets.clear();
    this.#voice.close();
  }

  #now(): MonoMs {
    return monoMs(performance.now());
  }

  #push(frame: Int16Array): void {
    this.#window.push(frame);
    this.#pushed += 1;
    const waiting = this.#voice.push(floatsOf(frame));
    if (!this.#slowed && waiting >= HIGH_WATER_FRAMES) {
      this.#slowed = true;
      this.#options.onPressure(true);
    }
  }

  #frameHeard(probability: number | null): void {
    if (this.#closed) return;
    this.#heard += 1;
    if (this.#slowed && this.#pushed - this.#heard <= LOW_WATER_FRAMES) {
      this.#slowed = false;
      this.#options.onPressure(false);
    }
    this.#step({ type: "frame", probability });
    this.#window.forgetBefore(neededFromMs(this.#state, this.#options.config));
    if (this.#finishing && this.#heard === this.#pushed) this.#step({ type: "finish" });
  }

  #step(input: UtteranceInput | { readonly type: "wake" }): void {
    const result = step(this.#state, input, this.#now(), this.#options.config);
    this.#state = result.state;
    for (const output of result.outputs) this.#perform(output);
    this.#wakeAt(result.wakeAt);
    if (isOver(this.#state) && !this.#over) {
      this.#over = true;
      this.#events = this.#events.then(() => {
        if (!this.#closed) this.#options.onOver();
      });
    }
  }

  #wakeAt(at: MonoMs | null): void {
    if (at === null) {
      if (this.#timer) clearTimeout(this.#timer);
      this.#timer = null;
    } else if (this.#timer === null) {
      this.#timer = setTimeout(
        () => {
          this.#timer = null;
          this.#step({ type: "wake" });
        },
        Math.max(0, at - this.#now()),
      );
    }
  }

  #perform(output: UtteranceOutput): void {
    switch (output.type) {
      case "started":
      case "ended":
      case "degraded":
      case "partial":
        this.#emitInTurn(() => Promise.resolve(output));
        break;
      case "final":
        this.#emitInTurn(async () => ({ ...output, emotion: await this.#emotionOf(output.result.text) }));
        break;
      case "recognise":
        this.#recognise(output);
        break;
      case "promote":
        this.#tickets.get(output.job)?.promote();
        break;
      case "cancel":
        this.#tickets.get(output.job)?.cancel();
        break;
    }
  }

  #emitInTurn(make: () => Promise<SpeechEvent>): void {
    const made = make();
    this.#events = this.#events.then(async () => {
      const event = await made;
      if (!this.#closed) this.#options.emit(event);
    });
  }

  async #emotionOf(text: string): Promise<EmotionScore | null> {
    const { party, emotion, language } = this.#options;
    if (party !== "customer" || text === "") return null;
    return emotion.analyse(text, language);
  }

  #recognise(output: Extract<UtteranceOutput, { type: "recognise" }>): void {
    const { recognizer, rateHz, phrases } = this.#options;
    if (!recognizer) return;
    const samples = this.#window.between(output.fromMs, output.toMs);
    const ticket = recognizer.recognise({ use: output.use, samples, rateHz, phrases });
    this.#tickets.set(output.job, ticket);
    void ticket.outcome.then((outcome) => {
      this.#tickets.delete(output.job);
      if (this.#closed) return;
      const { job } = output;
      switch (outcome.type) {
        case "text":
          this.#step({
            type: "recognised",
            job,
            result: { text: outcome.text, confidence: outcome.confidence, ms: outcome.ms },
          });
          break;
        case "cancelled":
          this.#step({ type: "unrecognised", job, fault: null });
          break;
        case "refused":
        case "failed":
          this.#step({ type: "unrecognised", job, fault: { reason: outcome.reason, hint: outcome.hint } });
          break;
      }
    });
  }
}
