import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PacketRing } from "./packet-ring.ts";
import { PacketTap, packetRings } from "./packet-tap.ts";

const path = {
  ...{ outgoing: false, rtcp: false },
  ...{ local: { address: "192.0.2.9", port: 20_000 }, remote: { address: "192.0.2.1", port: 4000 } },
};
const packet = (stream: number, atMs: number, way: number, size = 100) => {
  const bytes = Buffer.alloc(size, atMs & 0xff);
  return { stream, path: way, atMs, bytes, length: size };
};

describe("the ring of packets", () => {
  it("gives back what was put in, by call, with its addresses and time", () => {
    const ring = new PacketRing(10_000);
    const way = ring.openPath(path);
    for (let i = 0; i < 10; i++) ring.add(packet(i % 2, 1000.5 + i, way));
    const odd = ring.packetsOf(new Set([1]));
    expect(odd.map((item) => item.atMs)).toEqual([1001.5, 1003.5, 1005.5, 1007.5, 1009.5]);
    expect(odd[0]).toMatchObject(path);
    expect(odd[0]!.data).toEqual(Buffer.alloc(100, 0xe9));
  });

  it("keeps the newest when it is full, of any length, and never more than its size", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 200 }), (sizes) => {
        const ring = new PacketRing(1000);
        const way = ring.openPath(path);
        sizes.forEach((size, i) => {
          ring.add(packet(1, i, way, size));
          expect(ring.usedBytes).toBeLessThanOrEqual(1000);
          const kept = ring.packetsOf(new Set([1]));
          expect(kept.map((item) => item.atMs)).toEqual(kept.map((_, k) => i - kept.length + 1 + k));
          expect(kept.at(-1)!.data.length).toBe(size);
          for (const item of kept) expect(item.data).toEqual(Buffer.alloc(sizes[item.atMs]!, item.atMs & 0xff));
        });
      }),
    );
  });

  it("lets go of what is too old", () => {
    const ring = new PacketRing(10_000);
    const way = ring.openPath(path);
    for (let i = 0; i < 10; i++) ring.add(packet(1, i, way));
    ring.trim(7);
    expect(ring.packetsOf(new Set([1])).map((item) => item.atMs)).toEqual([7, 8, 9]);
    ring.trim(100);
    expect(ring.usedBytes).toBe(0);
  });

  it("of size 0 it keeps nothing; a packet that is larger than the ring is passed over", () => {
    const none = new PacketRing(0);
    none.add(packet(1, 1, none.openPath(path)));
    expect(none.packetsOf(new Set([1]))).toEqual([]);
    const small = new PacketRing(100);
    small.add(packet(1, 1, small.openPath(path), 90));
    expect(small.packetsOf(new Set([1]))).toEqual([]);
  });

  it("a leg that was silent while thousands of others came and went is kept again", () => {
    const rings = packetRings({ rtp: 5000, rtcp: 0 });
    const [held, bytes] = [new PacketTap(rings, 1), Buffer.alloc(100)];
    const take = (tap: PacketTap, port: number): void =>
      tap.take({ outgoing: true, rtcp: false, atMs: port }, { bytes, length: 100 }, { address: "192.0.2.1", port });
    take(held, 1);
    for (let i = 0; i < 5000; i++) take(new PacketTap(rings, 2), i);
    expect(rings.rtp.packetsOf(new Set([1]))).toEqual([]);
    take(held, 1);
    expect(rings.rtp.packetsOf(new Set([1]))).toMatchObject([{ atMs: 1, remote: { port: 1 } }]);
  });

  it("many paths of calls long gone are forgotten", () => {
    const ring = new PacketRing(2000);
    let last = 0;
    for (let i = 0; i < 10_000; i++) {
      last = ring.openPath(path);
      ring.add(packet(i, i, last));
    }
    expect(ring.packetsOf(new Set([9999]))).toHaveLength(1);
  });
});
