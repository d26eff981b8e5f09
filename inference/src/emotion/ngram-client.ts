import type { EmotionScore, Logger } from "@intramuros/contracts";
import type { ModelIdentity } from "../model/model-state.ts";
import type { ModelRegistry } from "../model/registry-driver.ts";
import { WorkerLink } from "../worker/link-driver.ts";
import type { NgramModel, NgramReply, NgramRequest } from "./ngram-messages.ts";
import type { TextEmotion } from "./text-emotion.ts";

const DEADLINE_MS = 300; // an emotion that is late must not hold a transcript back
const MAX_WAITING = 500;

interface Waiting {
  readonly identity: ModelIdentity;
  readonly settle: (score: EmotionScore | null) => void;
}

export interface NgramClientOptions {
  readonly models: readonly (NgramModel & { readonly identity: ModelIdentity })[];
  readonly registry: ModelRegistry;
  readonly log: Logger;
}

/** The emotion of texts, in a thread of its own. Null where no model speaks the language, or none answered in time. */
export class NgramClient implements TextEmotion {
  readonly #options: NgramClientOptions;
  readonly #link: WorkerLink;
  readonly #waiting = new Map<number, Waiting>();
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

  analyse(text: string, language: string): Promise<EmotionScore | null> {
    const model = this.#options.models.find((one) => one.language === language);
    if (!model || !this.#link.isReady || this.#waiting.size >= MAX_WAITING) return Promise.resolve(null);
    const job = this.#nextJob++;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#settle(job, null), DEADLINE_MS);
      const settle = (score: EmotionScore | null): void => {
        clearTimeout(timer);
        resolve(score);
      };
      this.#waiting.set(job, { identity: model.identity, settle });
      const request: NgramRequest = { job, language, text };
      this.#link.send(request);
    });
  }

  /** Ends the thread and starts another. */
  replace(reason: string): void {
    this.#link.replace(reason);
  }

  close(): Promise<void> {
    return this.#link.close();
  }

  #answered(reply: NgramReply): void {
    const waiting = this.#waiting.get(reply.job);
    if (!waiting) return;
    if (reply.type === "failed") {
      this.#options.log.error({ reason: reply.reason }, "emotion of a text failed");
      this.#settle(reply.job, null);
      return;
    }
    const { identity } = waiting;
    this.#options.registry.timed(identity.id, reply.ms);
    const { label, probabilities, intensity, abstained, evidence } = reply.judgement;
    this.#settle(reply.job, {
      label,
      probabilities,
      intensity,
      abstained,
      evidence: [...evidence],
      source: "text",
      modelId: identity.id,
      modelVersion: identity.version,
      modelSha256: identity.sha256,
    });
  }

  #settle(job: number, score: EmotionScore | null): void {
    const waiting = this.#waiting.get(job);
    this.#waiting.delete(job);
    waiting?.settle(score);
  }
}
