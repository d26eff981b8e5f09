/**
 * A small process that starts espeak-ng. A process is copied when it starts another one, which takes tens of milliseconds in one
 * that holds models and stops everything in it; here it takes two. Normalising and resampling are done here too.
 */
import { AppError } from "@intramuros/contracts/faults";
import { EspeakGateway } from "./espeak-gateway.ts";
import type { HostReply, HostRequest } from "./voice-host-messages.ts";

const concurrency = Number(process.argv[2] ?? 2);
const espeak = new EspeakGateway({ concurrency });
const running = new Map<number, AbortController>();
const reply = (message: HostReply): void => void process.send?.(message);

async function speak(request: Extract<HostRequest, { type: "speak" }>): Promise<void> {
  const { job, rateHz } = request;
  const abort = new AbortController();
  running.set(job, abort);
  try {
    for await (const samples of espeak.speak(request, abort.signal)) reply({ type: "audio", job, samples, rateHz });
    reply({ type: "done", job });
  } catch (error) {
    const { code, message, hint } =
      error instanceof AppError ? error : { code: "voice-failed", message: (error as Error).message, hint: "" };
    reply({ type: "failed", job, code, message, hint });
  } finally {
    running.delete(job);
  }
}

process.on("message", (message: HostRequest) => {
  if (message.type === "speak") void speak(message);
  else running.get(message.job)?.abort();
});
process.on("disconnect", () => process.exit(0)); // the inference process is gone
process.on("SIGINT", () => undefined); // Ctrl-C reaches the whole group; the parent decides
process.on("SIGTERM", () => undefined);
