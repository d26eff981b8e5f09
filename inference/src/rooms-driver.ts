import { availableParallelism, totalmem } from "node:os";
import path from "node:path";
import { AppError, type Config, type Logger } from "@intramuros/contracts";
import { MoonshineClient } from "./asr/moonshine-client.ts";
import { moonshineFiles } from "./asr/moonshine-files.ts";
import type { Recognizer } from "./asr/recognizer.ts";
import { chooseAsrModel, chooseAsrWorkers } from "./asr/sizing.ts";
import { NgramClient } from "./emotion/ngram-client.ts";
import { type NgramModel, ngramParameters } from "./emotion/ngram-messages.ts";
import { chooseByLanguage } from "./model/choose.ts";
import { missingModels, refusedModel, ruleModels } from "./model/missing.ts";
import type { ModelIdentity } from "./model/model-state.ts";
import { builtInPacksFolder, type FoundPack, readPacks, verifyPack } from "./model/pack-store.ts";
import { identityOf, ModelRegistry } from "./model/registry-driver.ts";
import { ESPEAK_HINT, findEspeak } from "./tts/espeak-gateway.ts";
import { VoiceClient } from "./tts/voice-client.ts";
import { VadClient } from "./vad/vad-client.ts";

/** Every model of this process, opened from the packs that were found. */
export interface Rooms {
  readonly registry: ModelRegistry;
  readonly detector: VadClient;
  readonly recognizers: ReadonlyMap<string, Recognizer & { replace(reason: string): void }>;
  readonly synthesizer: VoiceClient;
  readonly emotion: NgramClient;
  readonly problems: () => string[];
  close(): Promise<void>;
}

export async function openRooms(options: {
  readonly root: string;
  readonly config: Config["inference"];
  readonly log: Logger;
}): Promise<Rooms> {
  const { config, log } = options;
  const registry = new ModelRegistry();
  for (const model of ruleModels) registry.add(model);
  const cores = availableParallelism();
  const builtIn = readPacks(builtInPacksFolder, true);
  const imported = readPacks(path.join(options.root, "models"), false);
  for (const { folder, problem } of [...builtIn.faulty, ...imported.faulty]) {
    log.error({ folder, problem }, "pack refused");
    registry.add(refusedModel(path.basename(folder), problem));
  }

  const asrModel = chooseAsrModel(config.asrModel, { cores, memoryBytes: totalmem() });
  const wanted = [...builtIn.packs, ...imported.packs].filter((pack) => !isSpare(pack, asrModel));
  for (const pack of wanted) registry.addPack(pack, { at: "loading" });
  const espeak = wanted.find((pack) => pack.card.format === "espeak-ng")!;
  const program = findEspeak();
  const voice: FoundPack = program
    ? { ...espeak, card: { ...espeak.card, version: program.version }, sha256: program.sha256 }
    : espeak;
  registry.addPack(voice, program ? { at: "ready" } : { at: "missing", reason: ESPEAK_HINT });
  registry.update(voice.card.id, { sizeBytes: program?.sizeBytes ?? 0 });
  const synthesizer = new VoiceClient({
    model: identityOf(voice),
    concurrency: Math.max(2, cores * 2),
    registry,
    log,
  });
  const verified = await Promise.all(wanted.map((pack) => isUsable(pack, registry)));
  const usable = wanted.filter((_, at) => verified[at]);

  const vadPack = usable.find((pack) => pack.card.format === "silero-vad-v6");
  if (!vadPack) {
    throw new AppError({
      code: "vad-missing",
      message: "the voice detection model is not usable",
      hint: "run `npm start` again, it installs what is missing",
    });
  }
  const detector = new VadClient({ modelId: vadPack.card.id, file: vadPack.files.get("model")!, registry, log });

  const recognizers = openRecognizers(usable, { config, cores, registry, log });
  const emotion = new NgramClient({ models: emotionModels(usable, registry), registry, log });
  for (const model of missingModels) {
    const there = usable.some(
      (pack) =>
        pack.card.task === model.card.task && model.card.languages.every((one) => pack.card.languages.includes(one)),
    );
    if (!there) registry.add(model);
  }
  const problems = (): string[] =>
    registry.list().flatMap(({ entry: { card, availability } }) => {
      if (availability.at === "ready" || missingModels.some((model) => model.card.id === card.id)) return [];
      return [`${card.id}: ${availability.at === "loading" ? "is loading" : availability.reason}`];
    });
  return {
    registry,
    detector,
    recognizers,
    synthesizer,
    emotion,
    problems,
    close: async () => {
      await Promise.all([...new Set(recognizers.values())].map((client) => client.close()));
      await emotion.close();
      await detector.close();
      await synthesizer.close();
    },
  };
}

interface Opening {
  readonly config: Config["inference"];
  readonly cores: number;
  readonly registry: ModelRegistry;
  readonly log: Logger;
}

/** One recogniser for each pack that serves a language. */
function openRecognizers(
  usable: readonly FoundPack[],
  { config, cores, registry, log }: Opening,
): Map<string, MoonshineClient> {
  const candidates = usable.flatMap((pack) => {
    if (pack.card.format !== "moonshine-v1") return [];
    const files = moonshineFiles(pack.files, pack.card.parameters);
    if (!files) failed(registry, pack, "the files encoder and decoder and the parameters layers, heads, headSize");
    return files ? [{ card: pack.card, pack, files }] : [];
  });
  const { byLanguage, replaced } = chooseByLanguage(candidates);
  for (const { pack, by } of replaced) replace(registry, pack.pack, by.pack);
  const clients = new Map<string, MoonshineClient>();
  const recognizers = new Map<string, MoonshineClient>();
  for (const [language, { pack, files }] of byLanguage) {
    const client =
      clients.get(pack.card.id) ??
      new MoonshineClient({
        model: identityOf(pack),
        files,
        workers: chooseAsrWorkers(config.asrWorkers, cores),
        maxQueued: config.maxQueuedRecognitions,
        registry,
        log,
      });
    clients.set(pack.card.id, client);
    recognizers.set(language, client);
  }
  return recognizers;
}

/** One text emotion model for each language. */
function emotionModels(
  usable: readonly FoundPack[],
  registry: ModelRegistry,
): (NgramModel & { readonly identity: ModelIdentity })[] {
  const candidates = usable.flatMap((pack) => {
    if (pack.card.format !== "ngram-softmax-v1") return [];
    const parameters = ngramParameters(pack.card.parameters);
    const file = pack.files.get("model");
    if (!parameters || !file)
      failed(registry, pack, "the file model and the parameters buckets, tellProbability, tellMargin");
    return parameters && file ? [{ card: pack.card, pack, parameters, file }] : [];
  });
  const { byLanguage, replaced } = chooseByLanguage(candidates);
  for (const { pack, by } of replaced) replace(registry, pack.pack, by.pack);
  return [...byLanguage].map(([language, { pack, parameters, file }]) => ({
    language,
    file,
    ...parameters,
    identity: identityOf(pack),
  }));
}

function failed(registry: ModelRegistry, pack: FoundPack, needs: string): void {
  const reason = `pack.json: the format ${pack.card.format} needs ${needs}`;
  registry.update(pack.card.id, { availability: { at: "failed", reason } });
}

/** A model that another one has replaced is not loaded and not listed. */
function replace(registry: ModelRegistry, pack: FoundPack, by: FoundPack): void {
  if (pack.card.id !== by.card.id) registry.remove(pack.card.id);
}

/** Of the two built-in English models one is loaded; the other costs memory and answers nothing. */
function isSpare(pack: FoundPack, asrModel: string): boolean {
  return pack.builtIn && pack.card.task === "asr" && pack.card.id !== asrModel;
}

async function isUsable(pack: FoundPack, registry: ModelRegistry): Promise<boolean> {
  const { id, format } = pack.card;
  const known = ["silero-vad-v6", "moonshine-v1", "espeak-ng", "ngram-softmax-v1"];
  if (!known.includes(format)) {
    registry.update(id, {
      availability: {
        at: "failed",
        reason: `this version does not run packs of the format ${JSON.stringify(format)}: it runs ${known.join(", ")}`,
      },
    });
    return false;
  }
  const verified = await verifyPack(pack);
  switch (verified.type) {
    case "ok":
      if (verified.sizeBytes > 0) registry.update(id, { sizeBytes: verified.sizeBytes });
      return true;
    case "missing":
      registry.update(id, { availability: { at: "missing", reason: verified.reason } });
      return false;
    case "changed":
      registry.update(id, { availability: { at: "failed", reason: verified.reason } });
      return false;
  }
}
