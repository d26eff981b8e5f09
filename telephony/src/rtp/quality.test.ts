import { describe, expect, it } from "vitest";
import { type LineState, type QualityCounters, QualityWatch } from "./quality.ts";

const codec = { name: "PCMA", ptimeMs: 20 } as const;
const zero: QualityCounters = {
  ...{ packetsIn: 0, lostIn: 0, lateIn: 0, packetsOut: 0, reported: null, emptyReports: 0, roundTripMs: null },
  ...{ jitterIn: { sumMs: 0, count: 0, maxMs: 0 }, rtcpSent: true },
};
const line = (change: Partial<LineState>): LineState => ({
  ...{ up: true, receiving: true, sending: true, resting: false, lastInMs: 0, lastOutMs: 0 },
  ...change,
});

describe("figures", () => {
  it("each interval has its own loss and jitter, the whole has the sum", () => {
    const watch = new QualityWatch(0);
    const first = { ...zero, packetsIn: 240, lostIn: 10, jitterIn: { sumMs: 1200, count: 240, maxMs: 9 } };
    const second = { ...first, packetsIn: 490, jitterIn: { sumMs: 1450, count: 490, maxMs: 9 }, roundTripMs: 30 };
    watch.sample(5000, first, codec);
    watch.sample(10_000, second, codec);
    const report = watch.report(second, codec).in;
    expect(report.samples.map((item) => [item.packets, item.lost, item.jitterMs])).toEqual([
      [240, 10, 5],
      [250, 0, 1],
    ]);
    expect(report.samples[0]!.mos!).toBeLessThan(report.samples[1]!.mos!);
    expect(report.lossFraction).toBeCloseTo(10 / 500);
    expect(report.jitterMs).toBeCloseTo(1450 / 490);
    expect(report.roundTripMs).toBe(30);
    expect(report.unknownBecause).toBe("");
  });

  it("says why a figure is not known", () => {
    const watch = new QualityWatch(0);
    expect(watch.report(zero, codec)).toMatchObject({
      in: { mos: null, unknownBecause: "no audio came" },
      out: { mos: null, unknownBecause: "no audio was sent" },
    });
    const mute = { ...zero, packetsIn: 100, packetsOut: 100 };
    expect(watch.report(mute, codec).out).toMatchObject({ mos: null, unknownBecause: /sends no RTCP/ });
    expect(watch.report(mute, codec).in.unknownBecause).toMatch(/round trip is unknown/);
    expect(watch.report(mute, codec).in.mos).toBeGreaterThan(4);
    const told = { ...mute, reported: { count: 2, lost: 5, jitterSumMs: 8, maxJitterMs: 5 }, roundTripMs: 20 };
    expect(watch.report(told, codec).out).toMatchObject({ jitterMs: 4, lossFraction: 0.05, unknownBecause: "" });
    expect(watch.report(told, codec).out.mos).toBeLessThan(4.2);
  });

  it("looks twice a second and ends an interval every five", () => {
    const watch = new QualityWatch(1000);
    for (let nowMs = 1000; nowMs <= 21_000; nowMs += 20) {
      if (watch.isDue(nowMs)) watch.look({ nowMs, unixMs: 1e12 + nowMs }, line({ lastInMs: nowMs }), zero, codec);
    }
    const times = watch.report(zero, codec).in.samples.map((item) => item.atMs - 1e12);
    expect(times).toHaveLength(4);
    times.forEach((at, i) => {
      expect(Math.abs(at - 6000 - 5000 * i)).toBeLessThan(600);
    });
  });

  it("a call of days keeps no more than 4000 intervals", () => {
    const watch = new QualityWatch(0);
    for (let i = 0; i < 5000; i++) watch.sample(i, zero, codec);
    expect(watch.report(zero, codec).in.samples).toHaveLength(4000);
  });
});

describe("one way", () => {
  const run = (states: readonly { at: number; line: LineState; empty?: number }[]): string => {
    const watch = new QualityWatch(0);
    for (const { at, line: state, empty } of states) watch.watch(at, state, empty ?? 0);
    return watch.report(zero, codec).oneWaySide;
  };

  it("nothing comes for more than two seconds after the answer", () => {
    const silent = { line: line({ lastInMs: Number.NEGATIVE_INFINITY, lastOutMs: 9e9 }) };
    expect(run([1000, 2000, 3000].map((at) => ({ at, ...silent })))).toBe("");
    expect(run([1000, 2000, 3100].map((at) => ({ at, ...silent })))).toBe("in");
  });

  it("what comes after it is no excuse, what came before the answer does not count", () => {
    const ringing = { at: 1000, line: line({ up: false }) };
    const up = { at: 10_000, line: line({ lastInMs: 500, lastOutMs: 9e9 }) };
    const late = { at: 12_500, line: line({ lastInMs: 500, lastOutMs: 9e9 }) };
    const heard = { at: 13_000, line: line({ lastInMs: 13_000, lastOutMs: 9e9 }) };
    expect(run([ringing, up])).toBe("");
    expect(run([ringing, up, late, heard])).toBe("in");
  });

  it("hold, comfort noise and a peer that only listens are no one-way audio", () => {
    const times = [1000, 5000, 9000];
    const with_ = (change: Partial<LineState>) =>
      times.map((at) => ({ at, line: line({ lastOutMs: 9e9, ...change }) }));
    expect(run(with_({ receiving: false }))).toBe("");
    expect(run(with_({ resting: true }))).toBe("");
    expect(run(with_({ receiving: false, sending: false, lastOutMs: 0 }))).toBe("");
    expect(run(with_({}))).toBe("in");
  });

  it("we send nothing, or the peer's reports keep saying that nothing arrives", () => {
    const times = [1000, 2000, 3500];
    expect(run(times.map((at) => ({ at, line: line({ lastInMs: at, lastOutMs: 0 }) })))).toBe("out");
    const reports = times.map((at, i) => ({ at, line: line({ lastInMs: at, lastOutMs: at }), empty: i + 1 }));
    expect(run(reports)).toBe("out");
    expect(run(reports.map((item) => ({ ...item, empty: 1 })))).toBe("");
  });
});
