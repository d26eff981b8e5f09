import tokenizer from "llama-tokenizer-js";
import { openSession, ort } from "../model/onnx-driver.ts";
import { bestToken, confidenceOf, END_TOKEN, loopLength, maxTokens, START_TOKEN, withoutLoop } from "./greedy.ts";
import type { MoonshineFiles } from "./moonshine-files.ts";

const RATE_HZ = 16_000;
const SHORTEST_SAMPLES = RATE_HZ / 2; // the encoder's strides need some audio
/**
 * Silence put behind every utterance: it ends soon after its last sound here, and the model was trained on clips that do not. A
 * synthetic voice gains much (5.6 → 0 % of the words wrong), human speech neither gains nor loses.
 */
const TAIL_SAMPLES = RATE_HZ / 4;

const SHIFT_SAMPLES = RATE_HZ / 12;
const DOUBTFUL = 0.5;

interface Heard {
  readonly text: string;
  readonly confidence: number;
}

const isDoubtful = (heard: Heard, seconds: number): boolean =>
  seconds > 0.8 && (heard.text === "" || heard.confidence < DOUBTFUL);

/** Moonshine v1: an encoder over raw audio and a decoder with cached keys and values, decoded greedily. */
export class Moonshine {
  readonly #encoder: ort.InferenceSession;
  readonly #decoder: ort.InferenceSession;
  readonly #files: MoonshineFiles;
  /** Outputs of every step but the first: the encoder's keys do not change. */
  readonly #laterOutputs: readonly string[];

  private constructor(encoder: ort.InferenceSession, decoder: ort.InferenceSession, files: MoonshineFiles) {
    this.#encoder = encoder;
    this.#decoder = decoder;
    this.#files = files;
    this.#laterOutputs = decoder.outputNames.filter((name) => !name.includes(".encoder."));
  }

  static async open(files: MoonshineFiles, threads: number): Promise<Moonshine> {
    const encoder = await openSession(files.encoder, threads);
    const decoder = await openSession(files.decoder, threads);
    const moonshine = new Moonshine(encoder, decoder, files);
    await moonshine.recognise(new Float32Array(RATE_HZ), () => false); // the first run is several times slower
    return moonshine;
  }

  /**
   * `samples` at 16 kHz. `stopped` is asked before each token; a stopped recognition answers null. A text that the model itself
   * doubts, or none at all for a second of sound, is tried once more a little later in the window: the likelier one counts.
   */
  async recognise(samples: Float32Array, stopped: () => boolean): Promise<Heard | null> {
    const heard = await this.#decode(samples, stopped);
    if (!heard || !isDoubtful(heard, samples.length / RATE_HZ)) return heard;
    const shifted = new Float32Array(samples.length + SHIFT_SAMPLES);
    shifted.set(samples, SHIFT_SAMPLES);
    const again = await this.#decode(shifted, stopped);
    return again && again.text !== "" && (heard.text === "" || again.confidence > heard.confidence) ? again : heard;
  }

  async #decode(samples: Float32Array, stopped: () => boolean): Promise<Heard | null> {
    const padded = new Float32Array(Math.max(SHORTEST_SAMPLES, samples.length + TAIL_SAMPLES));
    padded.set(samples);
    const encoded = await this.#encoder.run({ input_values: new ort.Tensor("float32", padded, [1, padded.length]) });
    const cache = this.#emptyCache();
    const tokens: number[] = [];
    const probabilities: number[] = [];
    const limit = maxTokens(padded.length / RATE_HZ);
    for (let last = START_TOKEN; tokens.length < limit; ) {
      if (stopped()) return null;
      const first = tokens.length === 0;
      const feeds = {
        input_ids: new ort.Tensor("int64", BigInt64Array.of(BigInt(last)), [1, 1]),
        encoder_hidden_states: encoded.last_hidden_state!,
        use_cache_branch: new ort.Tensor("bool", [!first], [1]),
        ...cache,
      };
      const step = first ? await this.#decoder.run(feeds) : await this.#decoder.run(feeds, this.#laterOutputs);
      const { token, probability } = bestToken(step.logits!.data as Float32Array);
      probabilities.push(probability);
      if (token === END_TOKEN) break;
      tokens.push(token);
      if (loopLength(tokens) > 0) break;
      last = token;
      for (const [name, tensor] of Object.entries(step)) {
        if (name.startsWith("present.")) cache[name.replace("present", "past_key_values")] = tensor;
      }
    }
    const kept = withoutLoop(tokens);
    const text = tokenizer.decode([START_TOKEN, ...kept], true, true).trim();
    return { text, confidence: confidenceOf(probabilities) * (kept.length < tokens.length ? 0.5 : 1) };
  }

  #emptyCache(): Record<string, ort.Tensor> {
    const { layers, heads, headSize } = this.#files;
    const cache: Record<string, ort.Tensor> = {};
    for (let layer = 0; layer < layers; layer++) {
      for (const part of ["decoder.key", "decoder.value", "encoder.key", "encoder.value"]) {
        cache[`past_key_values.${layer}.${part}`] = new ort.Tensor("float32", new Float32Array(0), [
          0,
          heads,
          1,
          headSize,
        ]);
      }
    }
    return cache;
  }
}
