/**
 * Keys as RFC 4733 events. Receiving: a key counts once, with its first packet that arrives, whichever that is. Sending: a packet every
 * 20 ms with a growing duration and one timestamp, then the end three times (§2.5.1.4), then a pause before the next key.
 *
 *     sender    at          next tick                                        goes to
 *     idle      –           key waiting: first packet, marker                pressing
 *     pressing  duration    grows; when long enough: end packet 1            ending
 *     ending    n of 3      end packets 2 and 3                              pausing
 *     pausing   ticks left  nothing of ours (audio plays)                    idle
 */
import { FRAME_TICKS } from "./codec.ts";
import { timestampDistance } from "./rtp-packet.ts";

const KEYS = "0123456789*#ABCD";
export const DTMF_PAYLOAD_BYTES = 4;

const END_PACKETS = 3;
const PAUSE_TICKS = 3; // 60 ms, for receivers that want 40 ms between keys
const MAX_WAITING = 64;
const MAX_DURATION_TICKS = 0xffff;

/** Event code of a key, or null when it is none. */
export const eventOfKey = (key: string): number | null => {
  const code = key.length === 1 ? KEYS.indexOf(key.toUpperCase()) : -1;
  return code < 0 ? null : code;
};

/** Takes the events of one stream; changed in place. */
export class DtmfReceiver {
  #known = false;
  #timestampTicks = 0;
  #event = -1;
  #durationTicks = 0;
  #ended = false;

  /** The key, when this packet is the first to tell of it; otherwise null. Events that are no keys (flash, tones) are passed over. */
  receive(
    packet: { readonly marker: boolean; readonly timestampTicks: number },
    bytes: Uint8Array,
    range: { from: number; to: number },
  ): string | null {
    if (range.to - range.from < DTMF_PAYLOAD_BYTES) return null;
    const event = bytes[range.from]!;
    const ended = (bytes[range.from + 1]! & 0x80) !== 0;
    const durationTicks = (bytes[range.from + 2]! << 8) | bytes[range.from + 3]!;
    if (event >= KEYS.length) return null;
    if (this.#known) {
      const distance = timestampDistance(this.#timestampTicks, packet.timestampTicks);
      if (distance < 0 && distance > -80_000) return null; // an older key's packet, overtaken on the way
      if (distance === 0 || this.#continues(packet.marker, event, distance, durationTicks)) {
        this.#timestampTicks = packet.timestampTicks;
        this.#durationTicks = Math.max(this.#durationTicks, durationTicks);
        this.#ended ||= ended;
        return null;
      }
    }
    this.#known = true;
    this.#timestampTicks = packet.timestampTicks;
    this.#event = event;
    this.#durationTicks = durationTicks;
    this.#ended = ended;
    return KEYS[event]!;
  }

  /**
   * The same press under a later timestamp: the segments of a very long one (§2.5.1.3), and senders that wrongly let the timestamp run
   * along with the duration.
   */
  #continues(marker: boolean, event: number, distance: number, durationTicks: number): boolean {
    if (marker || this.#ended || event !== this.#event) return false;
    return distance === MAX_DURATION_TICKS || (distance > 0 && distance === durationTicks - this.#durationTicks);
  }

  /** The stream begins anew (another source). */
  reset(): void {
    this.#known = false;
  }
}

/** One packet to send instead of audio. `timestampTicks` is where the press began. */
export interface DtmfPacket {
  readonly marker: boolean;
  readonly timestampTicks: number;
  readonly event: number;
  readonly ended: boolean;
  readonly durationTicks: number;
}

/** Keys waiting and the one being sent; ticked every 20 ms, changed in place. */
export class DtmfSender {
  readonly #waiting: { readonly event: number; readonly durationTicks: number }[] = [];
  #at: "idle" | "pressing" | "ending" | "pausing" = "idle";
  #event = 0;
  #totalTicks = 0;
  #durationTicks = 0;
  #startTicks = 0;
  #left = 0;

  /** False when the key is none or too many wait. */
  press(key: string, durationMs: number): boolean {
    const event = eventOfKey(key);
    if (event === null || this.#waiting.length >= MAX_WAITING) return false;
    const frames = Math.max(2, Math.min(300, Math.round(durationMs / 20)));
    this.#waiting.push({ event, durationTicks: frames * FRAME_TICKS });
    return true;
  }

  get busy(): boolean {
    return this.#at !== "idle" || this.#waiting.length > 0;
  }

  /** What to send in this tick instead of audio; null: audio. `nowTicks` is the timestamp that audio would have. */
  tick(nowTicks: number): DtmfPacket | null {
    switch (this.#at) {
      case "idle": {
        const next = this.#waiting.shift();
        if (next === undefined) return null;
        this.#at = "pressing";
        this.#event = next.event;
        this.#totalTicks = next.durationTicks;
        this.#startTicks = nowTicks;
        this.#durationTicks = FRAME_TICKS;
        return this.#packet(true, false);
      }
      case "pressing":
        this.#durationTicks += FRAME_TICKS;
        if (this.#durationTicks < this.#totalTicks) return this.#packet(false, false);
        this.#at = "ending";
        this.#left = END_PACKETS - 1;
        return this.#packet(false, true);
      case "ending":
        if (--this.#left === 0) {
          this.#at = "pausing";
          this.#left = PAUSE_TICKS;
        }
        return this.#packet(false, true);
      case "pausing":
        if (--this.#left === 0) this.#at = "idle";
        return null;
    }
  }

  #packet(marker: boolean, ended: boolean): DtmfPacket {
    return {
      marker,
      timestampTicks: this.#startTicks,
      event: this.#event,
      ended,
      durationTicks: Math.min(MAX_DURATION_TICKS, this.#durationTicks),
    };
  }
}

/** Writes the four bytes of an event, at -10 dBm0. */
export function writeDtmfPayload(into: Uint8Array, at: number, packet: DtmfPacket): void {
  into[at] = packet.event;
  into[at + 1] = (packet.ended ? 0x80 : 0) | 10;
  into[at + 2] = packet.durationTicks >>> 8;
  into[at + 3] = packet.durationTicks;
}
