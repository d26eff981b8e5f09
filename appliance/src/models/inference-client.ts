import * as grpc from "@grpc/grpc-js";
import {
  channelOptions,
  type EmotionScore,
  inferenceV1,
  type Language,
  type ListModelsMessage,
  type Logger,
} from "@intramuros/contracts";
import { emotionFrom } from "../conversation/turn.ts";

/** What the appliance asks of the models. Everything is optional: without inference a chat goes on, only without its emotion. */
export interface InferenceClient {
  /** Emotion of typed words of a customer; null when the service is away, late or has no model. */
  emotion(text: string, language: Language): Promise<EmotionScore | null>;
  /** Null when inference is not to be reached. */
  models(): Promise<ListModelsMessage | null>;
  available(): boolean;
  close(): Promise<void>;
}

const EMOTION_DEADLINE_MS = 300;
const MODELS_DEADLINE_MS = 2_000;
/** After a failure the service is left alone for this long, so that no customer waits for a process that is down. */
const REST_MS = 2_000;
const MAX_TEXT = 2_000;

export function openInferenceClient(deps: {
  readonly address: string;
  readonly log: Logger;
  readonly now?: () => number;
}): InferenceClient {
  const now = deps.now ?? Date.now;
  const credentials = grpc.credentials.createInsecure();
  const language = new inferenceV1.Language(deps.address, credentials, channelOptions);
  const models = new inferenceV1.Models(deps.address, credentials, channelOptions);
  let up = false;
  let restUntil = 0;
  const heard = (error: grpc.ServiceError | null): void => {
    const nowUp = error === null || error.code !== grpc.status.UNAVAILABLE;
    if (up !== nowUp) deps.log.info({ up: nowUp }, "inference changed its state");
    up = nowUp;
    // A late answer also gives it a rest, a shorter one: it is overloaded, not gone.
    if (error !== null) restUntil = now() + (nowUp ? REST_MS / 4 : REST_MS);
  };
  return {
    emotion(text, of) {
      if (now() < restUntil || text.trim() === "") return Promise.resolve(null);
      return new Promise((resolve) => {
        language.analyzeEmotion(
          { text: text.slice(0, MAX_TEXT), language: of, party: "customer" },
          { deadline: Date.now() + EMOTION_DEADLINE_MS },
          (error, reply) => {
            heard(error);
            resolve(error === null ? emotionFrom(reply) : null);
          },
        );
      });
    },
    models() {
      return new Promise((resolve) => {
        models.listModels({}, { deadline: Date.now() + MODELS_DEADLINE_MS }, (error, reply) => {
          heard(error);
          resolve(error === null && reply !== undefined ? reply : null);
        });
      });
    },
    available: () => up,
    async close() {
      language.close();
      models.close();
    },
  };
}
