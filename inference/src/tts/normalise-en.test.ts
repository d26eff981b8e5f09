import fc from "fast-check";
import { expect, test } from "vitest";
import { normaliseEn } from "./normalise-en.ts";
import { cardinalEn, ordinalEn, yearEn } from "./numbers-en.ts";

test.each([
  ["Your limit is 50,000 pounds.", "Your limit is fifty thousand pounds."],
  ["It is £50,000.50.", "It is fifty thousand pounds and fifty pence."],
  ["$1 and $1.2m", "one dollar and one point two million dollars"],
  ["Open 9:00-17:00.", "Open nine a m to five p m."],
  ["10am - 4pm", "ten a m to four p m"],
  ["We are there 24/7.", "We are there twenty-four hours a day, seven days a week."],
  ["at 12:05 a.m. or 17:30", "at twelve oh five a m or five thirty p m"],
  ["on 2026-11-23", "on November twenty-third, twenty twenty-six"],
  ["March 14, 2026", "March fourteenth, twenty twenty-six"],
  ["Call 0800 123 4567", "Call zero eight zero zero, one two three, four five six seven"],
  ["Call +44 20 7946", "Call plus four four, two zero, seven nine four six"],
  ["1.5% a year", "one point five percent a year"],
  ["3-5 working days", "three to five working days"],
  ["card ending 4821", "card ending four eight two one"],
  ["your code 004217", "your code zero zero four two one seven"],
  ["press 1", "press one"],
  ["the 22nd", "the twenty-second"],
  ["help@bank.example", "help at bank dot example"],
])("%j is spoken %j", (written, spoken) => {
  expect(normaliseEn(written)).toBe(spoken);
});

test("numbers, ordinals and years in words", () => {
  expect(cardinalEn(1_000_001)).toBe("one million and one");
  expect(cardinalEn(115)).toBe("one hundred and fifteen");
  expect([1, 3, 12, 20, 45].map(ordinalEn)).toEqual(["first", "third", "twelfth", "twentieth", "forty-fifth"]);
  expect([1999, 2005, 2026, 1900].map(yearEn)).toEqual([
    "nineteen ninety-nine",
    "two thousand and five",
    "twenty twenty-six",
    "nineteen hundred",
  ]);
});

test("two numbers never sound the same", () => {
  const number = fc.integer({ min: 0, max: 999_999_999_999_999 });
  fc.assert(fc.property(number, number, (a, b) => void expect(cardinalEn(a) === cardinalEn(b)).toBe(a === b)));
});

test("nothing that is spoken holds a digit, a tag or a control character, whatever was written", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[-0-9:.,$%£+ /apm<>&]{0,40}$/)),
      (written) => {
        expect(normaliseEn(written)).not.toMatch(/[0-9<>\p{Cc}]/u);
      },
    ),
  );
});
