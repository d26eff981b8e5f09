import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NONE_NOW, PromptBuffer } from "./prompt-buffer.ts";
import { WHOLE_FRAME } from "./timeline.ts";

interface Sent {
  readonly n: number;
  readonly arrivesMs: number;
}
interface Given {
  /** Number of the packet that the frame came from; null: a hole. */
  readonly n: number | null;
  readonly atMs: number;
}

const stream = (count: number, arrives: (n: number) => number | null): Sent[] =>
  Array.from({ length: count }, (_, n) => ({ n, arrivesMs: arrives(n) }))
    .filter((sent): sent is Sent => sent.arrivesMs !== null)
    .sort((a, b) => a.arrivesMs - b.arrivesMs);

/** Turns every 20 ms; `stall` is left out and then made up for, as the clock does. */
function listen(sent: readonly Sent[], untilMs: number, stall = { from: -1, to: -1 }): Given[] {
  const buffer = new PromptBuffer();
  const out = new Uint8Array(160);
  const given: Given[] = [];
  let next = 0;
  let turns = 0;
  for (let nowMs = 0; nowMs < untilMs; nowMs += 20) {
    turns++;
    if (nowMs >= stall.from && nowMs < stall.to) continue;
    for (; next < sent.length && sent[next]!.arrivesMs <= nowMs; next++) {
      const { n } = sent[next]!;
      const bytes = new Uint8Array(160).fill(1 + (n % 255));
      buffer.push((0xffff_f000 + n * 160) >>> 0, bytes, { from: 0, to: 160 }, nowMs);
    }
    buffer.beginTurn(turns);
    turns = 0;
    for (let there = buffer.next(out); there !== NONE_NOW; there = buffer.next(out)) {
      given.push({ n: there === WHOLE_FRAME ? out[0]! - 1 : null, atMs: nowMs });
    }
  }
  return given;
}
const numbers = (given: readonly Given[]): (number | null)[] => given.map(({ n }) => n);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

describe("a prompt buffer", () => {
  it("gives a frame in the turn after its packet came", () => {
    const given = listen(
      stream(200, (n) => n * 20 + 5),
      4010,
    );
    expect(numbers(given)).toEqual(upTo(200));
    for (const { n, atMs } of given) expect(atMs - (n! * 20 + 5)).toBeLessThan(20);
  });

  it("hears everything that jitter of up to 100 ms delays, in order", () => {
    let last = 0;
    const jittery = (n: number): number => {
      last = Math.max(last, n * 20 + ((n * 37) % 100)); // a queue: nothing overtakes
      return last;
    };
    expect(numbers(listen(stream(250, jittery), 5100))).toEqual(upTo(250));
  });

  it("loses nothing when the sender stalls for 100 ms", () => {
    expect(
      numbers(
        listen(
          stream(100, (n) => (n >= 50 && n < 55 ? 1105 : n * 20 + 5)),
          2010,
        ),
      ),
    ).toEqual(upTo(100));
  });

  it("loses nothing when our own process stalls for a second", () => {
    const given = listen(
      stream(200, (n) => n * 20 + 5),
      4010,
      { from: 1000, to: 2000 },
    );
    expect(numbers(given)).toEqual(upTo(200));
    expect(given.filter(({ atMs }) => atMs === 2000).length).toBeGreaterThan(45);
  });

  it("waits 40 ms for what was overtaken, and then goes on without it", () => {
    const swapped = listen(
      stream(100, (n) => (n === 50 ? 1035 : n * 20 + 5)),
      2010,
    );
    expect(numbers(swapped)).toEqual(upTo(100));
    const lost = listen(
      stream(100, (n) => (n === 50 ? null : n * 20 + 5)),
      2010,
    );
    expect(numbers(lost)).toEqual(upTo(100).map((n) => (n === 50 ? null : n)));
    expect(lost.at(-1)!.atMs).toBeLessThan(2010);
  });

  it("tells the silence of a peer that sends nothing, 120 ms behind, and its voice at once when it speaks again", () => {
    const given = listen(
      stream(200, (n) => (n >= 50 && n < 150 ? null : n * 20 + 5)),
      4010,
    );
    expect(given.filter(({ n, atMs }) => n === null && atMs < 2980).length).toBeGreaterThan(90);
    expect(numbers(given).filter((n) => n !== null)).toEqual(upTo(200).filter((n) => n < 50 || n >= 150));
    expect(given.length).toBe(200); // the media time is kept
    expect(given.findLast(({ n }) => n === 150)!.atMs).toBeLessThan(3005 + 60);
  });

  it("keeps media time near real time with clocks that differ", () => {
    for (const packetMs of [19.99, 20.01]) {
      const given = listen(
        stream(3000, (n) => n * packetMs + 5),
        3000 * packetMs,
      );
      expect(Math.abs(given.length - 3000)).toBeLessThan(8);
      expect(numbers(given).filter((n) => n === null).length).toBeLessThan(3);
    }
  });

  it("follows a sender whose timestamps leap", () => {
    const buffer = new PromptBuffer();
    const out = new Uint8Array(160);
    let heard = 0;
    for (let n = 0; n < 100; n++) {
      const base = n < 50 ? 0 : 80_000_000;
      buffer.push(base + n * 160, new Uint8Array(160).fill(9), { from: 0, to: 160 }, n * 20);
      buffer.beginTurn(1);
      for (let there = buffer.next(out); there !== NONE_NOW; there = buffer.next(out))
        if (there === WHOLE_FRAME) heard++;
    }
    expect(heard).toBe(100);
  });

  it("never gives without end, whatever comes", () => {
    const packet = fc.record({
      ticks: fc.integer({ min: 0, max: 60_000 }),
      length: fc.integer({ min: 0, max: 600 }),
      turns: fc.integer({ min: 0, max: 8 }),
    });
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 80 }), (packets) => {
        const buffer = new PromptBuffer();
        const out = new Uint8Array(160);
        let nowMs = 0;
        let owed = 0;
        let given = 0;
        for (const { ticks, length, turns } of packets) {
          buffer.push(ticks, new Uint8Array(length).fill(1), { from: 0, to: length }, nowMs);
          for (let turn = 0; turn < turns; turn++, nowMs += 20) {
            buffer.beginTurn(1);
            owed++;
            for (let there = buffer.next(out); there !== NONE_NOW; there = buffer.next(out)) given++;
          }
        }
        expect(given).toBeLessThanOrEqual(owed + packets.length * 110);
        expect(buffer.bufferedMs).toBeLessThanOrEqual(2048);
      }),
    );
  });
});
