import type { EmotionScore, Logger } from "@intramuros/contracts";
import type { IntentExample, IntentMatch } from "../language/intent.ts";
import { INTENT_MODEL_ID } from "../model/missing.ts";
import type { ModelIdentity } from "../model/model-state.ts";
import type { ModelRegistry } from "../model/registry-driver.ts";
import { WorkerLink } from "../worker/link-driver.ts";
import type { NgramModel, NgramReply, NgramRequest } from "./ngram-messages.ts";
import type { TextEmotion } from "./text-emotion.ts";

const EMOTION_DEADLINE_MS = 300; // an emotion that is late must not hold a transcript back
const MATCH_DEADLINE_MS = 2_000;
const MAX_WAITING = 500;

type Settled = Exclude<NgramReply, { type: "failed" }> | null;

export interface NgramClientOptions {
  readonly models: readonly (NgramModel & { readonly identity: ModelIdentity })[];
  readonly registry: ModelRegistry;
  readonly log: Logger;
}

/** The emotion of texts, in a thread of its own. Null where no model speaks the language, or none answered in time. */
export class NgramClient implements TextEmotion {
  readonly #options: NgramClientOptions;
  readonly #link: WorkerLink;
  readonly #waiting = new Map<number, (reply: Settled) => void>();
  #nextJob = 1;

  constructor(options: NgramClientOptions) {
    this.#options = options;
    const { models, log } = options;
    const all = (change: Parameters<ModelRegistry["update"]>[1]): void => {
      for (const { identity } of models) options.registry.update(identity.id, change);
    };
    this.#link = new WorkerLink({
      name: "text",
      module: new URL("./ngram-worker-driver.ts", import.meta.url),
      workerData: {
        models: models.map(({ language, file, buckets, config }) => ({ language, file, buckets, config })),
      },
      log,
      startTimeoutMs: 30_000,
      onReady: () => all({ availability: { at: "ready" } }),
      onUnusable: (reason) => all({ availability: { at: "failed", reason: `cannot be loaded: ${reason}` } }),
      onMessage: (message) => this.#answered(message as NgramReply),
      onLost: (reason) => {
        all({ availability: { at: "failed", reason: `its thread ended and starts again: ${reason}` } });
        for (const job of [...this.#waiting.keys()]) this.#settle(job, null);
      },
    });
  }

  async analyse(text: string, language: string): Promise<EmotionScore | null> {
    const model = this.#options.models.find((one) => one.language === language);
    if (!model) return null;
    const reply = await this.#ask((job) => ({ type: "judge", job, language, text }), EMOTION_DEADLINE_MS);
    if (reply?.type !== "judged") return null;
    const { id, version, sha256 } = model.identity;
    this.#options.registry.timed(id, reply.ms);
    const { label, probabilities, intensity, abstained, evidence } = reply.judgement;
    return {
      label,
      probabilities,
      intensity,
      abstained,
      evidence: [...evidence],
      source: "text",
      modelId: id,
      modelVersion: version,
      modelSha256: sha256,
    };
  }

  /** The nearest examples, or null when the thread did not answer in time. */
  async match(
    text: string,
    language: string,
    examples: readonly IntentExample[],
  ): Promise<readonly IntentMatch[] | null> {
    const reply = await this.#ask((job) => ({ type: "match", job, language, text, examples }), MATCH_DEADLINE_MS);
    if (reply?.type !== "matched") return null;
    this.#options.registry.timed(INTENT_MODEL_ID, reply.ms);
    return reply.matches;
  }

  /** Ends the thread and starts another. */
  replace(reason: string): void {
    this.#link.replace(reason);
  }

  close(): Promise<void> {
    return this.#link.close();
  }

  #ask(request: (job: number) => NgramRequest, deadlineMs: number): Promise<Settled> {
    if (!this.#link.isReady || this.#waiting.size >= MAX_WAITING) return Promise.resolve(null);
    const job = this.#nextJob++;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#settle(job, null), deadlineMs);
      this.#waiting.set(job, (reply) => {
        clearTimeout(timer);
        resolve(reply);
      });
      this.#link.send(request(job));
    });
  }

  #answered(reply: NgramReply): void {
    if (reply.type === "failed") this.#options.log.error({ reason: reply.reason }, "text model failed");
    this.#settle(reply.job, reply.type === "failed" ? null : reply);
  }

  #settle(job: number, reply: Settled): void {
    const waiting = this.#waiting.get(job);
    this.#waiting.delete(job);
    waiting?.(reply);
  }
}
