import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { type ListModelsMessage, type Model, type ModelsReply, ModelsReplySchema } from "@intramuros/contracts";
import type { FastifyInstance } from "fastify";
import type { InferenceClient } from "./inference-client.ts";

/** `GET /api/models`: the packs and their state; `available: false` and an empty list while inference is down. */
export async function modelsPlugin(app: FastifyInstance, deps: { readonly inference: InferenceClient }): Promise<void> {
  app.withTypeProvider<TypeBoxTypeProvider>().route({
    method: "GET",
    url: "/api/models",
    config: { permission: "signed-in" },
    schema: { response: { 200: ModelsReplySchema } },
    handler: async () => modelsReply(await deps.inference.models()),
  });
}

const STATES: readonly Model["state"][] = ["loading", "ready", "failed", "missing"];

function modelsReply(message: ListModelsMessage | null): ModelsReply {
  if (message === null) return { available: false, models: [] };
  return {
    available: true,
    models: message.models.map((model) => ({
      ...model,
      state: STATES.find((state) => state === model.state) ?? "failed",
      sizeBytes: Number(model.sizeBytes),
      runs: Number(model.runs),
    })),
    ...(message.load === null ? {} : { load: { ...message.load, refused: Number(message.load.refused) } }),
  };
}
