import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addLatency, noLatencies, percentile } from "./model-state.ts";
import { isSafeSource, manifestOf, parsePackCard } from "./pack.ts";
import { builtInPacksFolder, readPacks, verifyPack } from "./pack-store.ts";

const card = {
  id: "x",
  version: "1",
  task: "asr",
  format: "moonshine-v1",
  languages: ["zh"],
  engine: "onnxruntime",
  licence: "MIT",
  attribution: "",
  description: "",
  files: [{ role: "model", from: "a.onnx", sha256: "0".repeat(64) }],
  scores: [],
};

describe("a pack's card", () => {
  test("is refused by the field that is wrong", () => {
    expect(parsePackCard("{")).toMatchObject({ type: "faulty", problem: expect.stringContaining("not JSON") });
    expect(parsePackCard(JSON.stringify({ ...card, task: "magic" }))).toMatchObject({
      problem: expect.stringContaining("task"),
    });
    const badHash = { ...card, files: [{ ...card.files[0], sha256: "abc" }] };
    expect(parsePackCard(JSON.stringify(badHash))).toMatchObject({
      problem: expect.stringContaining("files.0.sha256"),
    });
  });

  test.each(["../a", "/etc/passwd", "a/../../b", "npm:../x", "a//b", "a\\b"])("may not name the file %j", (from) => {
    expect(isSafeSource(from)).toBe(false);
    expect(parsePackCard(JSON.stringify({ ...card, files: [{ ...card.files[0], from }] })).type).toBe("faulty");
  });

  test("no text makes the reader throw", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parsePackCard(text)));
  });

  test("its manifest does not depend on the order of the files", () => {
    const [a, b] = [
      { role: "a", from: "a", sha256: "1".repeat(64) },
      { role: "b", from: "b", sha256: "2".repeat(64) },
    ];
    expect(manifestOf({ files: [a, b] })).toBe(manifestOf({ files: [b, a] }));
  });
});

test("every built-in pack is readable and its files are those of the card", async () => {
  const { packs, faulty } = readPacks(builtInPacksFolder, true);
  expect(faulty).toEqual([]);
  expect(packs.map((pack) => pack.card.id)).toEqual(
    expect.arrayContaining(["silero-vad-v6", "moonshine-base-en", "espeak-ng", "text-emotion-en", "text-emotion-zh"]),
  );
  for (const pack of packs) expect((await verifyPack(pack)).type).toBe("ok");
});

test("p95 of the latencies is of the last ones, the count of all", () => {
  let latencies = noLatencies;
  for (let ms = 0; ms < 1000; ms++) latencies = addLatency(latencies, ms);
  expect(latencies.runs).toBe(1000);
  expect(percentile(latencies.recentMs, 0.5)).toBeGreaterThan(700);
  expect(percentile([], 0.95)).toBe(0);
});
