import { type ServerWritableStream, type ServiceError, status } from "@grpc/grpc-js";
import { AppError, isLanguage, type Logger } from "@intramuros/contracts";
import { bytesOf } from "../audio/pcm.ts";
import type { ModelIdentity } from "../model/model-state.ts";
import type { Synthesizer } from "./synthesizer.ts";

const MAX_TEXT = 4000;
const MESSAGE_SAMPLES = 4000; // 8000 bytes

interface RequestMessage {
  readonly text: string;
  readonly language: string;
  readonly sampleRateHz: number;
  readonly rate: number;
}
interface AudioMessage {
  readonly audio: Uint8Array;
  readonly model: ModelIdentity | null;
}
export type SynthesizeCall = ServerWritableStream<RequestMessage, AudioMessage>;

/** Serves `Synthesize`. A caller that goes away stops the voice; one that reads slowly slows it down. */
export async function synthesize(call: SynthesizeCall, synthesizer: Synthesizer, log: Logger): Promise<void> {
  const { text, language, sampleRateHz, rate } = call.request;
  const problem = problemOf(call.request);
  if (problem || !isLanguage(language)) return refuse(call, status.INVALID_ARGUMENT, problem ?? "language: zh or en");
  const abort = new AbortController();
  call.on("cancelled", () => abort.abort());
  call.on("close", () => abort.abort());
  try {
    let model: ModelIdentity | null = synthesizer.model;
    for await (const samples of synthesizer.speak(
      { text, language, rateHz: sampleRateHz, rate: rate || 1 },
      abort.signal,
    )) {
      for (let at = 0; at < samples.length; at += MESSAGE_SAMPLES) {
        const room = call.write({ audio: bytesOf(samples.subarray(at, at + MESSAGE_SAMPLES)), model });
        model = null;
        if (!room) await drained(call, abort.signal);
      }
    }
    call.end();
  } catch (error) {
    if (abort.signal.aborted) return;
    const fault =
      error instanceof AppError
        ? error
        : new AppError({
            code: "voice-failed",
            message: (error as Error).message,
            hint: "look at the log",
            cause: error,
          });
    log.warn({ code: fault.code, reason: fault.message }, "synthesis failed");
    const code = fault.code === "voice-overloaded" ? status.RESOURCE_EXHAUSTED : status.UNAVAILABLE;
    refuse(call, code, `${fault.message}; ${fault.hint}`);
  }
}

function problemOf(request: RequestMessage): string | null {
  if (request.text.length > MAX_TEXT) return `text: at most ${MAX_TEXT} characters`;
  if (request.sampleRateHz !== 8000 && request.sampleRateHz !== 16000) return "sample_rate_hz: 8000 or 16000";
  if (request.rate !== 0 && !(request.rate >= 0.5 && request.rate <= 2)) return "rate: 0, or 0.5 to 2";
  return null;
}

function drained(call: SynthesizeCall, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      call.off("drain", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    call.on("drain", done);
    signal.addEventListener("abort", done);
  });
}

function refuse(call: SynthesizeCall, code: status, details: string): void {
  call.emit("error", Object.assign(new Error(details), { code, details }) as ServiceError);
}
