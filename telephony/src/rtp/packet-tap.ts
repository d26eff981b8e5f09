/** Where one leg's packets go for captures: RTCP into one ring, RTP into another, so that the many do not drive out the few. */
import { PacketRing } from "./packet-ring.ts";
import type { RtpAddress } from "./rtp-endpoint.ts";

const MAX_WAYS = 32;

export interface PacketRings {
  readonly rtp: PacketRing;
  readonly rtcp: PacketRing;
}
export const packetRings = (bytes: { readonly rtp: number; readonly rtcp: number }): PacketRings => ({
  rtp: new PacketRing(bytes.rtp),
  rtcp: new PacketRing(bytes.rtcp),
});

/** A packet of RTCP as it passed. */
export interface TappedReport {
  readonly atMs: number;
  readonly out: boolean;
  readonly local: RtpAddress;
  readonly remote: RtpAddress;
  readonly data: Buffer;
}

interface Way {
  readonly address: string;
  readonly port: number;
  readonly id: number;
}

export class PacketTap {
  readonly stream: number;
  readonly #rings: PacketRings;
  readonly #last: (Way | null)[] = [null, null, null, null];
  readonly #ways = new Map<string, Way>();
  readonly #onReport: ((report: TappedReport) => void) | undefined;
  #local: RtpAddress = { address: "", port: 0 };

  constructor(rings: PacketRings, stream: number, onReport?: (report: TappedReport) => void) {
    this.#rings = rings;
    this.stream = stream;
    this.#onReport = onReport;
  }

  /** Where the leg's RTP is; its RTCP is one above. */
  bind(local: RtpAddress): void {
    this.#local = local;
  }

  take(
    packet: { readonly outgoing: boolean; readonly rtcp: boolean; readonly atMs: number },
    from: { readonly bytes: Uint8Array; readonly length: number },
    remote: RtpAddress,
  ): void {
    const { rtcp, outgoing, atMs } = packet;
    const ring = rtcp ? this.#rings.rtcp : this.#rings.rtp;
    const { bytes, length } = from;
    if (rtcp && this.#onReport !== undefined) {
      const local = { address: this.#local.address, port: this.#local.port + 1 };
      this.#onReport({ atMs, out: outgoing, local, remote, data: Buffer.from(bytes.subarray(0, length)) });
    }
    const way = this.#way(ring, { outgoing, rtcp }, remote);
    if (ring.add({ stream: this.stream, path: way.id, atMs, bytes, length })) return;
    // The leg was silent for so long that all it had said has left the ring.
    this.#ways.clear();
    this.#last.fill(null);
    ring.add({ stream: this.stream, path: this.#way(ring, { outgoing, rtcp }, remote).id, atMs, bytes, length });
  }

  #way(ring: PacketRing, kind: { readonly outgoing: boolean; readonly rtcp: boolean }, remote: RtpAddress): Way {
    const slot = (kind.outgoing ? 1 : 0) + (kind.rtcp ? 2 : 0);
    const last = this.#last[slot];
    if (last != null && last.port === remote.port && last.address === remote.address) return last;
    const key = `${slot} ${remote.port} ${remote.address}`;
    let way = this.#ways.get(key);
    if (way === undefined) {
      if (this.#ways.size >= MAX_WAYS) this.#ways.clear();
      const { address, port } = remote;
      const local = { address: this.#local.address, port: this.#local.port + (kind.rtcp ? 1 : 0) };
      way = { address, port, id: ring.openPath({ ...kind, local, remote: { address, port } }) };
      this.#ways.set(key, way);
    }
    this.#last[slot] = way;
    return way;
  }
}
