import type { Language } from "@intramuros/contracts";
import type { InferenceLink } from "./inference-link-client.ts";
import { samplesOf } from "./wav.ts";

/** The voice. One request a say; audio comes as it is made. */
export interface VoiceRequest {
  readonly text: string;
  readonly language: Language;
  readonly rate: number;
  readonly sampleRateHz: 8000 | 16000;
}
export interface VoiceListener {
  onAudio(samples: Int16Array): void;
  onEnd(): void;
  onFailed(reason: string): void;
}
export interface VoiceStream {
  /** Holds the sound back at its source while the line has enough. */
  pause(): void;
  resume(): void;
  cancel(): void;
}

const DEADLINE_MS = 120_000;
const MAX_TEXT = 4000;

export function synthesize(link: InferenceLink, request: VoiceRequest, listener: VoiceListener): VoiceStream {
  const { text, language, rate, sampleRateHz } = request;
  const call = link.synthesis.synthesize(
    { text: text.slice(0, MAX_TEXT), language, rate, sampleRateHz },
    { deadline: Date.now() + DEADLINE_MS },
  );
  let over = false;
  const finish = (how: () => void): void => {
    if (over) return;
    over = true;
    how();
  };
  call.on("data", (message) => {
    if (!over && message.audio.length > 1) listener.onAudio(samplesOf(message.audio));
  });
  call.on("end", () => finish(() => listener.onEnd()));
  call.on("error", (error) => finish(() => listener.onFailed(error.message)));
  return {
    pause: () => void call.pause(),
    resume: () => void call.resume(),
    cancel() {
      over = true;
      call.cancel();
    },
  };
}
