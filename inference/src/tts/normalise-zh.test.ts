import fc from "fast-check";
import { expect, test } from "vitest";
import { normaliseZh } from "./normalise-zh.ts";
import { cardinalZh } from "./numbers-zh.ts";

test.each([
  ["限额是5万元", "限额是五万元"],
  ["限额是50,000元", "限额是五万元"],
  ["手续费0.1%", "手续费百分之零点一"],
  ["9:00-17:00", "九点到十七点"],
  ["周六10:30开门", "周六十点半开门"],
  ["请拨打95588", "请拨打九五五八八"],
  ["400-123-4567", "四零零幺二三四五六七"],
  ["13812345678", "幺三八幺二三四五六七八"],
  ["尾号4821", "尾号四八二幺"],
  ["2026年11月23日", "二零二六年十一月二十三日"],
  ["2026-11-23", "二零二六年十一月二十三日"],
  ["3-5个工作日", "三到五个工作日"],
  ["2张卡", "两张卡"],
  ["第2步", "第二步"],
  ["按1转人工", "按一转人工"],
  ["￥1,234.56", "一千二百三十四点五六元"],
  ["20000元", "两万元"],
  ["24/7服务", "全天二十四小时服务"],
])("%j is spoken %j", (written, spoken) => {
  expect(normaliseZh(written)).toBe(spoken);
});

test.each([
  [0, "零"],
  [10, "十"],
  [19, "十九"],
  [105, "一百零五"],
  [1010, "一千零一十"],
  [2002, "两千零二"],
  [10_000, "一万"],
  [100_200, "十万零二百"],
  [200_000_000, "两亿"],
  [1_000_500_001, "十亿零五十万零一"],
])("%i is %s", (value, words) => {
  expect(cardinalZh(value)).toBe(words);
});

test("two numbers never sound the same", () => {
  const number = fc.integer({ min: 0, max: 9_999_999_999_999 });
  fc.assert(fc.property(number, number, (a, b) => void expect(cardinalZh(a) === cardinalZh(b)).toBe(a === b)));
});

test("nothing that is spoken holds a digit, a tag or a control character, whatever was written", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[-0-9:.,￥%元年月日<>&尾号]{0,40}$/)),
      (written) => {
        expect(normaliseZh(written)).not.toMatch(/[0-9<>\p{Cc}]/u);
      },
    ),
  );
});
