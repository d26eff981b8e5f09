/** English recognition off-line on human prompts: words wrong, and time taken for time of speech. */
import { promptSamples, prompts } from "../e2e/peers.ts";
import { Moonshine } from "../src/asr/moonshine-driver.ts";
import { moonshineFiles } from "../src/asr/moonshine-files.ts";
import { rateOf, wordErrors } from "../src/asr/word-errors.ts";
import { floatsOf } from "../src/audio/pcm.ts";
import { resample } from "../src/audio/resample.ts";
import { percentile } from "../src/model/model-state.ts";
import { builtInPacksFolder, readPacks } from "../src/model/pack-store.ts";

const CLIPS = 400; // all of the long prompts; a sample of 60 is half a point off

export async function benchAsr(): Promise<{ name: string; figures: Record<string, number>; peer: string }> {
  const all = prompts();
  const chosen = all.filter((_, at) => at % Math.max(1, Math.floor(all.length / CLIPS)) === 0).slice(0, CLIPS);
  const figures: Record<string, number> = { clips: chosen.length };
  for (const id of ["moonshine-base-en", "moonshine-tiny-en"]) {
    const pack = readPacks(builtInPacksFolder, true).packs.find(({ card }) => card.id === id)!;
    const model = await Moonshine.open(moonshineFiles(pack.files, pack.card.parameters)!, 1);
    const pairs: { said: string; heard: string }[] = [];
    const times: number[] = [];
    let speechMs = 0;
    for (const prompt of chosen) {
      const samples = promptSamples(prompt);
      speechMs += samples.length / 8;
      const startedAt = performance.now();
      const result = await model.recognise(resample(floatsOf(samples), { fromHz: 8000, toHz: 16_000 }), () => false);
      times.push(performance.now() - startedAt);
      pairs.push({ said: prompt.text, heard: result?.text ?? "" });
    }
    figures[`${id}: word error rate`] = rateOf(wordErrors(pairs));
    figures[`${id}: real-time factor`] = times.reduce((sum, ms) => sum + ms, 0) / Math.max(1, speechMs);
    figures[`${id}: ms a clip p50`] = percentile(times, 0.5);
    figures[`${id}: ms a clip p95`] = percentile(times, 0.95);
  }
  return {
    name: "English recognition, one thread",
    figures,
    peer: "limits of the design for base: word error rate 0.04, real-time factor 0.2",
  };
}
