import type { ModelIdentity } from "../model/model-state.ts";
import type { VoiceRequest } from "./voice.ts";

export interface Synthesizer {
  readonly model: ModelIdentity;
  speak(request: VoiceRequest & { readonly rateHz: number }, signal: AbortSignal): AsyncIterable<Int16Array>;
}
