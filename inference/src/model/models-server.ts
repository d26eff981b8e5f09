import type { ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import type { ModelRegistry } from "./registry-driver.ts";

interface LoadMessage {
  readonly streams: number;
  readonly maxStreams: number;
  readonly queuedRecognitions: number;
  readonly refused: number;
}

/** One model as the console shows it. */
export function modelMessages(registry: ModelRegistry) {
  return registry.list().map(({ entry, p50Ms, p95Ms, runs }) => {
    const { card, availability } = entry;
    return {
      id: card.id,
      version: card.version,
      task: card.task,
      languages: [...card.languages],
      state: availability.at,
      reason: availability.at === "failed" || availability.at === "missing" ? availability.reason : "",
      engine: card.engine,
      executionProvider: entry.executionProvider,
      sha256: entry.identity.sha256,
      licence: card.licence,
      attribution: card.attribution,
      builtIn: entry.builtIn,
      sizeBytes: entry.sizeBytes,
      scores: card.scores.map((score) => ({ ...score })),
      latencyP50Ms: p50Ms,
      latencyP95Ms: p95Ms,
      runs,
    };
  });
}

/** Serves `ListModels`. */
export function modelsHandlers(registry: ModelRegistry, load: () => LoadMessage) {
  type Response = { models: ReturnType<typeof modelMessages>; load: LoadMessage };
  return {
    ListModels(_call: ServerUnaryCall<unknown, Response>, answer: sendUnaryData<Response>): void {
      answer(null, { models: modelMessages(registry), load: load() });
    },
  };
}
