import { availableParallelism, totalmem } from "node:os";
import path from "node:path";
import { AppError, type Config, type Logger } from "@intramuros/contracts";
import { MoonshineClient } from "./asr/moonshine-client.ts";
import { type MoonshineFiles, moonshineFiles } from "./asr/moonshine-files.ts";
import type { Recognizer } from "./asr/recognizer.ts";
import { chooseAsrModel, chooseAsrWorkers } from "./asr/sizing.ts";
import { NgramClient } from "./emotion/ngram-client.ts";
import { type NgramModel, ngramParameters } from "./emotion/ngram-messages.ts";
import { missingModels, ruleModels } from "./model/missing.ts";
import type { ModelIdentity } from "./model/model-state.ts";
import { builtInPacksFolder, type FoundPack, readPacks, verifyPack } from "./model/pack-store.ts";
import { identityOf, ModelRegistry } from "./model/registry-driver.ts";
import { ESPEAK_HINT, espeakVersion } from "./tts/espeak-gateway.ts";
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
  for (const { folder, problem } of [...builtIn.faulty, ...imported.faulty])
    log.error({ folder, problem }, "pack refused");

  const asrModel = chooseAsrModel(config.asrModel, { cores, memoryBytes: totalmem() });
  const wanted = [...builtIn.packs, ...imported.packs].filter((pack) => !isSpare(pack, asrModel));
  for (const pack of wanted) registry.addPack(pack, { at: "loading" });
  const espeak = wanted.find((pack) => pack.card.format === "espeak-ng")!;
  const version = espeakVersion();
  registry.addPack(
    version ? { ...espeak, card: { ...espeak.card, version } } : espeak,
    version ? { at: "ready" } : { at: "missing", reason: ESPEAK_HINT },
  );
  const synthesizer = new VoiceClient({
    model: { ...identityOf(espeak), version: version ?? espeak.card.version },
    concurrency: Math.max(2, cores * 2),
    registry,
    log,
  });
  const usable = new Set<FoundPack>();
  await Promise.all(wanted.map(async (pack) => ((await isUsable(pack, registry)) ? usable.add(pack) : null)));

  const vadPack = wanted.find((pack) => pack.card.format === "silero-vad-v6" && usable.has(pack));
  if (!vadPack) {
    throw new AppError({
      code: "vad-missing",
      message: "the voice detection model is not usable",
      hint: "run `npm start` again, it installs what is missing",
    });
  }
  const detector = new VadClient({ modelId: vadPack.card.id, file: vadPack.files.get("model")!, registry, log });

  const recognizers = new Map<string, MoonshineClient>();
  for (const pack of usable) {
    const files = pack.card.format === "moonshine-v1" ? moonshineFiles(pack.files, pack.card.parameters) : null;
    if (pack.card.format === "moonshine-v1" && files === null) {
      registry.update(pack.card.id, {
        availability: {
          at: "failed",
          reason:
            "pack.json: the format moonshine-v1 needs the files encoder and decoder and the parameters layers, heads, headSize",
        },
      });
    }
    if (files) openRecognizer(pack, files);
  }
  function openRecognizer(pack: FoundPack, files: MoonshineFiles): void {
    const workers = chooseAsrWorkers(config.asrWorkers, cores);
    const client = new MoonshineClient({
      model: identityOf(pack),
      files,
      workers,
      maxQueued: config.maxQueuedRecognitions,
      registry,
      log,
    });
    for (const language of pack.card.languages) {
      const before = recognizers.get(language);
      recognizers.set(language, client); // an imported pack comes after the built-in ones and takes their place
      if (before && ![...recognizers.values()].includes(before)) void before.close();
    }
  }

  const emotion = new NgramClient({ models: emotionModels(usable, registry), registry, log });
  for (const model of missingModels) {
    const there = [...usable].some(
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

/** One text emotion model for each language; an imported one takes the place of the built-in. */
function emotionModels(
  usable: ReadonlySet<FoundPack>,
  registry: ModelRegistry,
): (NgramModel & { readonly identity: ModelIdentity })[] {
  const byLanguage = new Map<string, NgramModel & { readonly identity: ModelIdentity }>();
  for (const pack of usable) {
    if (pack.card.format !== "ngram-softmax-v1") continue;
    const parameters = ngramParameters(pack.card.parameters);
    const file = pack.files.get("model");
    if (!parameters || !file) {
      const reason =
        "pack.json: the format ngram-softmax-v1 needs the file model and the parameters buckets, tellProbability, tellMargin";
      registry.update(pack.card.id, { availability: { at: "failed", reason } });
      continue;
    }
    for (const language of pack.card.languages)
      byLanguage.set(language, { language, file, ...parameters, identity: identityOf(pack) });
  }
  return [...byLanguage.values()];
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
      registry.update(id, { sizeBytes: verified.sizeBytes });
      return true;
    case "missing":
      registry.update(id, { availability: { at: "missing", reason: verified.reason } });
      return false;
    case "changed":
      registry.update(id, { availability: { at: "failed", reason: verified.reason } });
      return false;
  }
}
