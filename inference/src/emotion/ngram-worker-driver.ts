/** The thread of the text models. */
import { workerData } from "node:worker_threads";
import { EMOTIONS } from "@intramuros/contracts/browser";
import { matchIntent } from "../language/intent.ts";
import { openSession, ort } from "../model/onnx-driver.ts";
import { greet, thisThread } from "../worker/thread-driver.ts";
import { type Judgement, judge } from "./judge.ts";
import type { NgramModel, NgramReply, NgramRequest } from "./ngram-messages.ts";
import { vectorOf } from "./vector.ts";

const { models } = workerData as { readonly models: readonly NgramModel[] };
const thread = thisThread();
const sessions = new Map<string, { readonly model: NgramModel; readonly session: ort.InferenceSession }>();

async function judgeText(text: string, language: string): Promise<Judgement> {
  const open = sessions.get(language);
  if (!open) throw new Error(`no model of ${language}`);
  const { session, model } = open;
  const vector = vectorOf(text, language, model.buckets);
  const count = vector.indices.length;
  if (count === 0)
    return judge(
      EMOTIONS.map((label) => (label === "neutral" ? 1 : 0)),
      [],
      model.config,
    );
  const result = await session.run({
    indices: new ort.Tensor(
      "int64",
      BigInt64Array.from(vector.indices, (index) => BigInt(index)),
      [count],
    ),
    values: new ort.Tensor("float32", Float32Array.from(vector.values), [count, 1]),
  });
  const weights = result.contributions!.data as Float32Array;
  const width = EMOTIONS.length;
  const contributions = vector.shown.map((shown, at) => ({
    shown,
    weights: [...weights.subarray(at * width, (at + 1) * width)],
  }));
  return judge([...(result.probabilities!.data as Float32Array)], contributions, model.config);
}

async function answer(request: NgramRequest): Promise<NgramReply> {
  const startedAt = performance.now();
  const { job, text, language } = request;
  try {
    if (request.type === "match") {
      const matches = matchIntent(text, language, request.examples);
      return { type: "matched", job, matches, ms: performance.now() - startedAt };
    }
    return { type: "judged", job, judgement: await judgeText(text, language), ms: performance.now() - startedAt };
  } catch (error) {
    return { type: "failed", job, reason: (error as Error).message };
  }
}

thread.onMessage((message) => void answer(message as NgramRequest).then((reply) => thread.send(reply)));

await greet(async () => {
  for (const model of models) {
    sessions.set(model.language, { model, session: await openSession(model.file, 1) });
    await judgeText("warm up 热身", model.language);
  }
});
