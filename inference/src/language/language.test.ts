import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { identifyLanguage } from "./identify.ts";
import { matchIntent } from "./intent.ts";
import { featuresOf } from "./ngrams.ts";

describe("language by script", () => {
  test.each([
    ["我要转账", "zh"],
    ["我的App密码忘了", "zh"],
    ["转人工", "zh"],
    ["What is my limit?", "en"],
    ["I sent it to 张伟 yesterday by mistake", "en"],
  ])("%j is %s", (text, language) => {
    expect(identifyLanguage(text).language).toBe(language);
  });

  test("a text of marks and digits is anybody's guess, and another script is not ours", () => {
    expect(identifyLanguage("123 !?").probability).toBe(0.5);
    expect(identifyLanguage("Где моя карта").probability).toBeLessThan(0.3);
    expect(identifyLanguage("Where is my card").probability).toBeGreaterThan(0.9);
  });
});

describe("intent among examples", () => {
  const examples = [
    { intent: "limit", text: "What is my daily transfer limit?" },
    { intent: "limit", text: "How much can I transfer in a day" },
    { intent: "lost-card", text: "I lost my card" },
    { intent: "hours", text: "When are you open" },
  ];

  test("the nearest example names the intent, each intent once", () => {
    const matches = matchIntent("how much am I able to transfer each day", "en", examples);
    expect(matches[0]!.intent).toBe("limit");
    expect(matches[0]!.example).toBe("How much can I transfer in a day");
    expect(new Set(matches.map(({ intent }) => intent)).size).toBe(matches.length);
  });

  test("the example itself scores one, and something else hardly anything", () => {
    expect(matchIntent("I lost my card", "en", examples)[0]!.score).toBeCloseTo(1, 5);
    expect(matchIntent("zebra", "en", examples)[0]?.score ?? 0).toBeLessThan(0.2);
  });

  test("Chinese is matched by characters", () => {
    const zh = [
      { intent: "limit", text: "每天最多能转多少钱" },
      { intent: "lost-card", text: "我的卡丢了" },
    ];
    expect(matchIntent("卡不见了丢了", "zh", zh)[0]!.intent).toBe("lost-card");
  });

  test("scores lie in 0..1 for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.array(fc.string(), { maxLength: 5 }), (text, others) => {
        const all = others.map((other, at) => ({ intent: String(at), text: other }));
        for (const { score } of matchIntent(text, "en", all)) expect(score >= 0 && score <= 1).toBe(true);
      }),
    );
  });
});

test("features of a text of any length stay bounded", () => {
  expect(featuresOf("word ".repeat(5_000), "en").length).toBeLessThan(10_000);
  expect(featuresOf("字".repeat(5_000), "zh").length).toBeLessThan(2_000);
});
