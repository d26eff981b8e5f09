import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DtmfPacket, DtmfReceiver, DtmfSender, writeDtmfPayload } from "./dtmf-events.ts";

const payloadOf = (packet: DtmfPacket): Uint8Array => {
  const bytes = new Uint8Array(4);
  writeDtmfPayload(bytes, 0, packet);
  return bytes;
};
const receive = (receiver: DtmfReceiver, packet: DtmfPacket): string | null =>
  receiver.receive(packet, payloadOf(packet), { from: 0, to: 4 });

/** All packets of some keys, as the sender makes them. */
function packetsOf(keys: string, durationMs: number): DtmfPacket[][] {
  const sender = new DtmfSender();
  for (const key of keys) expect(sender.press(key, durationMs)).toBe(true);
  const all: DtmfPacket[][] = [];
  for (let ticks = 0xffff_f000; sender.busy; ticks += 160) {
    const packet = sender.tick(ticks >>> 0);
    if (packet === null) continue;
    if (packet.marker) all.push([]);
    all.at(-1)!.push(packet);
  }
  return all;
}

describe("sending", () => {
  it("lets one timestamp stand, the duration grow, and says the end three times", () => {
    const [packets] = packetsOf("5", 100);
    expect(packets!.map(({ durationTicks }) => durationTicks)).toEqual([160, 320, 480, 640, 800, 800, 800]);
    expect(packets!.map(({ ended }) => ended)).toEqual([false, false, false, false, true, true, true]);
    expect(packets!.map(({ marker }) => marker)).toEqual([true, false, false, false, false, false, false]);
    expect(new Set(packets!.map(({ timestampTicks }) => timestampTicks))).toEqual(new Set([0xffff_f000]));
    expect([...payloadOf(packets![4]!)]).toEqual([5, 0x80 | 10, 3, 32]);
  });

  it("leaves 60 ms between keys", () => {
    const keys = packetsOf("12", 100);
    const endOfFirst = keys[0]![0]!.timestampTicks + 7 * 160;
    expect((keys[1]![0]!.timestampTicks - endOfFirst) >>> 0).toBe((3 * 160) >>> 0);
  });

  it("refuses what is no key, and more than it can hold", () => {
    const sender = new DtmfSender();
    expect(sender.press("x", 100)).toBe(false);
    expect(sender.press("12", 100)).toBe(false);
    expect(sender.press("", 100)).toBe(false);
    for (let i = 0; i < 64; i++) expect(sender.press("1", 100)).toBe(true);
    expect(sender.press("1", 100)).toBe(false);
  });
});

describe("receiving", () => {
  it("tells a key at its first packet", () => {
    const receiver = new DtmfReceiver();
    expect(packetsOf("7", 100)[0]!.map((packet) => receive(receiver, packet))).toEqual([
      "7",
      ...new Array(6).fill(null),
    ]);
  });

  it("tells the same key pressed twice twice, even when all ends are lost", () => {
    const receiver = new DtmfReceiver();
    const kept = packetsOf("11", 100).flatMap((packets) => packets.slice(0, 3));
    expect(kept.map((packet) => receive(receiver, packet)).join("")).toBe("11");
  });

  it("hears a key of which only one end packet arrives", () => {
    const receiver = new DtmfReceiver();
    expect(
      packetsOf("9", 100)[0]!
        .slice(-1)
        .map((packet) => receive(receiver, packet)),
    ).toEqual(["9"]);
  });

  it("passes over a packet of an older key that was overtaken", () => {
    const receiver = new DtmfReceiver();
    const [first, second] = packetsOf("12", 100);
    const order = [...first!.slice(0, 6), ...second!.slice(0, 2), first![6]!, ...second!.slice(2)];
    expect(order.map((packet) => receive(receiver, packet) ?? "").join("")).toBe("12");
  });

  it("takes the segments of a very long press for one", () => {
    const receiver = new DtmfReceiver();
    const packet = { event: 1, ended: false, marker: false };
    expect(receive(receiver, { ...packet, timestampTicks: 1000, durationTicks: 160, marker: true })).toBe("1");
    expect(receive(receiver, { ...packet, timestampTicks: 1000, durationTicks: 0xffff })).toBeNull();
    expect(receive(receiver, { ...packet, timestampTicks: 1000 + 0xffff, durationTicks: 160 })).toBeNull();
  });

  it("forgives a sender whose timestamp runs along with the duration", () => {
    const receiver = new DtmfReceiver();
    const told = Array.from({ length: 8 }, (_, i) =>
      receive(receiver, {
        event: 3,
        ended: i === 7,
        marker: i === 0,
        timestampTicks: i * 160,
        durationTicks: (i + 1) * 160,
      }),
    );
    expect(told.filter((key) => key !== null)).toEqual(["3"]);
  });

  it("passes over flash and cut-off packets", () => {
    const receiver = new DtmfReceiver();
    expect(
      receive(receiver, { event: 16, ended: false, marker: true, timestampTicks: 0, durationTicks: 160 }),
    ).toBeNull();
    expect(
      receiver.receive({ marker: true, timestampTicks: 0 }, Uint8Array.of(1, 0, 0), { from: 0, to: 3 }),
    ).toBeNull();
  });
});

describe("over a bad line", () => {
  it("tells each key once, in order, whatever is lost, doubled or swapped within it", () => {
    const keys = fc.stringMatching(/^[0-9*#A-D]{1,12}$/);
    const fate = fc.array(fc.record({ lost: fc.boolean(), doubled: fc.boolean(), swapped: fc.boolean() }), {
      minLength: 40,
      maxLength: 40,
    });
    fc.assert(
      fc.property(keys, fc.integer({ min: 60, max: 400 }), fate, (pressed, durationMs, fates) => {
        const receiver = new DtmfReceiver();
        let told = "";
        packetsOf(pressed, durationMs).forEach((packets, k) => {
          // What arrives of a key is anything but nothing.
          const fateOf = (i: number): (typeof fates)[number] => fates[(k * 7 + i) % fates.length]!;
          let arriving = packets.filter((_, i) => !fateOf(i).lost);
          if (arriving.length === 0) arriving = packets.slice(-1);
          arriving = arriving.flatMap((packet, i) => (fateOf(i).doubled ? [packet, packet] : [packet]));
          for (let i = 1; i < arriving.length; i++) {
            if (fateOf(i).swapped) [arriving[i - 1], arriving[i]] = [arriving[i]!, arriving[i - 1]!];
          }
          for (const packet of arriving) told += receive(receiver, packet) ?? "";
        });
        expect(told).toBe(pressed);
      }),
      { numRuns: 300 },
    );
  });
});
