import * as grpc from "@grpc/grpc-js";
import type { EmotionMessage, Language } from "@intramuros/contracts";
import type { InferenceLink } from "./inference-link-client.ts";
import { bytesOf } from "./wav.ts";

/** The ear: one stream of the customer's audio. Times are milliseconds of the audio given to this stream. */
export interface SpeechOptions {
  readonly streamId: string;
  readonly language: Language;
  readonly sampleRateHz: 8000 | 16000;
  readonly endpointSilenceMs: number;
}
export interface SpeechFinal {
  readonly utterance: number;
  readonly text: string;
  readonly language: string;
  readonly confidence: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly recognitionMs: number;
  readonly emotion: EmotionMessage | null;
  readonly modelId: string;
  readonly modelSha256: string;
}
export interface SpeechListener {
  onStarted(atMs: number): void;
  onEnded(ended: { readonly startMs: number; readonly endMs: number; readonly decidedMs: number }): void;
  onPartial(text: string, language: string): void;
  onFinal(final: SpeechFinal): void;
  /** Recognition is not to be had in this stream; speech is still detected. */
  onDegraded(reason: string, hint: string): void;
  /** The stream is over: after `finish`, or with a reason. */
  onOver(reason: string | null, hint: string): void;
}
export interface SpeechStream {
  /** Milliseconds of audio given so far. */
  readonly sentMs: number;
  write(samples: Int16Array): void;
  finish(): void;
  cancel(): void;
}

/** Audio that the service has not taken; more of it means that it cannot follow, and late words are of no use. */
const MAX_BEHIND_FRAMES = 150;

export function openSpeech(link: InferenceLink, options: SpeechOptions, listener: SpeechListener): SpeechStream {
  const call = link.speech.recognize();
  let sentSamples = 0;
  let over = false;
  let finished = false;
  const end = (reason: string | null, hint: string): void => {
    if (over) return;
    over = true;
    listener.onOver(reason, hint);
  };
  call.on("data", (message) => {
    if (over) return;
    if (message.started) listener.onStarted(message.started.atMs);
    else if (message.ended) listener.onEnded(message.ended);
    else if (message.partial) listener.onPartial(message.partial.text, message.partial.language);
    else if (message.degraded) listener.onDegraded(message.degraded.reason, message.degraded.hint);
    else if (message.final) {
      const { model, emotion, utterance, text, language, confidence, startMs, endMs, recognitionMs } = message.final;
      listener.onFinal({
        ...{ utterance, text, language, confidence, startMs, endMs, recognitionMs },
        emotion: emotion ?? null,
        modelId: model?.id ?? "",
        modelSha256: model?.sha256 ?? "",
      });
    }
  });
  call.on("end", () => end(finished ? null : "the speech service ended the stream", "see the log of inference"));
  call.on("error", (error: grpc.ServiceError) => {
    if (error.code === grpc.status.RESOURCE_EXHAUSTED) {
      end("the speech service is full", "more calls than inference.maxStreams, or too few cores for its models");
    } else end(`speech recognition is not to be had (${error.details || error.message})`, "see whether inference runs");
  });
  call.write({
    start: {
      streamId: options.streamId,
      party: "customer",
      language: options.language,
      sampleRateHz: options.sampleRateHz,
      partials: true,
      endpointSilenceMs: options.endpointSilenceMs,
    },
  });
  return {
    get sentMs() {
      return (sentSamples * 1000) / options.sampleRateHz;
    },
    write(samples) {
      if (over || finished) return;
      if (call.writableLength > MAX_BEHIND_FRAMES) {
        call.cancel();
        end("the speech service cannot follow", "too few cores for the calls on this machine");
        return;
      }
      sentSamples += samples.length;
      call.write({ audio: bytesOf(samples) });
    },
    finish() {
      if (over || finished) return;
      finished = true;
      call.write({ finish: {} });
      call.end();
    },
    cancel() {
      over = true;
      call.cancel();
    },
  };
}
