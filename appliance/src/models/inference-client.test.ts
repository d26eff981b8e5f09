import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as grpc from "@grpc/grpc-js";
import { inferenceV1, openLog } from "@intramuros/contracts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openInferenceClient } from "./inference-client.ts";

let folder: string;
let address: string;
let closers: (() => unknown)[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "intramuros-inf-"));
  address = `unix:${folder}/i.sock`;
  closers = [];
});
afterEach(async () => {
  for (const close of closers.reverse()) await close();
  rmSync(folder, { recursive: true, force: true });
});
const client = (now?: () => number) => {
  const opened = openInferenceClient({
    address,
    log: openLog("appliance", "error"),
    ...(now === undefined ? {} : { now }),
  });
  closers.push(() => opened.close());
  return opened;
};
/** Inference's side of the wire: angry after `delayMs`. */
async function serve(delayMs: number): Promise<{ asked: number }> {
  const seen = { asked: 0 };
  const server = new grpc.Server();
  const model = { id: "text-emotion", version: "1", sha256: "ab" };
  server.addService(inferenceV1.Language.service, {
    analyzeEmotion(_call: unknown, reply: grpc.sendUnaryData<object>) {
      seen.asked += 1;
      const score = {
        label: "angry",
        probabilities: { angry: 0.8, neutral: 0.2, nonsense: 9 },
        intensity: 7,
        source: "text",
        model,
      };
      setTimeout(() => reply(null, score), delayMs);
    },
    identifyLanguage: (_call: unknown, reply: grpc.sendUnaryData<object>) => reply(null, {}),
    matchIntent: (_call: unknown, reply: grpc.sendUnaryData<object>) => reply(null, {}),
  });
  server.addService(inferenceV1.Models.service, {
    listModels: (_call: unknown, reply: grpc.sendUnaryData<object>) =>
      reply(null, { models: [{ id: "vad", state: "ready" }] }),
  });
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(address, grpc.ServerCredentials.createInsecure(), (error) => (error ? reject(error) : resolve()));
  });
  closers.push(() => server.forceShutdown());
  return seen;
}

test("the emotion of typed words, with figures forced into their ranges", async () => {
  await serve(0);
  expect(await client().emotion("this is outrageous", "en")).toEqual({
    label: "angry",
    probabilities: { angry: 0.8, neutral: 0.2 },
    intensity: 1,
    abstained: false,
    evidence: [],
    source: "text",
    modelId: "text-emotion",
    modelVersion: "1",
    modelSha256: "ab",
  });
});

test("a late answer is no answer: the chat goes on after 300 ms", async () => {
  const seen = await serve(2_000);
  const inference = client();
  const started = performance.now();
  expect(await inference.emotion("hello", "en")).toBeNull();
  expect(performance.now() - started).toBeLessThan(600);
  expect(await inference.emotion("hello again", "en")).toBeNull();
  expect(seen.asked).toBe(1);
});

test("without inference nothing waits, and it is found again when it is back", async () => {
  let now = 0;
  const inference = client(() => now);
  expect(await inference.emotion("hello", "en")).toBeNull();
  expect(await inference.models()).toBeNull();
  expect(inference.available()).toBe(false);
  const started = performance.now();
  expect(await inference.emotion("hello", "en")).toBeNull();
  expect(performance.now() - started).toBeLessThan(20);
  await serve(0);
  now = 10_000;
  const deadline = Date.now() + 5_000;
  while ((await inference.models()) === null && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect(inference.available()).toBe(true);
  now = 20_000;
  expect((await inference.emotion("hello", "en"))?.label).toBe("angry");
});
