/** The running process, spoken to over its socket with real audio. */
import { setTimeout as sleep } from "node:timers/promises";
import { status } from "@grpc/grpc-js";
import t from "tap";
import { Moonshine } from "../src/asr/moonshine-driver.ts";
import { moonshineFiles } from "../src/asr/moonshine-files.ts";
import { rateOf, wordErrors } from "../src/asr/word-errors.ts";
import { floatsOf } from "../src/audio/pcm.ts";
import { resample } from "../src/audio/resample.ts";
import { builtInPacksFolder, readPacks } from "../src/model/pack-store.ts";
import {
  clientsOf,
  freePort,
  joined,
  listen,
  makeHome,
  promptSamples,
  prompts,
  removeHome,
  silence,
  speak,
  speechLike,
  startPeer,
  telephone,
  textOf,
  untilReady,
} from "./peers.ts";

t.setTimeout(240_000);
const HEALTH_PORT = await freePort();
const QUESTION = "What is my daily transfer limit?";
const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z ]/g, "");

const root = makeHome({ healthPort: HEALTH_PORT, maxStreams: 40 });
const peer = startPeer(root, HEALTH_PORT);
t.teardown(async () => {
  await peer.stop("SIGKILL");
  removeHome(root);
});
const health = await untilReady(HEALTH_PORT);
const clients = clientsOf(root);

t.test("ready means: nothing is wrong", async (t) => {
  t.same(health, { ready: true, problems: [] });
  t.equal((await fetch(`http://127.0.0.1:${HEALTH_PORT}/healthz`)).status, 200);
  t.equal((await fetch(`http://127.0.0.1:${HEALTH_PORT}/other`)).status, 404);
});

t.test("a question over the telephone comes back as its words, soon after the end", async (t) => {
  const said = await speak(clients, QUESTION, "en");
  const lastSound = said.samples.findLastIndex((sample) => Math.abs(sample) > 300);
  const clip = telephone(joined(silence(500), said.samples, silence(1500)));
  const events = await listen(clients, clip, { partials: true });
  t.equal(plain(textOf(events)), plain(QUESTION));
  const started = events.find(({ event }) => event.started);
  const final = events.find(({ event }) => event.final);
  const endMs = 500 + lastSound / 8;
  t.comment(
    `started ${Math.round(started!.atMs - 500)} ms after the first sound, final ${Math.round(final!.atMs - endMs)} ms after the last`,
  );
  t.ok(started!.atMs - 500 < 400, "speech is noticed at once");
  t.ok(final!.atMs - endMs < 1500, "the text comes in time even on a busy machine");
  t.equal(final!.event.final!.model!.id, "moonshine-base-en");
  t.match(final!.event.final!.model!.sha256, /^[0-9a-f]{64}$/);
  t.equal(final!.event.final!.emotion!.label, "neutral");
  t.ok(
    events.some(({ event }) => event.partial?.text),
    "partials came while it was said",
  );
});

t.test("an agent's words have no emotion, a customer's anger has", async (t) => {
  const said = await speak(clients, "I am so angry with you. You stole my money!", "en");
  const clip = telephone(joined(silence(300), said.samples, silence(1200)));
  const [customer, agent] = await Promise.all([listen(clients, clip), listen(clients, clip, { party: "agent" })]);
  t.match(plain(textOf(agent)), /i am so angry with you/);
  for (const { event } of agent) if (event.final) t.equal(event.final.emotion, null);
  t.ok(customer.some(({ event }) => event.final?.emotion?.label === "angry"));
});

t.test("Mandarin: voice events flow, the missing pack is named once, finals are empty", async (t) => {
  const said = await speak(clients, "请问还款日期是哪天？", "zh");
  const events = await listen(clients, telephone(joined(silence(300), said.samples, silence(900))), { language: "zh" });
  t.equal(events.filter(({ event }) => event.degraded).length, 1);
  t.match(events[0]!.event.degraded!.reason, /Mandarin/);
  t.equal(events.filter(({ event }) => event.started).length, events.filter(({ event }) => event.ended).length);
  t.ok(events.some(({ event }) => event.final));
  t.equal(textOf(events).trim(), "");
});

t.test("human prompts: streamed as well as off-line, whatever was decided about their ends", async (t) => {
  const chosen = prompts().filter((_, at, all) => at % Math.ceil(all.length / 32) === 0);
  if (chosen.length === 0) {
    t.comment("asterisk-core-sounds-en-wav is not installed: nothing to hear");
    return;
  }
  const pack = readPacks(builtInPacksFolder, true).packs.find(({ card }) => card.id === "moonshine-base-en")!;
  const model = await Moonshine.open(moonshineFiles(pack.files, pack.card.parameters)!, 1);
  const pairs = { offline: [] as { said: string; heard: string }[], streamed: [] as { said: string; heard: string }[] };
  for (const prompt of chosen) {
    const audio = resample(floatsOf(promptSamples(prompt)), { fromHz: 8000, toHz: 16_000 });
    pairs.offline.push({ said: prompt.text, heard: (await model.recognise(audio, () => false))!.text });
  }
  const queue = [...chosen];
  const one = async (): Promise<void> => {
    for (let prompt = queue.shift(); prompt; prompt = queue.shift()) {
      const clip = telephone(joined(silence(300), promptSamples(prompt), silence(1200)));
      pairs.streamed.push({ said: prompt.text, heard: textOf(await listen(clients, clip, { pace: 4 })) });
    }
  };
  await Promise.all([one(), one(), one()]);
  const [offline, streamed] = [rateOf(wordErrors(pairs.offline)), rateOf(wordErrors(pairs.streamed))];
  t.comment(
    `${chosen.length} prompts: word error rate ${(offline * 100).toFixed(1)} % off-line, ${(streamed * 100).toFixed(1)} % streamed`,
  );
  t.ok(streamed <= offline + 0.01, "within one point");
  t.ok(streamed <= 0.08, "and good");
});

t.test("a long recognition does not delay another call's voice detection", async (t) => {
  const said = await speak(clients, QUESTION, "en");
  const long = telephone(joined(...Array.from({ length: 4 }, () => said.samples)));
  const busy = Array.from({ length: 6 }, () =>
    listen(clients, joined(long, silence(900)), { pace: 8, partials: true }),
  );
  await sleep(2_000);
  const events = await listen(clients, telephone(joined(silence(500), said.samples, silence(800))));
  const started = events.find(({ event }) => event.started)!;
  t.comment(`started ${Math.round(started.atMs - 500)} ms after the first sound`);
  t.ok(started.atMs - 500 < 500);
  for (const other of await Promise.all(busy)) t.ok(textOf(other).length > 20);
});

t.test("clicks, a short burst of noise, a tone and keys do not start an utterance", async (t) => {
  const click = silence(800).map((_, at) => (at % 3200 < 12 ? 20_000 : 0));
  const burst = joined(silence(300), speechLike(120), silence(600));
  const tone = silence(1_000).map((_, at) => 8_000 * Math.sin((2 * Math.PI * 440 * at) / 8000));
  const keys = silence(1_000).map((_, at) =>
    at % 1600 < 800
      ? 6_000 * (Math.sin((2 * Math.PI * 770 * at) / 8000) + Math.sin((2 * Math.PI * 1336 * at) / 8000))
      : 0,
  );
  for (const [name, clip] of Object.entries({ click, burst, tone, keys })) {
    const events = await listen(clients, joined(silence(300), telephone(clip), silence(600)), { pace: 4 });
    t.same(events, [], name);
  }
});

t.test("the nearest example names the intent", async (t) => {
  const examples = [
    { intent: "limit", text: "How much can I transfer in a day" },
    { intent: "hours", text: "When are you open" },
  ];
  const { matches } = await new Promise<{ matches: { intent: string; score: number }[] }>((resolve, reject) =>
    clients.language.MatchIntent(
      { text: "how much may I transfer each day", language: "en", examples },
      (error, answer) => (error ? reject(error) : resolve(answer as never)),
    ),
  );
  t.equal(matches[0]!.intent, "limit");
  const many = Array.from({ length: 2001 }, () => examples[0]!);
  await t.rejects(
    new Promise((resolve, reject) =>
      clients.language.MatchIntent({ text: "x", language: "en", examples: many }, (error, answer) =>
        error ? reject(error) : resolve(answer),
      ),
    ),
    { code: status.INVALID_ARGUMENT },
  );
});

t.test("doors say what was wrong", async (t) => {
  const refusal = (
    write: (call: ReturnType<typeof clients.speech.Recognize>) => void,
  ): Promise<{ code: number; details: string }> =>
    new Promise((resolve) => {
      const call = clients.speech.Recognize();
      call.on("data", () => undefined);
      call.on("error", (error) => resolve(error as never));
      write(call);
    });
  const start = { streamId: "x", party: "customer", language: "en", sampleRateHz: 8000 };
  t.match(await refusal((call) => call.write({ audio: Buffer.alloc(320) })), { code: status.FAILED_PRECONDITION });
  t.match(await refusal((call) => call.end()), { code: status.FAILED_PRECONDITION });
  t.match(await refusal((call) => call.write({ start: { ...start, language: "fr" } })), {
    code: status.INVALID_ARGUMENT,
    details: /language/,
  });
  t.match(await refusal((call) => void [call.write({ start }), call.write({ audio: Buffer.alloc(8002) })]), {
    code: status.INVALID_ARGUMENT,
    details: /8002/,
  });
  t.match(await refusal((call) => void [call.write({ start }), call.write({ audio: Buffer.alloc(3) })]), {
    code: status.INVALID_ARGUMENT,
  });
  t.match(await refusal((call) => void [call.write({ start }), call.write({ start })]), {
    code: status.INVALID_ARGUMENT,
    details: /twice/,
  });
  await t.rejects(speak(clients, "x".repeat(4001), "en"), { code: status.INVALID_ARGUMENT });
  await t.rejects(speak(clients, "hello", "en", 44_100), { code: status.INVALID_ARGUMENT });
});

t.test("above the limit of streams new ones are refused, and those that run go on", async (t) => {
  const start = { streamId: "x", party: "customer", language: "en", sampleRateHz: 8000 };
  const calls = Array.from({ length: 40 }, () => clients.speech.Recognize());
  for (const call of calls) {
    call.on("error", () => undefined);
    call.on("data", () => undefined);
    call.write({ start });
  }
  await sleep(500);
  await t.rejects(listen(clients, silence(100)), { code: status.RESOURCE_EXHAUSTED });
  const { load } = await new Promise<{ load: { streams: number; refused: number } | null }>((resolve, reject) =>
    clients.models.ListModels({}, (error, answer) => (error ? reject(error) : resolve(answer!))),
  );
  t.equal(load!.streams, 40);
  t.ok(load!.refused >= 1);
  for (const call of calls) call.cancel();
  await sleep(300);
  t.resolves(listen(clients, silence(200)), "there is room again");
});

t.test("the emotion of texts, and never of an agent's", async (t) => {
  const analyse = (
    text: string,
    party: string,
  ): Promise<{ label: string; abstained: boolean; probabilities: Record<string, number>; evidence: string[] }> =>
    new Promise((resolve, reject) =>
      clients.language.AnalyzeEmotion({ text, party }, (error, answer) =>
        error ? reject(error) : resolve(answer as never),
      ),
    );
  const cases = [
    ["This is outrageous, I have been waiting for an hour, you stole my money", "angry"],
    ["我的卡丢了，我很担心钱被盗刷", "anxious"],
    ["What is my daily transfer limit?", "neutral"],
    ["我的每日转账限额是多少", "neutral"],
    ["Thank you so much, that was very helpful", "happy"],
    ["太过分了，我要投诉你们", "angry"],
    ["My mother passed away last month", "sad"],
  ] as const;
  for (const [text, label] of cases) {
    const score = await analyse(text, "customer");
    t.equal(score.label, label, text);
    t.ok(Math.abs(Object.values(score.probabilities).reduce((sum, value) => sum + value, 0) - 1) < 1e-3);
    if (label !== "neutral") t.ok(score.evidence.length > 0);
  }
  await t.rejects(analyse("I am tired of these customers", "agent"), { code: status.PERMISSION_DENIED });
  await t.rejects(analyse("hello", ""), { code: status.INVALID_ARGUMENT });
});

t.test("models say what they are, and what is missing says what to bring", async (t) => {
  const { models } = await new Promise<{
    models: {
      id: string;
      state: string;
      reason: string;
      sha256: string;
      licence: string;
      runs: number;
      latencyP50Ms: number;
      sizeBytes: number;
    }[];
  }>((resolve, reject) =>
    clients.models.ListModels({}, (error, answer) => (error ? reject(error) : resolve(answer as never))),
  );
  for (const id of ["silero-vad-v6", "moonshine-base-en", "text-emotion-en", "text-emotion-zh"]) {
    const model = models.find((one) => one.id === id)!;
    t.equal(model.state, "ready", id);
    t.match(model.sha256, /^[0-9a-f]{64}$/);
    t.ok(model.licence && model.sizeBytes > 0 && model.runs > 0 && model.latencyP50Ms > 0, `${id} was measured`);
  }
  for (const id of ["asr-zh", "voice-emotion"])
    t.match(
      models.find((one) => one.id === id),
      { state: "missing", reason: /pack/ },
    );
});

t.test("it ends when it is told to, in the middle of a call", async (t) => {
  const call = listen(clients, silence(20_000));
  call.catch(() => undefined);
  await sleep(300);
  const startedAt = performance.now();
  t.equal(await peer.stop("SIGTERM"), 0);
  t.ok(performance.now() - startedAt < 8_000);
});
