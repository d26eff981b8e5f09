import path from "node:path";
import * as grpc from "@grpc/grpc-js";
import { inferenceAddress, telephonyAddress, telephonyV1 } from "@intramuros/contracts";
import t, { type Test } from "tap";
import { type InferenceLink, openInferenceLink } from "../src/call/inference-link-client.ts";
import { readMasterKey } from "../src/call/master-key-store.ts";
import { openRecordingStore } from "../src/call/recording-store.ts";
import { synthesize } from "../src/call/synthesis-client.ts";
import { type Caller, openCaller, scenario, step } from "./call-caller.ts";
import { Attached, openHouse, pause, testSetup, until } from "./call-support.ts";

/** Conversations with the built-in ear and voice: turns, barge-in, the latencies of each stage, lost packets, a message's words. */
t.setTimeout(300_000);
const net = 37;
const base = 23300;
const house = openHouse({ net, base });
const setup = testSetup("127.0.0.0/8");
const callers: Caller[] = [];
let app: Attached;
let link: InferenceLink | undefined;
let question: Int16Array;
let port = 23_500;
let media = 23_396;
t.teardown(async () => {
  app?.close();
  link?.close();
  await house.close();
});
t.afterEach(async () => {
  for (const caller of callers.splice(0)) await caller.close();
});
const call = async (steps: readonly string[], loss = 0): Promise<Caller> => {
  media += 4;
  const caller = await openCaller({
    ...{ server: house.sip, address: `127.29.${net}.100`, sipPort: port++, mediaPort: media, loss },
    ...{ scenario: scenario(...steps), limitMs: 90_000 },
  });
  callers.push(caller);
  return caller;
};
const content = async (t: Test, caller: Caller): Promise<void> => {
  const code = await caller.over;
  if (code !== 0) t.comment(caller.printed());
  t.equal(code, 0, "SIPp was content");
};
const last = () => app.events.at(-1)?.seq ?? 0;
const offeredAfter = async (seq: number) => (await app.wait("offered", (_, event) => event.seq > seq)).callId;

const spoken = (text: string): Promise<Int16Array> =>
  new Promise((resolve, reject) => {
    const chunks: number[] = [];
    const request = { text, language: "en" as const, rate: 1, sampleRateHz: 8000 as const };
    synthesize(link!, request, {
      onAudio: (samples) => {
        for (const sample of samples) chunks.push(sample);
      },
      onEnd: () => resolve(Int16Array.from(chunks)),
      onFailed: reject,
    });
  });

const ANSWER =
  "Your daily transfer limit is fifty thousand. You can change it in the app, or in any branch, when you bring your identity card.";

t.before(async () => {
  await Promise.all([house.start("sip"), house.start("telephony"), house.start("inference")]);
  app = new Attached(house.home, { setup });
  app.onEvent = (event) => {
    if (!event.utterance) return;
    const { turn } = event.utterance;
    app.send({
      say: { callId: event.callId, turn, sayId: `say-${turn}`, text: ANSWER, language: "en", then: "listen" },
    });
  };
  link = openInferenceLink(inferenceAddress(house.home));
  await until("prompts kept", async () => {
    const reply = await fetch(`http://127.0.0.1:${house.healthPorts.telephony}/figures`);
    const figures = (await reply.json()) as { missingPrompts: number; setupRevision: number };
    return figures.setupRevision === 1 && figures.missingPrompts === 0;
  });
  question = await spoken("What is my daily transfer limit?");
});

t.test("a question is heard and answered; speech over the answer stops it within 200 ms", async (t) => {
  const seq = last();
  const caller = await call([step.invite(), step.pause(26_000), step.bye(2)]);
  const callId = await offeredAfter(seq);
  const mine = (_: unknown, event: { callId: string }): boolean => event.callId === callId;
  await app.wait("playbackFinished", mine);
  const responses: number[] = [];
  const stops: number[] = [];
  for (let turn = 1; turn <= 3; turn++) {
    caller.media.play(question);
    const heard = await app.wait("utterance", (utterance, event) => event.callId === callId && utterance.turn === turn);
    t.match(heard.utterance?.text, /limit|transfer|daily/i, "words of the question");
    t.equal(heard.utterance?.modelSha256?.length, 64, "which model heard it is told");
    const started = await app.wait("playbackStarted", (start, event) => event.callId === callId && start.turn === turn);
    responses.push(started.playbackStarted?.responseMs ?? 0);
    t.comment(
      `turn ${turn}: endpoint ${heard.utterance?.endpointMs} ms, recognition ${heard.utterance?.recognitionMs} ms, synthesis ${started.playbackStarted?.synthesisMs} ms, response ${started.playbackStarted?.responseMs} ms`,
    );
    await pause(1500);
    if (turn === 3) break;
    const silentFrom = app.events.length;
    caller.media.play(question);
    const stopped = await app.wait("speechStarted", (speech, event) => {
      return event.callId === callId && speech.bargeIn && app.events.indexOf(event) >= silentFrom;
    });
    stops.push(stopped.speechStarted?.stoppedAfterMs ?? 9999);
    const from = caller.heard().length + 8000 * 0.1;
    await pause(1000);
    t.ok(caller.voicedMs(from) < 60, `nothing is heard after the stop: ${caller.voicedMs(from)} ms`);
    turn++;
    await app.wait("utterance", (utterance, event) => event.callId === callId && utterance.turn === turn);
    await pause(2500);
  }
  t.comment(`barge-in stopped after ${stops.join(", ")} ms; answers after ${responses.join(", ")} ms`);
  t.ok(
    stops.every((ms) => ms < 200),
    "barge-in within 200 ms",
  );
  t.ok(
    responses.every((ms) => ms > 0 && ms < 3000),
    "each answer has its response time",
  );
  await content(t, caller);
});

t.test("with ten percent of the packets lost in each direction the conversation goes on", async (t) => {
  const seq = last();
  const caller = await call([step.invite(), step.pause(14_000), step.bye(2)], 0.1);
  const callId = await offeredAfter(seq);
  const mine = (_: unknown, event: { callId: string }): boolean => event.callId === callId;
  await app.wait("playbackFinished", mine);
  caller.media.play(question);
  const heard = await app.wait("utterance", mine);
  t.match(heard.utterance?.text, /\S/, "words are heard");
  await app.wait("playbackStarted", (start, event) => event.callId === callId && start.turn === 1);
  const from = caller.heard().length;
  await pause(2500);
  t.ok(caller.voicedMs(from) > 1000, `the answer is heard: ${caller.voicedMs(from)} ms of 2500`);
  await content(t, caller);
  const ended = await app.wait("ended", mine);
  const { packetsIn = 0, lostIn = 0, concealedMs = 0 } = ended.ended?.media ?? {};
  t.comment(`in: ${packetsIn} packets, ${lostIn} lost, ${concealedMs} ms concealed`);
  t.ok(lostIn / (packetsIn + lostIn) > 0.05, "the loss is reported");
  t.equal(ended.ended?.side, "customer");
});

t.test("the commissioning call behind the console's button tells its progress and one report", async (t) => {
  const client = new telephonyV1.CallControl(telephonyAddress(house.home), grpc.credentials.createInsecure());
  const stream = client.runCommissioningCall({ say: "What is my daily transfer limit?", to: "8002", language: "en" });
  const progress: string[] = [];
  let report = "";
  stream.on("data", (event) => {
    if (event.progress) progress.push(event.progress);
    if (event.reportJson) report = event.reportJson;
  });
  const second = client.runCommissioningCall({ say: "Hello.", to: "8002", language: "en" });
  const refused = await new Promise<grpc.ServiceError>((resolve) => second.on("error", resolve));
  t.equal(refused.code, grpc.status.RESOURCE_EXHAUSTED, "one at a time");
  await new Promise((resolve, reject) => stream.on("end", resolve).on("error", reject));
  client.close();
  t.ok(progress.length >= 3, progress.join("; "));
  t.match(JSON.parse(report), { answered: true, to: "8002" });
});

t.test("a stale answer is not spoken", async (t) => {
  const seq = last();
  const caller = await call([step.invite(), step.pause(9000), step.bye(2)]);
  const callId = await offeredAfter(seq);
  const mine = (_: unknown, event: { callId: string }): boolean => event.callId === callId;
  await app.wait("playbackFinished", mine);
  app.send({ say: { callId, turn: 7, sayId: "from-the-past", text: ANSWER, language: "en", then: "listen" } });
  await pause(1500);
  t.notOk(app.of(callId).some((event) => event.playbackStarted?.sayId === "from-the-past"));
  await content(t, caller);
});

t.test("a message is recorded, sealed and put into words", async (t) => {
  const seq = last();
  const caller = await call([step.invite(), step.expectBye()]);
  const callId = await offeredAfter(seq);
  const mine = (_: unknown, event: { callId: string }): boolean => event.callId === callId;
  await app.wait("answered", mine);
  app.send({ takeMessage: { callId } });
  await app.wait("playbackFinished", (_, event) => event.callId === callId && event.seq > 0);
  await app.wait("spoken", (prompt, event) => event.callId === callId && prompt.kind === "message");
  await pause(3500);
  caller.media.play(question);
  const taken = await app.wait("messageTaken", mine, 30_000);
  t.match(taken.messageTaken?.transcript, /limit|transfer|daily/i);
  const store = openRecordingStore(house.home, readMasterKey(house.home));
  const wav = await store.read(taken.messageTaken?.recordingPath ?? "");
  t.ok((wav?.length ?? 0) > 8000 * 2 * 2, "two seconds at least");
  t.equal(path.dirname(taken.messageTaken?.recordingPath ?? ""), "recordings");
  await content(t, caller);
});
