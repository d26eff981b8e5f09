import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { traceWords } from "./trace-words.ts";

test("notes are told in Chinese with their values, several in one, and kept where they are not known", () => {
  expect(traceWords("PCMU is spoken: not the first choice of the offer", "zh")).toBe("用 PCMU：不是提议的首选");
  expect(
    traceWords(
      "offer: audio at another address than the signalling (10.0.0.1); answer: no address, an old way to hold (RFC 2543)",
      "zh",
    ),
  ).toBe("提议的语音地址与信令地址（10.0.0.1）不同；应答没有地址：旧式的保持（RFC 2543）");
  expect(traceWords("something new", "zh")).toBe("something new");
  expect(traceWords("port 0: the audio stream is refused", "en")).toBe("port 0: the audio stream is refused");
});

test("every note of the appliance has its Chinese words", () => {
  const file = path.join(import.meta.dirname, "../../../../appliance/src/telephony/trace/sdp-exchange.ts");
  const source = readFileSync(file, "utf8");
  const notes = [...source.matchAll(/(?:return|\?|:|\? )\s*"([a-zA-Z][^"]{12,})"/g)].map((match) => match[1] ?? "");
  expect(notes.length).toBeGreaterThan(10);
  expect(notes.filter((note) => traceWords(note, "zh") === note)).toEqual([]);
});
