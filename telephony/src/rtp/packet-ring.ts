/**
 * The last packets of all calls in one ring of bytes, oldest first, for captures. What it takes is bounded by its size and by age; what
 * has left is overwritten with zeros. A packet costs one copy and no object.
 *
 *     entry   0       4        12     16      20      22
 *             length  at (ms)  path   stream  bytes   packet …
 *
 * `length` counts the whole entry; 0 says that the rest of the ring up to its end is empty. Changed in place; time is an argument.
 */
import type { RtpAddress } from "./rtp-endpoint.ts";

const HEAD_BYTES = 22;
const FIRST_SWEEP = 4096;

/** One way that packets take: a direction between two addresses. */
export interface PacketPath {
  readonly outgoing: boolean;
  readonly rtcp: boolean;
  readonly local: RtpAddress;
  readonly remote: RtpAddress;
}
export interface RingPacket extends PacketPath {
  /** Unix time, ms with a fraction. */
  readonly atMs: number;
  readonly data: Buffer;
}

export class PacketRing {
  readonly #bytes: Buffer;
  readonly #paths = new Map<number, { readonly path: PacketPath; lastAt: number }>();
  #nextPath = 1;
  #sweepAt = FIRST_SWEEP;
  /** Positions only grow; a byte lies at position modulo size. */
  #head = 0;
  #tail = 0;

  /** 0: keeps nothing. */
  constructor(sizeBytes: number) {
    this.#bytes = Buffer.alloc(sizeBytes);
  }

  get usedBytes(): number {
    return this.#head - this.#tail;
  }

  /** A number for a path, to be kept by who sends along it. */
  openPath(path: PacketPath): number {
    if (this.#paths.size >= this.#sweepAt) {
      for (const [id, { lastAt }] of this.#paths) if (lastAt < this.#tail) this.#paths.delete(id);
      this.#sweepAt = Math.max(FIRST_SWEEP, 2 * this.#paths.size);
    }
    const id = this.#nextPath++;
    this.#paths.set(id, { path, lastAt: this.#head });
    return id;
  }

  /** False: the path was forgotten, for nothing of it is left in the ring; it has to be opened again. */
  add(packet: {
    readonly stream: number;
    readonly path: number;
    readonly atMs: number;
    readonly bytes: Uint8Array;
    readonly length: number;
  }): boolean {
    const entry = HEAD_BYTES + packet.length;
    const size = this.#bytes.length;
    if (entry + HEAD_BYTES > size) return true;
    const path = this.#paths.get(packet.path);
    if (path === undefined) return false;
    const toEnd = size - (this.#head % size);
    if (toEnd < entry) {
      this.#free(toEnd);
      if (toEnd >= 4) this.#bytes.writeUInt32LE(0, this.#head % size);
      this.#head += toEnd;
    }
    this.#free(entry);
    const at = this.#head % size;
    const bytes = this.#bytes;
    bytes.writeUInt32LE(entry, at);
    bytes.writeDoubleLE(packet.atMs, at + 4);
    bytes.writeUInt32LE(packet.path, at + 12);
    bytes.writeUInt32LE(packet.stream, at + 16);
    bytes.writeUInt16LE(packet.length, at + 20);
    for (let i = 0; i < packet.length; i++) bytes[at + HEAD_BYTES + i] = packet.bytes[i]!;
    path.lastAt = this.#head;
    this.#head += entry;
    return true;
  }

  /** Lets go of what is older. */
  trim(beforeMs: number): void {
    while (this.#tail < this.#head) {
      const length = this.#lengthAt(this.#tail);
      const at = this.#tail % this.#bytes.length;
      if (length.real && this.#bytes.readDoubleLE(at + 4) >= beforeMs) return;
      this.#drop(length.bytes);
    }
  }

  /** Copies of what there is of these streams. */
  packetsOf(streams: ReadonlySet<number>): RingPacket[] {
    const found: RingPacket[] = [];
    for (let position = this.#tail; position < this.#head; ) {
      const { bytes: length, real } = this.#lengthAt(position);
      const at = position % this.#bytes.length;
      position += length;
      if (!real || !streams.has(this.#bytes.readUInt32LE(at + 16))) continue;
      const path = this.#paths.get(this.#bytes.readUInt32LE(at + 12))?.path;
      if (path === undefined) continue;
      const end = at + HEAD_BYTES + this.#bytes.readUInt16LE(at + 20);
      found.push({
        ...path,
        atMs: this.#bytes.readDoubleLE(at + 4),
        data: Buffer.from(this.#bytes.subarray(at + HEAD_BYTES, end)),
      });
    }
    return found;
  }

  #lengthAt(position: number): { readonly bytes: number; readonly real: boolean } {
    const at = position % this.#bytes.length;
    const toEnd = this.#bytes.length - at;
    const length = toEnd < 4 ? 0 : this.#bytes.readUInt32LE(at);
    return length === 0 ? { bytes: toEnd, real: false } : { bytes: length, real: true };
  }

  /** Makes room for so many bytes from the head on. */
  #free(bytes: number): void {
    while (this.#head + bytes - this.#tail > this.#bytes.length) this.#drop(this.#lengthAt(this.#tail).bytes);
  }

  #drop(bytes: number): void {
    const at = this.#tail % this.#bytes.length;
    this.#bytes.fill(0, at, at + bytes);
    this.#tail += bytes;
  }
}
