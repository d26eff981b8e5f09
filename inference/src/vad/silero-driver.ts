import { openSession, ort } from "../model/onnx-driver.ts";
import { contextSamples, frameSamples } from "./frames.ts";

const STATE = 128;

/** One stream's memory of the past: the network's state and the end of its last frame. */
interface StreamMemory {
  readonly rateHz: number;
  readonly state: Float32Array; // two layers of 128
  readonly context: Float32Array;
}

export interface SileroFrame {
  readonly stream: number;
  readonly rateHz: number;
  readonly samples: Float32Array;
}

/** Silero VAD over many streams: frames of one rate that arrive together go through the network as one batch. */
export class Silero {
  readonly #session: ort.InferenceSession;
  readonly #streams = new Map<number, StreamMemory>();

  private constructor(session: ort.InferenceSession) {
    this.#session = session;
  }

  static async open(file: string): Promise<Silero> {
    const silero = new Silero(await openSession(file, 1));
    // The first run of each shape is slow; it must not fall into a call.
    for (const rateHz of [8000, 16000]) {
      await silero.run([{ stream: -1, rateHz, samples: new Float32Array(frameSamples(rateHz)) }]);
      silero.forget(-1);
    }
    return silero;
  }

  forget(stream: number): void {
    this.#streams.delete(stream);
  }

  /** Probabilities of speech, in the order of the frames. All frames have one rate, each stream occurs once. */
  async run(frames: readonly SileroFrame[]): Promise<number[]> {
    const rateHz = frames[0]!.rateHz;
    const context = contextSamples(rateHz);
    const width = context + frameSamples(rateHz);
    const batch = frames.length;
    const input = new Float32Array(batch * width);
    const state = new Float32Array(2 * batch * STATE);
    const memories = frames.map((frame) => this.#memoryOf(frame));
    for (let at = 0; at < batch; at++) {
      const memory = memories[at]!;
      input.set(memory.context, at * width);
      input.set(frames[at]!.samples, at * width + context);
      state.set(memory.state.subarray(0, STATE), at * STATE);
      state.set(memory.state.subarray(STATE), (batch + at) * STATE);
    }
    const result = await this.#session.run({
      input: new ort.Tensor("float32", input, [batch, width]),
      state: new ort.Tensor("float32", state, [2, batch, STATE]),
      sr: new ort.Tensor("int64", BigInt64Array.of(BigInt(rateHz)), []),
    });
    const next = result.stateN!.data as Float32Array;
    for (let at = 0; at < batch; at++) {
      const memory = memories[at]!;
      memory.state.set(next.subarray(at * STATE, (at + 1) * STATE), 0);
      memory.state.set(next.subarray((batch + at) * STATE, (batch + at + 1) * STATE), STATE);
      memory.context.set(input.subarray((at + 1) * width - context, (at + 1) * width));
    }
    return [...(result.output!.data as Float32Array)];
  }

  #memoryOf(frame: SileroFrame): StreamMemory {
    const known = this.#streams.get(frame.stream);
    if (known && known.rateHz === frame.rateHz) return known;
    const fresh = {
      rateHz: frame.rateHz,
      state: new Float32Array(2 * STATE),
      context: new Float32Array(contextSamples(frame.rateHz)),
    };
    this.#streams.set(frame.stream, fresh);
    return fresh;
  }
}
