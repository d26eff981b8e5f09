import { expect, test } from "vitest";
import { drawTable } from "./table.ts";

test("each figure stands on its own line, beside what it is held against", () => {
  const text = drawTable([
    { name: "VAD", figures: { "ms per frame p50": 0.1234, frames: 12000 }, peer: "limit 0.2 ms" },
  ]);
  expect(text).toMatch(/VAD\n {2}ms per frame p50 +0\.123\n {2}frames +12,000\n {2}beside: limit 0\.2 ms/);
});
