import { execFile } from "node:child_process";
import { credentials } from "@grpc/grpc-js";
import { AppError, channelOptions, inferenceAddress, inferenceV1, type Language } from "@intramuros/contracts";
import { resampleClip } from "../rtp/resample.ts";
import { readWav } from "./wav.ts";

/**
 * The caller's own mouth and ear. English is spoken by espeak-ng itself, so that the caller stands outside what it tests; Mandarin
 * needs the inference service, which turns hanzi into pinyin first. The ear is the service's, where it has the language.
 */
const SYNTHESIS_LIMIT_MS = 15_000;
const RECOGNITION_LIMIT_MS = 60_000;
const FRAME_MS = 20;
/** Words a minute, as people speak to a machine. Faster, this voice loses its consonants in the telephone band: at 150, 7 of 12
 * recognitions were right, at 130 all 12 (A-law, Moonshine base). */
const CALLER_WORDS_PER_MINUTE = 130;

/** Speech as samples at `sampleRateHz`. Throws `no-voice` when it cannot be spoken. */
export async function speak(root: string, text: string, language: Language, sampleRateHz: number): Promise<Int16Array> {
  if (language === "en") return speakEnglish(text, sampleRateHz);
  try {
    return await synthesise(root, text, language, sampleRateHz);
  } catch (cause) {
    throw noVoice("the inference service cannot speak the text", cause);
  }
}

const noVoice = (message: string, cause: unknown): AppError =>
  new AppError({
    code: "no-voice",
    message,
    hint: "start the appliance (npm start), or give a recording with --wav",
    cause,
  });

function synthesise(root: string, text: string, language: Language, sampleRateHz: number): Promise<Int16Array> {
  const client = new inferenceV1.Synthesis(inferenceAddress(root), credentials.createInsecure(), channelOptions);
  return new Promise<Int16Array>((resolve, reject) => {
    const parts: Buffer[] = [];
    const stream = client.synthesize({ text, language, sampleRateHz }, { deadline: Date.now() + SYNTHESIS_LIMIT_MS });
    stream.on("data", (message) => parts.push(message.audio));
    stream.on("end", () => resolve(toSamples(Buffer.concat(parts))));
    stream.on("error", reject);
  }).finally(() => client.close());
}

const toSamples = (bytes: Buffer): Int16Array => {
  const samples = new Int16Array(bytes.length >> 1);
  for (let n = 0; n < samples.length; n++) samples[n] = bytes.readInt16LE(n * 2);
  return samples;
};

function speakEnglish(text: string, sampleRateHz: number): Promise<Int16Array> {
  const words = ["-v", "en-us", "-s", String(CALLER_WORDS_PER_MINUTE), "--stdin", "--stdout"];
  return new Promise((resolve, reject) => {
    const child = execFile(
      "espeak-ng",
      words,
      { encoding: "buffer", maxBuffer: 16 << 20, timeout: SYNTHESIS_LIMIT_MS },
      (error, stdout) => {
        const wav = error === null ? readWav(stdout) : null;
        if (wav === null || wav.type === "faulty") reject(noVoice("espeak-ng cannot speak the text", error));
        else resolve(resampleClip(wav.samples, wav.sampleRateHz, sampleRateHz));
      },
    );
    child.stdin?.end(text);
  });
}

/** What a recogniser makes of what came back; empty when there is none for the language. */
export function recognise(
  root: string,
  samples: Int16Array,
  language: Language,
  sampleRateHz: number,
): Promise<string> {
  const client = new inferenceV1.Speech(inferenceAddress(root), credentials.createInsecure(), channelOptions);
  return new Promise<string>((resolve) => {
    const texts: string[] = [];
    const stream = client.recognize({ deadline: Date.now() + RECOGNITION_LIMIT_MS });
    const done = (): void => resolve(texts.filter((text) => text !== "").join(" "));
    stream.on("data", (event) => {
      if (event.body === "final" && event.final != null) texts.push(event.final.text);
    });
    stream.on("end", done);
    stream.on("error", done);
    // The assistant's own voice: not a customer's, so no emotion is asked for.
    stream.write({ start: { streamId: "commissioning", party: "agent", language, sampleRateHz, partials: false } });
    const step = (sampleRateHz * FRAME_MS) / 1000;
    let at = 0;
    const feed = (): void => {
      // Faster than real time, yet in pieces that the service's bounded queues can take.
      for (let n = 0; n < 8 && at < samples.length; n++, at += step) {
        const part = samples.subarray(at, at + step);
        stream.write({ audio: Buffer.from(part.buffer, part.byteOffset, part.byteLength) });
      }
      if (at < samples.length) setTimeout(feed, FRAME_MS);
      else {
        stream.write({ finish: {} });
        stream.end();
      }
    };
    feed();
  }).finally(() => client.close());
}
