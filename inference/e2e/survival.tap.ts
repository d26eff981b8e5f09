/** What happens when a part is gone: threads, the voice's process, the program, a port. */
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openHome, openLog } from "@intramuros/contracts";
import t from "tap";
import { startInference } from "../src/app.ts";
import { builtInPacksFolder, readPacks } from "../src/model/pack-store.ts";
import {
  clientsOf,
  freePort,
  joined,
  listen,
  makeHome,
  removeHome,
  silence,
  speak,
  startPeer,
  telephone,
  textOf,
  untilReady,
} from "./peers.ts";

t.setTimeout(180_000);
const HEALTH_PORT = await freePort();
const QUESTION = "What is my daily transfer limit?";

async function settles(check: () => Promise<boolean> | boolean, withinMs: number): Promise<boolean> {
  for (const until = performance.now() + withinMs; performance.now() < until; await sleep(50))
    if (await check()) return true;
  return false;
}

t.test("threads that end are started again, and calls go on", async (t) => {
  const root = makeHome({ healthPort: HEALTH_PORT, asrWorkers: 1 });
  const home = openHome(root);
  const inference = await startInference({ home, log: openLog("inference", "error"), healthPort: HEALTH_PORT });
  t.teardown(async () => {
    await inference.close();
    removeHome(root);
  });
  await inference.settled();
  const { detector, recognizers, emotion, synthesizer, registry } = inference.rooms;
  const clients = clientsOf(root);
  const said = await speak(clients, QUESTION, "en");
  const clip = telephone(joined(silence(300), said.samples, silence(1200)));

  const during = listen(clients, joined(clip, silence(1500), clip));
  await sleep(800);
  detector.replace("test");
  t.ok(await settles(() => detector.isReady, 10_000), "voice detection is back");
  t.match(textOf(await during), /transfer limit\?$/, "the stream that was open heard the second question");

  const recognizer = recognizers.get("en")!;
  const ticket = recognizer.recognise({ use: "final", samples: said.samples, rateHz: 8000, phrases: [] });
  await sleep(5);
  recognizer.replace("test");
  t.equal((await ticket.outcome).type, "failed", "the utterance that was lost says so");
  t.ok(
    await settles(() => registry.get("moonshine-base-en")?.availability.at === "ready", 30_000),
    "the recogniser is back",
  );
  t.match(textOf(await listen(clients, clip)), /daily transfer/);

  emotion.replace("test");
  t.ok(
    await settles(async () => (await emotion.analyse("thank you so much", "en"))?.label === "happy", 10_000),
    "the text model is back",
  );

  process.kill(synthesizer.hostPid!, "SIGKILL");
  t.ok(
    await settles(async () => (await speak(clients, "Good morning.", "en").catch(() => null)) !== null, 10_000),
    "the voice is back",
  );
});

t.test("without espeak-ng the voice is missing and says how to get it; the rest works", async (t) => {
  const root = makeHome({ healthPort: HEALTH_PORT });
  const peer = startPeer(root, HEALTH_PORT, { ...process.env, PATH: "/nonexistent" });
  t.teardown(async () => {
    await peer.stop("SIGKILL");
    removeHome(root);
  });
  const { problems } = await untilReady(HEALTH_PORT);
  t.match(problems, [/espeak-ng: .*apt-get install espeak-ng/]);
  const clients = clientsOf(root);
  await t.rejects(speak(clients, "hello", "en"), /apt-get install espeak-ng/);
  t.same(await listen(clients, silence(300)), []);
});

t.test("a port that is taken and a config that is wrong end the start with a sentence", async (t) => {
  const root = makeHome({ healthPort: HEALTH_PORT });
  const first = startPeer(root, HEALTH_PORT);
  await untilReady(HEALTH_PORT);
  const otherRoot = makeHome({ healthPort: HEALTH_PORT });
  const second = startPeer(otherRoot, HEALTH_PORT);
  t.equal(await new Promise((resolve) => second.process.on("exit", resolve)), 1);
  t.match(second.output(), /port-taken: .*inference\.healthPort/);
  t.equal(await first.stop("SIGKILL"), null);
  const again = startPeer(root, HEALTH_PORT);
  t.ok(await untilReady(HEALTH_PORT), "a socket that a killed process left does not keep the next one out");
  t.equal(await again.stop("SIGTERM"), 0);
  const wrongRoot = makeHome({ healthPort: 0 });
  const wrong = startPeer(wrongRoot, 0);
  t.equal(await new Promise((resolve) => wrong.process.on("exit", resolve)), 1);
  t.match(wrong.output(), /inference\.healthPort/);
  for (const home of [root, otherRoot, wrongRoot]) removeHome(home);
});

t.test("a customer's packs: the good one runs, the others say what is wrong", async (t) => {
  const port = await freePort();
  const root = makeHome({ healthPort: port, asrWorkers: 1 });
  const tiny = readPacks(builtInPacksFolder, true).packs.find(({ card }) => card.id === "moonshine-tiny-en")!;
  const put = (id: string, change: Record<string, unknown>, copies: boolean): void => {
    const folder = path.join(root, "models", id);
    mkdirSync(folder, { recursive: true });
    const files = tiny.card.files.map((file) => ({ ...file, from: `${file.role}.onnx` }));
    writeFileSync(path.join(folder, "pack.json"), JSON.stringify({ ...tiny.card, id, files, ...change }));
    for (const [role, file] of tiny.files) if (copies) copyFileSync(file, path.join(folder, `${role}.onnx`));
  };
  put("site-mandarin", { languages: ["zh"] }, true);
  put("site-unknown", { languages: ["fr"], format: "something-else" }, true);
  put("site-torn", { languages: ["de"] }, true);
  writeFileSync(path.join(root, "models/site-torn/encoder.onnx"), "not a model");
  put("site-gone", { languages: ["it"] }, false);
  put("site-odd", { task: "magic" }, false);
  put("site-english", {}, true);
  const peer = startPeer(root, port);
  t.teardown(async () => {
    await peer.stop("SIGKILL");
    removeHome(root);
  });
  await untilReady(port);
  const clients = clientsOf(root);
  const { models } = await new Promise<{ models: { id: string; state: string; reason: string; builtIn: boolean }[] }>(
    (resolve, reject) =>
      clients.models.ListModels({}, (error, answer) => (error ? reject(error) : resolve(answer as never))),
  );
  const of = (id: string) => models.find((model) => model.id === id);
  t.match(of("site-mandarin"), { state: "ready", builtIn: false });
  t.match(of("site-unknown"), { state: "failed", reason: /something-else/ });
  t.match(of("site-torn"), { state: "failed", reason: /not the file that pack\.json names/ });
  t.match(of("site-gone"), { state: "missing", reason: /import the pack again/ });
  t.match(of("site-odd"), { state: "failed", reason: /task/ });
  t.match(of("site-english"), { state: "ready" });
  t.notOk(of("moonshine-base-en"), "a site's model takes the place of the built-in one");
  t.notOk(of("asr-zh"), "nothing is missing any more for Mandarin");
  // The pack speaks English in truth; what matters is that a stream of its language is given to it.
  const said = await speak(clients, QUESTION, "en");
  const events = await listen(clients, telephone(joined(silence(300), said.samples, silence(1200))), {
    language: "zh",
  });
  t.equal(events.filter(({ event }) => event.degraded).length, 0);
  t.equal(events.find(({ event }) => event.final)!.event.final!.model!.id, "site-mandarin");
  t.match(textOf(events), /transfer/);
});
