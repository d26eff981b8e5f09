import fc from "fast-check";
import { expect, test } from "vitest";
import { ssmlOfChinese } from "./pinyin.ts";
import { voiceCommand } from "./voice.ts";

test.each([
  ["银行", "yin2 hang2"],
  ["还款日", "huan2 kuan3 ri4"],
  ["还有", "hai2 you3"],
  ["重置密码", "chong2 zhi4 mi4 ma3"],
  ["行长", "hang2 zhang3"],
  ["跨行转账", "kua4 hang2 zhuan3 zhang4"],
  ["转人工", "zhuan3 ren2 gong1"],
  ["开户行", "kai1 hu4 hang2"],
])("%s is read %s", (text, syllables) => {
  expect(ssmlOfChinese(text)).toBe(`<speak>${syllables}</speak>`);
});

test("English words go to the English voice, short capitals are spelt", () => {
  expect(ssmlOfChinese("请打开App或ATM。")).toBe(
    '<speak>qing3 da3 kai1 <voice xml:lang="en">App</voice> huo4 <voice xml:lang="en">A T M</voice>.</speak>',
  );
});

test("no text writes a tag of its own", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const command = voiceCommand({ text: `好${text}`, language: "zh", rate: 1 });
      const left = command!.input.replaceAll(/<\/?speak>|<voice xml:lang="en">|<\/voice>/g, "");
      expect(left).not.toMatch(/[<>&]/);
    }),
  );
});

test("the text is never an argument, and the rate stays within its limits", () => {
  const command = voiceCommand({ text: "--help; rm -rf /", language: "en", rate: 9 })!;
  expect(command.args.join(" ")).toBe("-v en-us -s 280 -b 1 --stdin --stdout -g 4 -p 60");
  expect(command.input).toContain("help");
});

test("a text with nothing to say starts no voice", () => {
  expect(voiceCommand({ text: " …!", language: "en", rate: 1 })).toBeNull();
  expect(voiceCommand({ text: "。？", language: "zh", rate: 1 })).toBeNull();
});
