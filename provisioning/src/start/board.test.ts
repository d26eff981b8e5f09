import { expect, test } from "vitest";
import { type BoardFacts, drawBoard } from "./board.ts";

const facts: BoardFacts = {
  siteName: "恒山银行",
  home: "/srv/intramuros",
  consoleAddress: "http://127.0.0.1:8080/",
  setupCode: "ABCD-EFGH",
  sipListen: ["udp:auto:5060"],
  health: [
    { name: "sip", alive: true, ready: true, problems: [] },
    { name: "telephony", alive: true, ready: false, problems: ["no set-up yet"] },
    { name: "inference", alive: false, ready: false, problems: [] },
  ],
  models: [
    { id: "silero-vad", state: "ready" },
    { id: "asr-zh", state: "missing" },
  ],
  live: null,
  readyAfterMs: null,
};

test("the board says which process is not there and what another complains of", () => {
  const text = drawBoard(facts).join("\n");
  expect(text).toContain("starting");
  expect(text).toMatch(/● sip +ready/);
  expect(text).toMatch(/◐ telephony +not ready {2}no set-up yet/);
  expect(text).toMatch(/○ inference +not answering/);
});

test("the set-up code is shown until the first administrator exists", () => {
  expect(drawBoard(facts).join("\n")).toContain("ABCD-EFGH");
  expect(drawBoard({ ...facts, setupCode: null }).join("\n")).not.toContain("one-time code");
});

test("a model that is not ready carries its state", () => {
  expect(drawBoard(facts).join("\n")).toContain("silero-vad, asr-zh (missing)");
});

test("all processes ready makes the board ready, with the time it took", () => {
  const health = facts.health.map((process) => ({ ...process, alive: true, ready: true }));
  expect(drawBoard({ ...facts, health, readyAfterMs: 6400 })[0]).toContain("ready after 6.4 s");
});
