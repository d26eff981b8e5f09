import type { RtpEndpoint } from "../rtp/rtp-endpoint.ts";
import type { InferenceLink } from "./inference-link-client.ts";
import type { PlaybackInput, PlaybackOutput, SayItem } from "./playback-machine.ts";
import type { PromptStore } from "./prompt-store.ts";
import { synthesize, type VoiceStream } from "./synthesis-client.ts";
import { beep } from "./tones.ts";

/** Does what the playback machine says: sound from the prompts or the voice, in pieces, to the line. */
export class Mouth {
  readonly #link: InferenceLink;
  readonly #prompts: PromptStore;
  readonly #endpoint: RtpEndpoint;
  readonly #post: (input: PlaybackInput) => void;
  #voice: VoiceStream | null = null;
  /** What the line would not take yet; it has a minute of sound then. */
  #backlog: Int16Array[] = [];
  #timer: NodeJS.Timeout | null = null;
  /** Told to the machine when the backlog has gone. */
  #mark: string | null = null;

  constructor(
    deps: { readonly link: InferenceLink; readonly prompts: PromptStore; readonly endpoint: RtpEndpoint },
    post: (input: PlaybackInput) => void,
  ) {
    this.#link = deps.link;
    this.#prompts = deps.prompts;
    this.#endpoint = deps.endpoint;
    this.#post = post;
  }

  perform(output: Exclude<PlaybackOutput, { type: "started" | "finished" }>): void {
    switch (output.type) {
      case "synthesize":
        this.#begin(output.item);
        break;
      case "cancel-synthesis":
        this.#voice?.cancel();
        this.#voice = null;
        break;
      case "play":
        this.#play(output.samples);
        break;
      case "mark":
        this.#voice = null;
        if (this.#backlog.length > 0) this.#mark = output.sayId;
        else this.#whenPlayed(output.sayId);
        break;
      case "silence":
        this.hush();
        break;
    }
  }

  hush(): void {
    this.#backlog = [];
    this.#mark = null;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#endpoint.stopPlaying();
  }

  close(): void {
    this.#voice?.cancel();
    this.#voice = null;
    this.hush();
  }

  #begin(item: SayItem): void {
    const { sayId, text, language, rate } = item;
    const { sampleRateHz } = this.#endpoint;
    if (item.kind === "beep") {
      this.#post({ type: "audio", sayId, samples: beep(sampleRateHz), sampleRateHz });
      this.#post({ type: "audio-end", sayId });
      return;
    }
    const request = { text, language, rate, sampleRateHz };
    const kept = item.kind === "say" ? null : this.#prompts.get(request);
    if (kept !== null) {
      for (let at = 0; at < kept.length; at += sampleRateHz) {
        this.#post({ type: "audio", sayId, samples: kept.subarray(at, at + sampleRateHz), sampleRateHz });
      }
      this.#post({ type: "audio-end", sayId });
      return;
    }
    this.#voice = synthesize(this.#link, request, {
      onAudio: (samples) => this.#post({ type: "audio", sayId, samples, sampleRateHz }),
      onEnd: () => this.#post({ type: "audio-end", sayId }),
      onFailed: () => this.#post({ type: "audio-failed", sayId }),
    });
  }

  #play(samples: Int16Array): void {
    if (this.#backlog.length === 0 && this.#endpoint.play(samples)) return;
    this.#backlog.push(samples);
    this.#voice?.pause();
    this.#timer ??= setInterval(() => this.#retry(), 250);
  }

  #retry(): void {
    while (this.#backlog.length > 0 && this.#endpoint.play(this.#backlog[0]!)) this.#backlog.shift();
    if (this.#backlog.length > 0) return;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#voice?.resume();
    if (this.#mark !== null) this.#whenPlayed(this.#mark);
    this.#mark = null;
  }

  #whenPlayed(sayId: string): void {
    this.#endpoint.whenPlayed(() => this.#post({ type: "played", sayId }));
  }
}
