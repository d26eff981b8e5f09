/**
 * From packets to a voice: buffer, decoder and concealment of one incoming stream. `steady` gives exactly one frame a turn, for
 * another person's ear; `prompt` gives frames as soon as they are there, for a recogniser's. Changed in place; time is an argument.
 */
import { type AudioCodec, FRAME_MS, FRAME_TICKS } from "./codec.ts";
import { Concealer } from "./concealment.ts";
import { JitterBuffer } from "./jitter-buffer.ts";
import { NONE_NOW, PromptBuffer } from "./prompt-buffer.ts";
import { type PayloadRange, type Placed, WHOLE_FRAME } from "./timeline.ts";

const QUIET = 200; // mean magnitude below which a frame may be left out unheard
const PATIENCE_FRAMES = 50;

export type Pace = "steady" | "prompt";

export class FrameReceiver {
  readonly #codec: AudioCodec;
  readonly #steady: JitterBuffer | null;
  readonly #prompt: PromptBuffer | null;
  readonly #concealer: Concealer;
  readonly #codes = new Uint8Array(FRAME_TICKS);
  readonly #frame: Int16Array;
  readonly #extra: Int16Array;
  #concealed = false;
  #concealedMs = 0;
  #shrinkWaited = 0;
  #dueMs: number | null = null;

  constructor(codec: AudioCodec, pace: Pace) {
    this.#codec = codec;
    this.#steady = pace === "steady" ? new JitterBuffer() : null;
    this.#prompt = pace === "prompt" ? new PromptBuffer() : null;
    this.#concealer = new Concealer(codec.sampleRateHz);
    this.#frame = new Int16Array(FRAME_TICKS * codec.samplesPerTick);
    this.#extra = new Int16Array(FRAME_TICKS * codec.samplesPerTick);
  }

  push(timestampTicks: number, packet: Uint8Array, range: PayloadRange, nowMs: number): Placed {
    return this.#steady === null
      ? this.#prompt!.push(timestampTicks, packet, range, nowMs)
      : this.#steady.push(timestampTicks, packet, range, nowMs);
  }

  /** Every 20 ms; `turns` is more than one when turns were left out. */
  beginTurn(dueMs: number, turns: number): void {
    this.#dueMs = dueMs;
    this.#prompt?.beginTurn(turns);
  }

  /** The next 20 ms of this turn, or null: no more now. To be called until null. The array is used again for the next frame. */
  next(): Int16Array | null {
    this.#concealed = false;
    return this.#steady === null ? this.#nextPrompt(this.#prompt!) : this.#nextSteady(this.#steady);
  }

  #nextPrompt(buffer: PromptBuffer): Int16Array | null {
    const there = buffer.next(this.#codes);
    if (there === NONE_NOW) return null;
    this.#render(this.#frame, there);
    return this.#frame;
  }

  #nextSteady(buffer: JitterBuffer): Int16Array | null {
    if (this.#dueMs === null) return null;
    const there = buffer.pull(this.#codes, this.#dueMs);
    this.#dueMs = null;
    if (!buffer.started) return null;
    this.#render(this.#frame, there);
    if (buffer.wantsShrink && (++this.#shrinkWaited > PATIENCE_FRAMES || isQuiet(this.#frame))) {
      this.#shrinkWaited = 0;
      this.#render(this.#extra, buffer.pullExtra(this.#codes));
      crossFade(this.#frame, this.#extra);
    }
    return this.#frame;
  }

  #render(frame: Int16Array, there: number): void {
    if (there === WHOLE_FRAME) {
      this.#codec.decode(this.#codes, { from: 0, to: FRAME_TICKS }, frame, 0);
      this.#concealer.good(frame, 0, frame.length);
      return;
    }
    this.#half(frame, 0, there > 0 && (there & 1) !== 0);
    this.#half(frame, 1, there > 0 && (there & 2) !== 0);
  }

  #half(frame: Int16Array, half: 0 | 1, there: boolean): void {
    const ticks = FRAME_TICKS / 2;
    const samples = frame.length / 2;
    const at = half * samples;
    if (there) {
      this.#codec.decode(this.#codes, { from: half * ticks, to: (half + 1) * ticks }, frame, at);
      this.#concealer.good(frame, at, at + samples);
    } else {
      // What has faded away is a silence of the peer's (no packets while nobody speaks), not a loss that was hidden.
      if (!this.#concealer.faded) this.#concealedMs += FRAME_MS / 2;
      this.#concealer.conceal(frame, at, at + samples);
      this.#concealed = true;
    }
  }

  /** Whether the frame last given holds sound that was made up. */
  get concealed(): boolean {
    return this.#concealed;
  }
  get concealedMs(): number {
    return this.#concealedMs;
  }

  /** The stream begins anew. */
  reset(): void {
    this.#steady?.reset();
    this.#prompt?.reset();
  }
}

function isQuiet(frame: Int16Array): boolean {
  let sum = 0;
  for (let i = 0; i < frame.length; i++) sum += Math.abs(frame[i]!);
  return sum < QUIET * frame.length;
}

/** Two frames become one: it begins as the first and ends as the second, so that both neighbours fit. */
function crossFade(first: Int16Array, second: Int16Array): void {
  const length = first.length;
  for (let i = 0; i < length; i++) {
    const weight = (i + 1) / (length + 1);
    first[i] = Math.round(first[i]! * (1 - weight) + second[i]! * weight);
  }
}
