/** What we know of one incoming stream: extended sequence (RFC 3550 A.1), loss (A.3), jitter (A.8). Changed in place, once a packet. */
import { sequenceDistance, timestampDistance } from "./rtp-packet.ts";

const MAX_DROPOUT = 3000;
const MAX_MISORDER = 100;

export class ReceptionStats {
  readonly #clockHz: number;
  #started = false;
  #baseSequence = 0;
  #highest = 0; // extended
  #received = 0;
  #badNext = -1;
  #lastArrivalMs = Number.NaN;
  #lastTimestamp = 0;
  #jitterTicks = 0;
  #jitterSum = 0;
  #jitterCount = 0;
  #jitterMax = 0;
  #expectedPrior = 0;
  #receivedPrior = 0;
  /** Of streams before the present one (the peer changed its source or began anew). */
  #lostBefore = 0;

  constructor(clockHz: number) {
    this.#clockHz = clockHz;
  }

  /**
   * Takes a packet. `"jump"` says that the sequence leapt and this packet is not counted: two in a row, one after the other,
   * and the stream is taken to have begun anew (A.1).
   */
  receive(
    packet: { sequence: number; timestampTicks: number },
    arrivalMs: number,
    /** No: a key's packets all have the time at which it was pressed. */
    isTimed = true,
  ): "counted" | "jump" {
    if (!this.#started) {
      this.#begin(packet.sequence);
    } else {
      const distance = sequenceDistance(this.#highest & 0xffff, packet.sequence);
      if (distance > MAX_DROPOUT || distance < -MAX_MISORDER) {
        if (packet.sequence !== this.#badNext) {
          this.#badNext = (packet.sequence + 1) & 0xffff;
          return "jump";
        }
        this.restart();
        this.#begin(packet.sequence);
      } else if (distance > 0) {
        this.#highest += distance;
      }
    }
    this.#badNext = -1;
    this.#received++;
    if (isTimed) this.#measureJitter(packet.timestampTicks, arrivalMs);
    return "counted";
  }

  /** The next packet begins a new stream; what was lost so far stays counted. */
  restart(): void {
    this.#lostBefore = this.lost;
    this.#started = false;
  }

  #begin(sequence: number): void {
    this.#started = true;
    this.#baseSequence = sequence;
    this.#highest = sequence;
    this.#received = 0;
    this.#expectedPrior = 0;
    this.#receivedPrior = 0;
    this.#lastArrivalMs = Number.NaN;
  }

  /** A sender's clock that is set anew is no jitter: a difference above two seconds is not taken in. */
  #measureJitter(timestampTicks: number, arrivalMs: number): void {
    const arrivedTicks = ((arrivalMs - this.#lastArrivalMs) * this.#clockHz) / 1000;
    const sentTicks = timestampDistance(this.#lastTimestamp, timestampTicks);
    this.#lastArrivalMs = arrivalMs;
    this.#lastTimestamp = timestampTicks;
    const difference = Math.abs(arrivedTicks - sentTicks);
    if (!(difference <= this.#clockHz * 2)) return; // the first packet has no difference
    this.#jitterTicks += (difference - this.#jitterTicks) / 16;
    this.#jitterSum += this.#jitterTicks;
    this.#jitterCount++;
    if (this.#jitterTicks > this.#jitterMax) this.#jitterMax = this.#jitterTicks;
  }

  get expected(): number {
    return this.#started ? this.#highest - this.#baseSequence + 1 : 0;
  }
  /** Packets lost for good so far, over all streams; duplicates do not make it negative. */
  get lost(): number {
    return this.#lostBefore + Math.max(0, this.expected - (this.#started ? this.#received : 0));
  }
  get jitterTicks(): number {
    return Math.round(this.#jitterTicks);
  }
  get jitterMs(): number {
    return (this.#jitterTicks * 1000) / this.#clockHz;
  }
  /** All values that the jitter had, one a packet. */
  get jitterSum(): { readonly sumMs: number; readonly count: number; readonly maxMs: number } {
    const ms = 1000 / this.#clockHz;
    return { sumMs: this.#jitterSum * ms, count: this.#jitterCount, maxMs: this.#jitterMax * ms };
  }
  get highestSequence(): number {
    return this.#highest >>> 0;
  }
  get hasStarted(): boolean {
    return this.#started;
  }

  /** Figures of a report block; asking for them begins the next interval (A.3). */
  takeReport(): { readonly fractionLost: number; readonly cumulativeLost: number } {
    const expected = this.expected;
    const expectedInterval = expected - this.#expectedPrior;
    const lostInterval = expectedInterval - (this.#received - this.#receivedPrior);
    this.#expectedPrior = expected;
    this.#receivedPrior = this.#received;
    const fractionLost =
      expectedInterval <= 0 || lostInterval <= 0
        ? 0
        : Math.min(255, Math.floor((lostInterval * 256) / expectedInterval));
    const cumulativeLost = Math.max(-0x800000, Math.min(0x7fffff, expected - this.#received));
    return { fractionLost, cumulativeLost };
  }
}
