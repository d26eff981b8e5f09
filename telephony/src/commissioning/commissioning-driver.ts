import { readFileSync } from "node:fs";
import { AppError, type CommissioningReport, type Home, type MonoMs, monoMs } from "@intramuros/contracts";
import { resampleClip } from "../rtp/resample.ts";
import type { RtpEndpoint } from "../rtp/rtp-endpoint.ts";
import { createRtpPortPool, openRtpEndpoint, type RtpPortPool } from "../rtp/rtp-endpoint-driver.ts";
import type { CallArguments } from "./arguments.ts";
import { collectEvidence } from "./evidence-client.ts";
import { type CallFacts, makeReport } from "./report.ts";
import { type Script, type ScriptInput, startScript, stepScript } from "./script.ts";
import { makeOffer, readAnswer } from "./sdp.ts";
import { openSipCaller, type SipCaller } from "./sip-caller-driver.ts";
import { recognise, speak } from "./speech-client.ts";
import { createVoiceMeter, trimEnd } from "./voice-meter.ts";
import { readWav } from "./wav.ts";

/** Ports of the caller's own media, apart from those of the appliance's default range. */
const PORTS = { min: 24_100, max: 24_999 };
/** Rate at which the caller's speech is prepared; the codec's own is known once the call is answered. */
const SPEECH_HZ = 16_000;
const FRAMES_PER_SECOND = 50;
const DIGIT_GAP_MS = 400;
const MAX_RECORDED_SAMPLES = 120 * SPEECH_HZ;

export interface CommissioningOptions
  extends Pick<CallArguments, "say" | "wav" | "digits" | "to" | "language" | "server" | "codecs" | "timeoutMs"> {
  readonly home: Home;
  readonly onProgress: (line: string) => void;
}

/**
 * Places the call, speaks, listens, hangs up, collects the evidence. A call that goes wrong is a report, not an exception; what
 * cannot even be tried (no such file, no voice) throws AppError.
 */
export async function runCommissioningCall(options: CommissioningOptions): Promise<CommissioningReport> {
  const { home, onProgress } = options;
  const server = options.server ?? serverOf(home);
  const localAddress = server.host.startsWith("127.") ? "127.0.0.1" : server.host;
  onProgress("preparing the caller's speech");
  const speech = await speechOf(options);
  const pool = createRtpPortPool(PORTS);
  const caller = await openSipCaller({ server, localAddress, to: options.to });
  try {
    const call = await placeCall({ ...options, server, localAddress, speech, pool, caller });
    onProgress("asking the appliance what it remembers");
    const evidence =
      call.facts.refusal === null
        ? await collectEvidence(home, caller.callId)
        : { detail: null, audit: [], articleTitle: null, problem: "" };
    const heard =
      call.recorded.samples.length < call.recorded.sampleRateHz / 2
        ? ""
        : await recognise(home.root, call.recorded.samples, options.language, call.recorded.sampleRateHz);
    return makeReport({ ...call.facts, heard, ladder: caller.ladder.map((line) => ({ ...line })) }, evidence);
  } finally {
    caller.close();
  }
}

function serverOf(home: Home): { readonly host: string; readonly port: number } {
  const listener = home.config.sip.listen.find((entry) => entry.startsWith("udp:"));
  if (listener === undefined)
    throw new AppError({
      code: "no-udp",
      message: "the SIP server does not listen on UDP",
      hint: "add a udp: listener to sip.listen, or name another server with --server",
    });
  const colon = listener.lastIndexOf(":");
  const host = listener.slice("udp:".length, colon);
  return { host: host === "auto" || host === "0.0.0.0" ? "127.0.0.1" : host, port: Number(listener.slice(colon + 1)) };
}

/** The caller's words as samples, without silence at the ends; null when only keys are pressed. */
async function speechOf(options: CommissioningOptions): Promise<Int16Array | null> {
  if (options.wav !== null) {
    let bytes: Buffer;
    try {
      bytes = readFileSync(options.wav);
    } catch (cause) {
      throw new AppError({
        code: "wav-unreadable",
        message: `cannot read ${options.wav}`,
        hint: "give the path of a WAV file",
        cause,
      });
    }
    const wav = readWav(bytes);
    if (wav.type === "faulty")
      throw new AppError({
        code: "wav-unreadable",
        message: `${options.wav}: ${wav.problem}`,
        hint: "give a 16-bit PCM WAV",
      });
    return trimEnd(
      wav.sampleRateHz === SPEECH_HZ ? wav.samples : resampleClip(wav.samples, wav.sampleRateHz, SPEECH_HZ),
      SPEECH_HZ / FRAMES_PER_SECOND,
    );
  }
  if (options.say === null) return null;
  return trimEnd(
    await speak(options.home.root, options.say, options.language, SPEECH_HZ),
    SPEECH_HZ / FRAMES_PER_SECOND,
  );
}

interface Placed {
  readonly facts: Omit<CallFacts, "heard" | "ladder">;
  readonly recorded: { readonly samples: Int16Array; readonly sampleRateHz: number };
}

async function placeCall(
  options: CommissioningOptions & {
    readonly localAddress: string;
    readonly speech: Int16Array | null;
    readonly pool: RtpPortPool;
    readonly caller: SipCaller;
  },
): Promise<Placed> {
  const { caller, onProgress } = options;
  const startedAtUnixMs = Date.now();
  const meter = createVoiceMeter();
  const ear = createEar();
  let onVoice: (now: MonoMs) => void = () => {};
  const endpoint = await openRtpEndpoint(options.pool, {
    localAddress: options.localAddress,
    codec: "PCMA", // until the answer says which
    payloadType: 8,
    dtmfPayloadType: 101,
    remote: null,
    allowedSources: [],
    onFrame(frame) {
      const voiced = meter.hear(frame.samples);
      ear.take(frame.samples);
      if (voiced) onVoice(monoMs(performance.now()));
    },
    onDigit() {},
  });
  const outcome = { setupMs: Number.NaN, greetingMs: Number.NaN, responseMs: Number.NaN };
  const facts = (refusal: string | null): Placed => {
    const report = endpoint.report();
    return {
      recorded: { samples: ear.answer(endpoint.sampleRateHz), sampleRateHz: endpoint.sampleRateHz },
      facts: {
        startedAtUnixMs,
        sipCallId: caller.callId,
        to: options.to,
        language: options.language,
        said: options.say ?? "",
        digits: options.digits,
        refusal,
        ...outcome,
        media: {
          codec: endpoint.codec,
          sent: report.packetsOut,
          received: report.packetsIn,
          lost: report.lostIn,
          jitterMs: Math.round(report.jitterInMs * 10) / 10,
        },
      },
    };
  };
  try {
    onProgress(`calling ${options.to}`);
    const invited = await caller.invite(
      makeOffer({ address: options.localAddress, port: endpoint.localPort }, options.codecs),
    );
    if (invited.type !== "answered") return facts(refusalOf(invited, options.to));
    outcome.setupMs = invited.setupMs;
    const answer = readAnswer(invited.sdp);
    if (answer.type === "faulty") {
      await caller.bye();
      return facts(`the call was answered, but ${answer.problem}`);
    }
    endpoint.update({
      remote: answer.remote,
      codec: answer.codec,
      payloadType: answer.payloadType,
      dtmfPayloadType: answer.dtmfPayloadType,
    });
    onProgress("answered; listening to the greeting");
    const answeredAt = performance.now();
    await converse({
      ...options,
      endpoint,
      ear,
      setOnVoice(listener) {
        onVoice = (now) => {
          if (Number.isNaN(outcome.greetingMs)) outcome.greetingMs = now - answeredAt;
          listener(now);
        };
      },
      onResponse(ms) {
        outcome.responseMs = ms;
      },
    });
    return facts(null);
  } finally {
    await endpoint.close();
  }
}

function refusalOf(
  outcome:
    | { readonly type: "refused"; readonly status: number; readonly reason: string }
    | { readonly type: "unreachable"; readonly reason: string },
  to: string,
): string {
  if (outcome.type === "unreachable")
    return `the SIP server cannot be reached: ${outcome.reason}; is the appliance running (npm run status)?`;
  const { status, reason } = outcome;
  if (status === 401 || status === 407)
    return `the call was challenged (${status}): no trunk lists the address 127.0.0.1; add it to a trunk on the console`;
  if (status === 403)
    return `the call was refused (403 ${reason}): no trunk lists this caller's address; add 127.0.0.1 to a trunk on the console`;
  if (status === 404) return `no number fits ${to} (404 ${reason}); map it to a flow on the console, or use --to`;
  if (status === 503)
    return `the appliance takes no calls now (503 ${reason}); npm run status says which process is missing`;
  return `the call was refused: ${status} ${reason}`;
}

/** Runs the caller's script until it is finished, the other side ends, or time is up. */
function converse(
  options: CommissioningOptions & {
    readonly speech: Int16Array | null;
    readonly endpoint: RtpEndpoint;
    readonly ear: Ear;
    readonly caller: SipCaller;
    readonly setOnVoice: (listener: (now: MonoMs) => void) => void;
    readonly onResponse: (ms: number) => void;
  },
): Promise<void> {
  const { endpoint, caller, ear, onProgress } = options;
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | null = null;
    let state: Script = { at: "finished" };
    let spokenAt = Number.NaN;
    let over = false;
    const limit = setTimeout(() => finish(true), options.timeoutMs);
    const finish = (hangUp: boolean): void => {
      if (over) return;
      over = true;
      clearTimeout(limit);
      if (timer !== null) clearTimeout(timer);
      endpoint.stopPlaying();
      if (hangUp) void caller.bye().then(() => resolve());
      else resolve();
    };
    const apply = (result: ReturnType<typeof stepScript>): void => {
      state = result.state;
      if (timer !== null) clearTimeout(timer);
      timer =
        result.wakeAt === null
          ? null
          : setTimeout(() => take({ type: "wake" }), Math.max(0, result.wakeAt - performance.now()));
      for (const output of result.outputs) {
        switch (output.type) {
          case "speak":
            onProgress("speaking");
            say(() => {
              spokenAt = performance.now();
              ear.start();
              take({ type: "spoken" });
            });
            break;
          case "answer-began":
            options.onResponse(performance.now() - spokenAt);
            onProgress("listening to the answer");
            break;
          case "hang-up":
            finish(true);
            break;
        }
      }
    };
    const take = (input: ScriptInput | { readonly type: "wake" }): void => {
      if (!over) apply(stepScript(state, input, monoMs(performance.now())));
    };
    const say = (done: () => void): void => {
      if (options.speech === null) {
        options.digits.forEach((digit, n) => {
          setTimeout(() => endpoint.sendDigit(digit), n * DIGIT_GAP_MS);
        });
        setTimeout(done, options.digits.length * DIGIT_GAP_MS);
        return;
      }
      endpoint.play(
        endpoint.sampleRateHz === SPEECH_HZ
          ? options.speech
          : resampleClip(options.speech, SPEECH_HZ, endpoint.sampleRateHz),
      );
      endpoint.whenPlayed(done);
    };
    options.setOnVoice(() => take({ type: "voice" }));
    void caller.remoteEnded.then(() => {
      take({ type: "remote-ended" });
      finish(false);
    });
    apply(startScript(monoMs(performance.now())));
  });
}

/** Keeps the voice that comes after the question, for the recogniser. */
interface Ear {
  start(): void;
  take(samples: Int16Array): void;
  answer(sampleRateHz: number): Int16Array;
}

function createEar(): Ear {
  const frames: Int16Array[] = [];
  let on = false;
  let samplesKept = 0;
  return {
    start() {
      on = true;
    },
    take(samples) {
      if (!on || samplesKept > MAX_RECORDED_SAMPLES) return;
      frames.push(samples.slice());
      samplesKept += samples.length;
    },
    answer(sampleRateHz) {
      const all = new Int16Array(samplesKept);
      let at = 0;
      for (const frame of frames) {
        all.set(frame, at);
        at += frame.length;
      }
      return trimEnd(all, sampleRateHz / FRAMES_PER_SECOND);
    },
  };
}
