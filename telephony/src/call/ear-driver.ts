import { performance } from "node:perf_hooks";
import { isLanguage, type Language } from "@intramuros/contracts";
import type { InferenceLink } from "./inference-link-client.ts";
import { openSpeech, type SpeechFinal, type SpeechStream } from "./speech-client.ts";
import type { Heard } from "./turn.ts";

/**
 * Keeps one Speech stream open for the customer's audio: opens it again with growing pauses when it breaks, and turns the stream's
 * times into those of the call.
 */
export interface EarListener {
  onStarted(agoMs: number): void;
  onEnded(): void;
  onPartial(text: string, language: string): void;
  /** `endedAt`: when the customer stopped speaking, on the monotonic clock. */
  onFinal(heard: Heard, endedAt: number): void;
  onAble(canHear: boolean, reason: string, hint: string): void;
  /** After `finish`: there will be no more words. */
  onWordsEnd(): void;
}

/** What lies between the customer's mouth and our stream beyond the network: a packet waits half a turn for the next, 10.7 ms measured. */
const TURN_WAIT_MS = 10;
const RETRY_MS = [500, 1000, 2000, 5000];

export class Ear {
  readonly #link: InferenceLink;
  readonly #options: { readonly callId: string; readonly endpointSilenceMs: number };
  readonly #listener: EarListener;
  #stream: SpeechStream | null = null;
  #language: Language = "zh";
  #sampleRateHz: 8000 | 16000 = 8000;
  #isOn = false;
  #isFinishing = false;
  #able = true;
  #tries = 0;
  #retry: NodeJS.Timeout | null = null;
  /** Media time of the call at which the stream began. */
  #beganAtMs = 0;
  #frameAt = 0;
  #endedAt: number | null = null;
  #endpointMs = 0;
  #speechEndedAt = 0;

  constructor(
    link: InferenceLink,
    options: { readonly callId: string; readonly endpointSilenceMs: number },
    listener: EarListener,
  ) {
    this.#link = link;
    this.#options = options;
    this.#listener = listener;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** Listens from now on, or goes on in another language or rate. */
  listen(language: Language, sampleRateHz: 8000 | 16000): void {
    if (this.#isOn && this.#stream !== null && language === this.#language && sampleRateHz === this.#sampleRateHz)
      return;
    this.stop();
    this.#language = language;
    this.#sampleRateHz = sampleRateHz;
    this.#isOn = true;
    this.#isFinishing = false;
    this.#open();
  }

  frame(samples: Int16Array, atMs: number): void {
    if (this.#stream === null) return;
    if (this.#stream.sentMs === 0) this.#beganAtMs = atMs;
    this.#frameAt = performance.now();
    this.#stream.write(samples);
  }

  /** No more audio; the words still to come are given, then `onWordsEnd`. */
  finish(): void {
    this.#isFinishing = true;
    if (this.#stream === null) {
      this.stop();
      this.#listener.onWordsEnd();
    } else this.#stream.finish();
  }

  stop(): void {
    this.#isOn = false;
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    this.#drop();
  }

  #drop(): void {
    this.#stream?.cancel();
    this.#stream = null;
  }

  #open(): void {
    const mine: { stream: SpeechStream | null } = { stream: null };
    const current = (): boolean => mine.stream !== null && mine.stream === this.#stream;
    const { callId: streamId, endpointSilenceMs } = this.#options;
    const options = { streamId, language: this.#language, sampleRateHz: this.#sampleRateHz, endpointSilenceMs };
    mine.stream = openSpeech(this.#link, options, {
      onStarted: (atMs) => {
        if (!current()) return;
        this.#works();
        this.#listener.onStarted(Math.max(0, performance.now() - this.#wallOf(atMs)) + TURN_WAIT_MS);
      },
      onEnded: (ended) => {
        if (!current()) return;
        this.#endedAt = performance.now();
        this.#endpointMs = Math.max(0, ended.decidedMs - ended.endMs);
        this.#speechEndedAt = this.#wallOf(ended.endMs) - TURN_WAIT_MS;
        this.#listener.onEnded();
      },
      onPartial: (text, language) => {
        if (current()) this.#listener.onPartial(text, language);
      },
      onFinal: (final) => {
        if (current()) this.#final(final);
      },
      onDegraded: (reason, hint) => {
        if (current()) this.#fails(reason, hint);
      },
      onOver: (reason, hint) => {
        if (!current()) return;
        this.#stream = null;
        if (this.#isFinishing) {
          this.#isOn = false;
          this.#listener.onWordsEnd();
          return;
        }
        this.#fails(reason ?? "the speech service ended the stream", hint);
        const waitMs = RETRY_MS[Math.min(this.#tries++, RETRY_MS.length - 1)]!;
        this.#retry = setTimeout(() => {
          this.#retry = null;
          if (this.#isOn) this.#open();
        }, waitMs);
      },
    });
    this.#stream = mine.stream;
    if (this.#link.isUp()) this.#works();
  }

  #works(): void {
    if (this.#link.isUp() && this.#stream !== null) this.#tries = 0;
    if (this.#able) return;
    this.#able = true;
    this.#listener.onAble(true, "", "");
  }

  #fails(reason: string, hint: string): void {
    if (!this.#able) return;
    this.#able = false;
    this.#listener.onAble(false, reason, hint);
  }

  /** When the audio at `streamMs` was handed to the stream. */
  #wallOf(streamMs: number): number {
    return this.#frameAt - ((this.#stream?.sentMs ?? 0) - streamMs);
  }

  #final(final: SpeechFinal): void {
    const now = performance.now();
    const recognitionMs = this.#endedAt === null ? final.recognitionMs : now - this.#endedAt;
    const heard: Heard = {
      text: final.text,
      language: isLanguage(final.language) ? final.language : this.#language,
      confidence: final.confidence,
      startMs: Math.round(this.#beganAtMs + final.startMs),
      endMs: Math.round(this.#beganAtMs + final.endMs),
      endpointMs: Math.round(this.#endpointMs),
      recognitionMs: Math.round(recognitionMs),
      emotion: final.emotion,
      modelId: final.modelId,
      modelSha256: final.modelSha256,
    };
    const endedAt = this.#endedAt === null ? now : this.#speechEndedAt;
    this.#endedAt = null;
    this.#listener.onFinal(heard, endedAt);
  }
}
