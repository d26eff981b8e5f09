/** A thread of speech recognition: one utterance at a time. */
import { workerData } from "node:worker_threads";
import { floatsOf } from "../audio/pcm.ts";
import { resample } from "../audio/resample.ts";
import { greet, thisThread, yieldToOthers } from "../worker/thread-driver.ts";
import type { AsrJobMessage, AsrReply, AsrWorkerData } from "./asr-messages.ts";
import { Moonshine } from "./moonshine-driver.ts";

const { files, threads, stopFlag } = workerData as AsrWorkerData;
const stop = new Int32Array(stopFlag);
const thread = thisThread();
const NICE = 2;
let moonshine: Moonshine;

async function recognise({ job, samples, rateHz }: AsrJobMessage): Promise<AsrReply> {
  const startedAt = performance.now();
  try {
    const audio = resample(floatsOf(samples), { fromHz: rateHz, toHz: 16_000 });
    const result = await moonshine.recognise(audio, () => Atomics.load(stop, 0) === job);
    if (!result) return { type: "stopped", job };
    return { type: "text", job, ...result, ms: performance.now() - startedAt };
  } catch (error) {
    return { type: "failed", job, reason: (error as Error).message };
  }
}

thread.onMessage((message) => void recognise(message as AsrJobMessage).then((reply) => thread.send(reply)));

yieldToOthers(NICE);
await greet(async () => {
  moonshine = await Moonshine.open(files, threads);
});
