/** The thread of voice detection: frames that came while the last batch ran make the next one. */
import { workerData } from "node:worker_threads";
import { greet, thisThread } from "../worker/thread-driver.ts";
import type { VadReply, VadRequest } from "./frames.ts";
import { Silero } from "./silero-driver.ts";

type Frame = Extract<VadRequest, { type: "frame" }>;

const MAX_BATCH = 64;
const { file } = workerData as { readonly file: string };
const thread = thisThread();
let silero: Silero;
let waiting: VadRequest[] = [];
let running = false;

thread.onMessage((message) => {
  waiting.push(message as VadRequest);
  if (!running) {
    running = true;
    setImmediate(() => void drain());
  }
});

/** Takes from the front the frames that may run together: one rate, each stream once, in order. */
function nextBatch(): Frame[] {
  const batch: Frame[] = [];
  const left: VadRequest[] = [];
  const held = new Set<number>();
  for (const request of waiting) {
    const fits =
      request.type === "frame" &&
      batch.length < MAX_BATCH &&
      !held.has(request.stream) &&
      (batch[0] === undefined || batch[0].rateHz === request.rateHz);
    if (fits) batch.push(request);
    else if (request.type === "forget" && !held.has(request.stream)) silero.forget(request.stream);
    else left.push(request);
    held.add(request.stream);
  }
  waiting = left;
  return batch;
}

async function drain(): Promise<void> {
  while (waiting.length > 0) {
    const batch = nextBatch();
    if (batch.length === 0) continue;
    const startedAt = performance.now();
    const probabilities = await silero.run(batch);
    const reply: VadReply = {
      type: "activity",
      frames: batch.map((frame, at) => ({ stream: frame.stream, index: frame.index, probability: probabilities[at]! })),
      ms: performance.now() - startedAt,
    };
    thread.send(reply);
  }
  running = false;
}

await greet(async () => {
  silero = await Silero.open(file);
});
